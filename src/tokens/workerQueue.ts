import type { Encoding } from './encodings.ts';
import { TokenCounterClosed, TokenWorkerFailed } from './errors.ts';
import type { CountReply, CountRequest, TokenWorker } from './tokenWorker.ts';

interface Pending {
  readonly request: CountRequest;
  readonly resolve: (counts: readonly number[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends texts to a worker that is started with the first of them. When it ends by itself it is started once more and asked
 * again; when it ends on the second try too, what was asked is rejected and the next question starts afresh.
 */
export interface WorkerQueue {
  count(encoding: Encoding, texts: readonly string[]): Promise<readonly number[]>;
  close(): Promise<void>;
}

export function createWorkerQueue(spawnWorker: () => TokenWorker): WorkerQueue {
  const pending = new Map<number, Pending>();
  let worker: TokenWorker | undefined;
  let nextId = 1;
  let restarted = false;
  let closed = false;

  const rejectAll = (error: Error): void => {
    const rejected = [...pending.values()];
    pending.clear();
    for (const { reject } of rejected) reject(error);
  };
  const onReply = (reply: CountReply): void => {
    const asked = pending.get(reply.id);
    pending.delete(reply.id);
    restarted = false;
    if (pending.size === 0) worker?.hold(false);
    if ('failure' in reply) asked?.reject(new TokenWorkerFailed(reply.failure));
    else if (reply.counts.length === asked?.request.texts.length) asked.resolve(reply.counts);
    else asked?.reject(new TokenWorkerFailed('the worker answered something else'));
  };
  const onEnd = (reason: string): void => {
    worker = undefined;
    if (pending.size === 0) return;
    if (restarted) {
      restarted = false;
      rejectAll(new TokenWorkerFailed(reason));
      return;
    }
    restarted = true;
    try {
      const started = start();
      for (const { request } of pending.values()) started.send(request);
    } catch (error) {
      rejectAll(new TokenWorkerFailed(error instanceof Error ? error.message : String(error)));
    }
  };
  const start = (): TokenWorker => {
    const started = spawnWorker();
    worker = started;
    started.onReply(onReply);
    started.onEnd(onEnd);
    started.hold(pending.size > 0);
    return started;
  };

  return {
    count: (encoding, texts) => {
      if (closed) return Promise.reject(new TokenCounterClosed());
      return new Promise((resolve, reject) => {
        const running = worker ?? start();
        const request = { id: nextId++, encoding, texts };
        pending.set(request.id, { request, resolve, reject });
        running.hold(true);
        running.send(request);
      });
    },
    close: async () => {
      closed = true;
      rejectAll(new TokenCounterClosed());
      const ending = worker;
      worker = undefined;
      await ending?.terminate();
    },
  };
}
