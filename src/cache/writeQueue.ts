import type { CacheEntry } from './entry.ts';
import type { CacheClock } from './entryStore.ts';

export interface QueuedPut {
  readonly entry: CacheEntry;
  readonly maxBytes: number;
}

export interface QueuedUse {
  readonly key: string;
  readonly times: number;
  readonly atMs: number;
}

/** Writes that wait to be committed together; what waits can be read. */
export interface WriteQueue {
  get(key: string): CacheEntry | undefined;
  /** Newest first. */
  byWording(wordingKey: string): CacheEntry[];
  put(entry: CacheEntry, maxBytes: number): void;
  used(key: string): void;
  flush(): void;
  close(): void;
}

const flushAfterMs = 250;
/** So many are not left waiting. */
const flushAbove = 500;

export function createWriteQueue(
  clock: CacheClock,
  write: (puts: readonly QueuedPut[], uses: readonly QueuedUse[]) => void,
): WriteQueue {
  const puts = new Map<string, QueuedPut>();
  const keysByWording = new Map<string, string[]>();
  const uses = new Map<string, QueuedUse>();
  let cancelTimer: (() => void) | undefined;

  return {
    get: (key) => puts.get(key)?.entry,
    byWording: (wordingKey) =>
      (keysByWording.get(wordingKey) ?? []).flatMap((key) => puts.get(key)?.entry ?? []).toReversed(),
    put(entry, maxBytes) {
      puts.set(entry.key, { entry, maxBytes });
      const { wordingKey } = entry;
      if (wordingKey !== undefined) {
        const others = (keysByWording.get(wordingKey) ?? []).filter((key) => key !== entry.key);
        keysByWording.set(wordingKey, [...others, entry.key]);
      }
      if (puts.size >= flushAbove) flush();
      else flushSoon();
    },
    used(key) {
      uses.set(key, { key, times: (uses.get(key)?.times ?? 0) + 1, atMs: clock.now() });
      flushSoon();
    },
    flush,
    close() {
      flush();
      stopTimer();
    },
  };

  function flushSoon(): void {
    cancelTimer ??= clock.startTimer(flushAfterMs, () => {
      cancelTimer = undefined;
      flush();
    });
  }

  function flush(): void {
    stopTimer();
    if (puts.size === 0 && uses.size === 0) return;
    const [waitingPuts, waitingUses] = [[...puts.values()], [...uses.values()]];
    puts.clear();
    keysByWording.clear();
    uses.clear();
    write(waitingPuts, waitingUses);
  }

  function stopTimer(): void {
    cancelTimer?.();
    cancelTimer = undefined;
  }
}
