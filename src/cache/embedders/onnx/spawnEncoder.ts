import { Worker } from 'node:worker_threads';
import { type EncodeRequest, type EncoderReply, type EncoderStart, isEncoderReply } from './encoderMessages.ts';

/** The encoder's thread. Made by `spawnEncoder`. */
export interface EncoderThread {
  send(request: EncodeRequest): void;
  onReply(listener: (reply: EncoderReply) => void): void;
  /** Told once, when the thread has ended without being asked to. */
  onEnd(listener: (reason: string) => void): void;
  terminate(): Promise<void>;
}

/**
 * Starts the thread. It keeps the process alive until it is ended.
 * @param path `dist/encoderWorker.js`; `src/cache/embedders/onnx/encoderWorker.ts` where Node runs TypeScript
 */
export function spawnEncoder(path: string, start: EncoderStart): EncoderThread {
  // The model and the runtime are outside of the heap that this bounds.
  const worker = new Worker(path, { execArgv: [], workerData: start, resourceLimits: { maxOldGenerationSizeMb: 512 } });
  let asked = false;
  let reason: string | undefined;
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  return {
    send: (request) => worker.postMessage(request),
    onReply: (listener) => {
      worker.on('message', (message: unknown) => {
        if (isEncoderReply(message)) listener(message);
      });
    },
    onEnd: (listener) => {
      worker.on('exit', (code) => {
        if (!asked) listener(reason ?? `the thread ended with code ${code}`);
      });
    },
    terminate: async () => {
      asked = true;
      await worker.terminate();
    },
  };
}
