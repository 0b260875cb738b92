import type { AttemptRow } from '../ledger/rows.ts';
import type { BodyEndpoint } from '../wire/parsedRequest.ts';

/** How a stream ended. */
export interface StreamEnd {
  /** What is left to be told, the same for every client. */
  readonly rest: Uint8Array;
  /** Undefined for a stream that reached its end; else the class of the error. */
  readonly errorClass?: string;
  /** The attempt's row, where its cost is known at the end. */
  readonly row?: AttemptRow;
}

/** A stream that several clients read, each from its beginning and at its own pace. */
export interface LiveStream {
  readonly endpoint: BodyEndpoint;
  /** As JSON text: clients that asked for other events cannot share them. */
  readonly streamOptions: string;
  readonly provider: string;
  readonly model: string;
  /**
   * @param last the client's own last bytes
   * @param onLeft called once when the client has gone before the end
   */
  read(last: (end: StreamEnd) => Uint8Array, onLeft: () => void): AsyncIterable<Uint8Array>;
}

/** `stream_options` of a request body, for comparison. */
export function streamOptionsOf(body: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(body.stream_options ?? null);
}

/**
 * Shares a stream. The quickest reader draws it, and nobody waits for a slower one; what has been read stays in memory until
 * the last reader has it, because one may still join. A reader that goes takes nothing away from the others.
 * @param draw the next piece, never empty; at the end, how it ended
 */
export function createLiveStream(
  about: Omit<LiveStream, 'read'>,
  draw: () => Promise<Uint8Array | StreamEnd>,
): LiveStream {
  const pieces: Uint8Array[] = [];
  let end: StreamEnd | undefined;
  let drawing: Promise<void> | undefined;

  const advance = (): Promise<void> => {
    drawing ??= draw()
      .then((drawn) => {
        if (drawn instanceof Uint8Array) pieces.push(drawn);
        else end = drawn;
      })
      .finally(() => {
        drawing = undefined;
      });
    return drawing;
  };

  return {
    ...about,
    read(last, onLeft) {
      let index = 0;
      let isOver = false;
      const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
        while (!isOver) {
          const piece = pieces[index];
          if (piece !== undefined) {
            index += 1;
            return { done: false, value: piece };
          }
          if (end === undefined) {
            await advance();
            continue;
          }
          isOver = true;
          const value = last(end);
          if (value.byteLength > 0) return { done: false, value };
        }
        return { done: true, value: undefined };
      };
      const leave = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
        if (!isOver) {
          isOver = true;
          onLeft();
        }
        return { done: true, value: undefined };
      };
      return { [Symbol.asyncIterator]: () => ({ next, return: leave }) };
    },
  };
}
