import { objectAt, stringAt } from '../json.ts';
import type { BodyEndpoint, ParsedRequest } from '../parsedRequest.ts';
import type { ChatTarget } from './writeChatRequest.ts';
import type { MessagesTarget } from './writeMessagesRequest.ts';

/** Endpoints whose requests can be written in another dialect. */
export type TranslatedEndpoint = Extract<BodyEndpoint, 'chat.completions' | 'messages' | 'responses'>;

/** Whom a request is written for. */
export type TranslationTarget =
  | ({ readonly endpoint: 'chat.completions' } & Omit<ChatTarget, 'stream'>)
  | ({ readonly endpoint: 'messages' } & Omit<MessagesTarget, 'stream'>);

/** What an answer is read as, and written for. */
export interface Reading {
  /** The client's own request. */
  readonly request: ParsedRequest;
  readonly endpoint: TranslatedEndpoint;
  /** The upstream's endpoint. */
  readonly from: TranslationTarget['endpoint'];
  /** Seconds since the epoch. */
  readonly createdAt: number;
  /**
   * Reasoning is told. Not to clients that would send it back to a provider of their own dialect, which takes only what it
   * has signed itself, nor to Anthropic's that have not asked for it.
   */
  readonly showsThinking: boolean;
}

export function isTranslatable(endpoint: BodyEndpoint): endpoint is TranslatedEndpoint {
  return endpoint === 'chat.completions' || endpoint === 'messages' || endpoint === 'responses';
}

/** Whether a client knows what to do with reasoning. OpenAI's have a field to ignore, Anthropic's have to ask. */
export function expectsThinking({ endpoint, body }: ParsedRequest): boolean {
  if (endpoint !== 'messages') return true;
  const type = stringAt(objectAt(body, 'thinking'), 'type');
  return type !== undefined && type !== 'disabled';
}
