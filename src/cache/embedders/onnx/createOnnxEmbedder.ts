import type { Embedder } from '../embedder.ts';
import { encoderErrors } from './encoderErrors.ts';
import { type EncoderPaths, type EncoderRecord, encoderId } from './encoderFolder.ts';
import { type EncoderReply, type EncoderStart, encoderStart } from './encoderMessages.ts';
import type { EncoderThread } from './spawnEncoder.ts';

export interface OnnxEmbedderDeps {
  readonly record: EncoderRecord;
  readonly paths: EncoderPaths;
  /** `ort-wasm-simd-threaded.wasm`, or packed with `.br`. */
  readonly runtimePath: string;
  readonly spawn: (start: EncoderStart) => EncoderThread;
  /** Calls `fire` after `ms`; the result cancels it. */
  readonly startTimer: (ms: number, fire: () => void) => () => void;
  /** Told in words for the user, once for each trouble. */
  readonly onProblem: (message: string) => void;
}

/** A text of thirty tokens takes 15 ms; what waits for the model to load is a miss. */
const deadlineMs = 60;
/** The runtime holds some 300 MB: given back when nobody asks. */
const idleMs = 10 * 60_000;
/** A model that does not load is not tried again sooner. */
const pauseAfterFailureMs = 60_000;
/** More waiting texts than this are refused: nobody waits so long. */
const maxWaiting = 256;

interface Waiting {
  readonly resolve: (vectors: readonly (Float32Array | null)[]) => void;
  readonly reject: (error: Error) => void;
}

/** An embedder in a thread of its own, started with the first text and ended when it has not been asked for ten minutes. */
export function createOnnxEmbedder(deps: OnnxEmbedderDeps): Embedder {
  const { record, startTimer } = deps;
  const waiting = new Map<number, Waiting>();
  let thread: EncoderThread | undefined;
  let nextId = 1;
  let cancelIdle: (() => void) | undefined;
  /** Why it is not tried now. */
  let failure: string | undefined;
  let told: string | undefined;

  const settleAll = (error: Error): void => {
    const all = [...waiting.values()];
    waiting.clear();
    for (const { reject } of all) reject(error);
  };
  const fail = (ended: EncoderThread, reason: string): void => {
    if (thread !== ended) return;
    thread = undefined;
    failure = reason;
    startTimer(pauseAfterFailureMs, () => {
      failure = undefined;
    });
    if (told !== reason) deps.onProblem(reason);
    told = reason;
    void ended.terminate();
    settleAll(encoderErrors.unusable(reason));
  };
  const onReply = (from: EncoderThread, reply: EncoderReply): void => {
    if ('ready' in reply) {
      told = undefined;
      if (reply.dimensions !== record.dimensions)
        fail(from, `it gives ${reply.dimensions} numbers for a text, not ${record.dimensions}`);
    } else if ('failed' in reply) fail(from, reply.failed);
    else {
      const asked = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ('failure' in reply) asked?.reject(encoderErrors.unusable(reply.failure));
      else asked?.resolve(reply.vectors);
    }
  };
  const start = (): EncoderThread => {
    const started = deps.spawn(encoderStart(deps.runtimePath, deps.paths, record));
    thread = started;
    started.onReply((reply) => onReply(started, reply));
    started.onEnd((reason) => fail(started, reason));
    return started;
  };
  const close = async (): Promise<void> => {
    cancelIdle?.();
    cancelIdle = undefined;
    const ending = thread;
    thread = undefined;
    settleAll(encoderErrors.unusable('it was stopped'));
    await ending?.terminate();
  };
  const stayAwake = (): void => {
    cancelIdle?.();
    cancelIdle = startTimer(idleMs, () => void close());
  };

  return {
    id: encoderId(record),
    dimensions: record.dimensions,
    threshold: record.threshold,
    deadlineMs,
    embed: async (texts) => {
      if (failure !== undefined) throw encoderErrors.unusable(failure);
      if (waiting.size >= maxWaiting) throw encoderErrors.unusable('more texts wait than it can read');
      stayAwake();
      const running = thread ?? start();
      const vectors = await new Promise<readonly (Float32Array | null)[]>((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        running.send({ id, texts });
      });
      return vectors.map((vector) => {
        if (vector === null) throw encoderErrors.unusable(`a text is longer than its ${record.maxTokens} tokens`);
        return vector;
      });
    },
    close,
  };
}
