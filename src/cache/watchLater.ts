import type { CacheClock } from './entryStore.ts';
import { type MaybePromise, whenKnown } from './maybePromise.ts';

/** Look-ups that decide nothing: they are made while the provider is asked, and only so many of them. */
export interface Watches {
  /** Whether one more question may be watched in this second. */
  take(): boolean;
  /**
   * Starts `work` in a later turn.
   * @returns what it found; starts it now where it has not been, and is undefined where it is not done or has failed
   */
  later<T>(work: () => MaybePromise<T>): () => T | undefined;
  /** Drops what has not been started. */
  close(): void;
}

/** About a half to one millisecond each: what people and their programs ask in a second, and no load test. */
const watchedPerSecond = 20;

export function createWatches(clock: CacheClock, onFailure: (error: unknown) => void): Watches {
  const waiting = new Set<() => void>();
  let second = 0;
  let taken = 0;

  return {
    take() {
      const now = Math.floor(clock.now() / 1000);
      if (now !== second) taken = 0;
      second = now;
      taken += 1;
      return taken <= watchedPerSecond;
    },
    later<T>(work: () => MaybePromise<T>) {
      let isStarted = false;
      let found: T | undefined;
      const start = (): void => {
        if (isStarted) return;
        isStarted = true;
        cancel();
        waiting.delete(cancel);
        try {
          const done = whenKnown(work(), (known) => {
            found = known;
          });
          if (done instanceof Promise) done.catch(onFailure);
        } catch (error) {
          onFailure(error);
        }
      };
      const cancel = clock.startTimer(0, start);
      waiting.add(cancel);
      return () => {
        start();
        return found;
      };
    },
    close() {
      for (const cancel of waiting) cancel();
      waiting.clear();
    },
  };
}
