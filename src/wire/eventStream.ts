import type { JsonObject } from './json.ts';
import type { ReplyFacts } from './replyFacts.ts';

/**
 * One endpoint's stream of events, read beside the bytes that pass through. `take` runs for every event of every
 * stream, so it looks at text and parses only what it must; the rest is parsed when somebody asks for it.
 */
export interface EventStream {
  take(event: string | undefined, data: string): void;
  /** An event with content has been seen: from here on the answer belongs to this upstream. */
  readonly contentStarted: boolean;
  /** A terminal event has been seen: what ends after it ended well. */
  readonly ended: boolean;
  /** The provider's own error event. */
  readonly error: JsonObject | undefined;
  facts(): ReplyFacts;
  /** The JSON reply that the events add up to; undefined where they do not, or hold what cannot be put together. */
  reply(): JsonObject | undefined;
  /** All text generated so far, reasoning and tool arguments included: what an aborted answer is counted by. */
  generatedText(): string;
}

/** Parsing is put off until this many characters of events are waiting, so that a long stream is not kept whole. */
const maxPendingChars = 256 * 1024;

export interface PendingEvents {
  push(data: string): void;
  /** Folds what is waiting. */
  settle(): void;
}

/** Keeps events unparsed until they are asked for, or are too many. */
export function createPendingEvents(fold: (data: string) => void): PendingEvents {
  let waiting: string[] = [];
  let chars = 0;
  const settle = (): void => {
    const events = waiting;
    waiting = [];
    chars = 0;
    for (const data of events) fold(data);
  };
  return {
    settle,
    push(data) {
      waiting.push(data);
      chars += data.length;
      if (chars > maxPendingChars) settle();
    },
  };
}
