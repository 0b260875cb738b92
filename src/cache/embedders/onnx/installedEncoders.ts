import type { CacheClock } from '../../entryStore.ts';
import type { Embedder } from '../embedder.ts';
import { createOnnxEmbedder } from './createOnnxEmbedder.ts';
import { encoderErrors } from './encoderErrors.ts';
import { encoderId, encoderPaths, isEncoderName, readEncoderRecord } from './encoderFolder.ts';
import type { EncoderStart } from './encoderMessages.ts';
import type { EncoderThread } from './spawnEncoder.ts';

export interface InstalledEncodersDeps {
  /** The service's data folder. */
  readonly home: string;
  readonly runtimePath: string;
  readonly spawn: (start: EncoderStart) => EncoderThread;
  readonly clock: CacheClock;
  /** Told in words for the user. */
  readonly onProblem: (message: string) => void;
}

export interface InstalledEncoders {
  /** Undefined while it is not known whether the model is installed, and where it is not. */
  of(model: string): Embedder | undefined;
  /** The same, once it is known. */
  find(model: string): Promise<Embedder | undefined>;
  close(): Promise<void>;
}

/** A model that was fetched meanwhile is seen after this long. */
const lookAgainMs = 5_000;

interface Known {
  lookedAtMs: number;
  embedder: Embedder | undefined;
  isTold: boolean;
}

/** The encoders in the data folder, each started when it is first asked. */
export function createInstalledEncoders(deps: InstalledEncodersDeps): InstalledEncoders {
  const { clock, onProblem } = deps;
  const known = new Map<string, Known>();

  return {
    of(model) {
      const found = known.get(model) ?? { lookedAtMs: Number.NEGATIVE_INFINITY, embedder: undefined, isTold: false };
      known.set(model, found);
      if (clock.now() - found.lookedAtMs >= lookAgainMs) {
        found.lookedAtMs = clock.now();
        void look(model, found);
      }
      return found.embedder;
    },
    async find(model) {
      const found = known.get(model) ?? { lookedAtMs: clock.now(), embedder: undefined, isTold: false };
      known.set(model, found);
      await look(model, found);
      return found.embedder;
    },
    async close() {
      await Promise.all([...known.values()].map(({ embedder }) => embedder?.close?.()));
    },
  };

  async function look(model: string, found: Known): Promise<void> {
    const paths = encoderPaths(deps.home, model);
    try {
      const record = isEncoderName(model) ? await readEncoderRecord(paths) : undefined;
      if (record !== undefined && found.embedder?.id === encoderId(record)) return;
      await found.embedder?.close?.();
      const { runtimePath, spawn } = deps;
      const { startTimer } = clock;
      found.embedder = record && createOnnxEmbedder({ record, paths, runtimePath, spawn, startTimer, onProblem });
      if (record === undefined && !found.isTold) onProblem(encoderErrors.missing(model).message);
      found.isTold = record === undefined;
    } catch (error) {
      if (!found.isTold) onProblem(encoderErrors.unreadable(paths.record, error).message);
      found.isTold = true;
    }
  }
}
