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
}

export function isTranslatable(endpoint: BodyEndpoint): endpoint is TranslatedEndpoint {
  return endpoint === 'chat.completions' || endpoint === 'messages' || endpoint === 'responses';
}

/** Thinking blocks are for clients that know of them. */
export function asksForThinking({ body }: ParsedRequest): boolean {
  const type = stringAt(objectAt(body, 'thinking'), 'type');
  return type !== undefined && type !== 'disabled';
}
