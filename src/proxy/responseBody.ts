import type { UpstreamFailed } from './upstreamFailed.ts';

/** What a body tells the connection it comes from. */
export interface BodySource {
  pause(): void;
  resume(): void;
  /** The reader has had enough. */
  abort(): void;
}

/**
 * A response body between a connection that pushes and one reader that pulls. What has come in since the last pull is
 * handed over as one piece: the bytes are the same, and a flood of small chunks costs one turn and not one each.
 */
export interface ResponseBody extends AsyncIterable<Uint8Array> {
  push(chunk: Buffer): void;
  end(): void;
  fail(error: UpstreamFailed): void;
}

/** A reader that is this far behind stops the connection. */
const highWaterBytes = 1024 * 1024;

interface Waiting {
  resolve(result: IteratorResult<Uint8Array, undefined>): void;
  reject(error: UpstreamFailed): void;
}

export function createResponseBody(source: BodySource): ResponseBody {
  let queued: Buffer[] = [];
  let queuedBytes = 0;
  let paused = false;
  let ended = false;
  let failed: UpstreamFailed | undefined;
  let waiting: Waiting | undefined;

  const take = (): IteratorResult<Uint8Array, undefined> => {
    const value = queued.length === 1 && queued[0] !== undefined ? queued[0] : Buffer.concat(queued, queuedBytes);
    queued = [];
    queuedBytes = 0;
    if (paused) {
      paused = false;
      source.resume();
    }
    return { done: false, value };
  };
  const wake = (): void => {
    const reader = waiting;
    if (reader === undefined) return;
    waiting = undefined;
    if (queued.length > 0) reader.resolve(take());
    else if (failed !== undefined) reader.reject(failed);
    else reader.resolve({ done: true, value: undefined });
  };

  const iterator: AsyncIterator<Uint8Array, undefined> = {
    next() {
      if (queued.length > 0) return Promise.resolve(take());
      if (failed !== undefined) return Promise.reject(failed);
      if (ended) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    return() {
      if (!ended && failed === undefined) source.abort();
      return Promise.resolve({ done: true, value: undefined });
    },
  };

  return {
    [Symbol.asyncIterator]: () => iterator,
    push(chunk) {
      queued.push(chunk);
      queuedBytes += chunk.length;
      if (queuedBytes > highWaterBytes && !paused) {
        paused = true;
        source.pause();
      }
      // In a later microtask, so that chunks of one read are handed over together.
      if (waiting !== undefined && queued.length === 1) queueMicrotask(wake);
    },
    end() {
      ended = true;
      if (queued.length === 0) wake();
    },
    fail(error) {
      failed = error;
      if (queued.length === 0) wake();
    },
  };
}
