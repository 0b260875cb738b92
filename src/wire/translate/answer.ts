import type { Usage } from '../../catalog/usage.ts';
import type { WireError } from '../errorBody.ts';
import type { TextPart, ThinkingPart } from './conversation.ts';

/** What a reply says, whichever dialect it is written in. */
export interface Answer {
  readonly id: string;
  readonly model: string;
  readonly parts: readonly AnswerPart[];
  readonly finish: AnswerFinish;
  /** The sequence that ended it, where the provider says which. */
  readonly stopSequence?: string;
  /** Why the model refused. */
  readonly refusal?: string;
  readonly usage?: Usage;
}

export type AnswerPart = TextPart | ThinkingPart | AnswerCall;

export interface AnswerCall {
  readonly kind: 'toolCall';
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
}

export type AnswerFinish = 'stop' | 'stopSequence' | 'length' | 'context' | 'toolUse' | 'refusal';

/**
 * One step of a streamed answer. Parts come one after the other: what follows a `callStart` belongs to that call until
 * another part begins.
 */
export type AnswerEvent =
  | { readonly kind: 'start'; readonly id: string; readonly model: string; readonly usage?: Usage }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  /** Ends the thinking before it. */
  | { readonly kind: 'signature'; readonly signature: string }
  | { readonly kind: 'redacted'; readonly data: string }
  | { readonly kind: 'callStart'; readonly id: string; readonly name: string }
  | { readonly kind: 'callInput'; readonly json: string }
  | { readonly kind: 'refusal'; readonly text: string }
  | {
      readonly kind: 'finish';
      readonly finish: AnswerFinish;
      readonly stopSequence?: string;
      readonly usage?: Usage;
    }
  /** Everything has been said. */
  | { readonly kind: 'end' }
  /** The upstream lives, and has nothing to say. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'error'; readonly error: WireError };

/** Reads one upstream's stream, event by event. */
export interface AnswerReader {
  take(name: string | undefined, data: string): AnswerEvent[];
  /** The stream has closed where its answer was complete: what was held back until more is known. */
  close(): AnswerEvent[];
}

/** Writes the client's stream: the bytes of whole events. */
export interface AnswerWriter {
  write(event: AnswerEvent): readonly Uint8Array[];
}
