import type { Encoding } from './encodings.ts';

export interface CountRequest {
  readonly id: number;
  readonly encoding: Encoding;
  readonly texts: readonly string[];
}

export type CountReply =
  | { readonly id: number; readonly counts: readonly number[] }
  | { readonly id: number; readonly failure: string };

/** The thread that counts, as the counter sees it. Made by `spawnTokenWorker`. */
export interface TokenWorker {
  send(request: CountRequest): void;
  onReply(listener: (reply: CountReply) => void): void;
  /** Told once, when the thread has ended without being asked to. */
  onEnd(listener: (reason: string) => void): void;
  /** Whether the thread keeps the process alive: while something is being counted. */
  hold(held: boolean): void;
  terminate(): Promise<void>;
}

export function isCountReply(message: unknown): message is CountReply {
  if (typeof message !== 'object' || message === null || !('id' in message) || typeof message.id !== 'number')
    return false;
  if ('failure' in message) return typeof message.failure === 'string';
  return (
    'counts' in message && Array.isArray(message.counts) && message.counts.every((count) => Number.isInteger(count))
  );
}

export function isCountRequest(message: unknown): message is CountRequest {
  if (typeof message !== 'object' || message === null || !('id' in message) || typeof message.id !== 'number')
    return false;
  if (!('encoding' in message) || (message.encoding !== 'o200k' && message.encoding !== 'cl100k')) return false;
  return 'texts' in message && Array.isArray(message.texts) && message.texts.every((text) => typeof text === 'string');
}
