import { encoderErrors } from './encoderErrors.ts';
import { type EncoderStart, encoderStart } from './encoderMessages.ts';
import type { ProbeEncoder } from './installEncoder.ts';
import type { EncoderThread } from './spawnEncoder.ts';

/** Starts the encoder's thread once, to see that what was installed works on this machine. */
export function createProbe(runtimePath: string, spawn: (start: EncoderStart) => EncoderThread): ProbeEncoder {
  return async (paths, record) => {
    const thread = spawn(encoderStart(runtimePath, paths, record));
    try {
      return await new Promise<number>((resolve, reject) => {
        thread.onReply((reply) => {
          if ('ready' in reply) resolve(reply.dimensions);
          else if ('failed' in reply) reject(encoderErrors.unusable(reply.failed));
        });
        thread.onEnd((reason) => reject(encoderErrors.unusable(reason)));
      });
    } finally {
      await thread.terminate();
    }
  };
}
