import { Worker } from 'node:worker_threads';
import { isCountReply, type TokenWorker } from './tokenWorker.ts';

/** Both vocabularies take about 150 MB; a thread that passes this ends alone, not with the process. */
const maxHeapMb = 1024;

/**
 * Starts the token worker.
 * @param path `dist/tokenWorker.js`; `src/tokens/worker.ts` where Node runs TypeScript
 */
export function spawnTokenWorker(path: string): TokenWorker {
  // execArgv: the host's own flags (an inspector port, a loader) are not for this thread
  const worker = new Worker(path, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } });
  let asked = false;
  let reason: string | undefined;
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  worker.unref();
  return {
    send: (request) => worker.postMessage(request),
    onReply: (listener) => {
      worker.on('message', (message: unknown) => {
        if (isCountReply(message)) listener(message);
      });
    },
    onEnd: (listener) => {
      worker.on('exit', (code) => {
        if (!asked) listener(reason ?? `the worker ended with code ${code}`);
      });
    },
    hold: (held) => {
      if (held) worker.ref();
      else worker.unref();
    },
    terminate: async () => {
      asked = true;
      await worker.terminate();
    },
  };
}
