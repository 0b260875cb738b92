/**
 * Runs an operation that is over in a moment on a disk that is near: at once, or, where the disk is slow, `elsewhere`.
 * Rejects with the error of either.
 */
export type Quickly = <T>(here: () => T, elsewhere: () => Promise<T>) => Promise<T>;

export interface QuicklyOptions {
  /** Milliseconds from any start. */
  readonly now: () => number;
  /** Calls back when everything else that waits has had its turn. */
  readonly afterTurn: (run: () => void) => void;
}

/** How long operations follow one another before everything else gets its turn. */
const turnMs = 4;
/** So many operations in a row that took so long show a slow disk (a network share); one is no more than a busy machine. */
const slowInARow = 3;
const slowMs = 5;
/** For so long the disk then counts as slow. */
const slowForMs = 500;

/**
 * A file operation given to Node's thread pool costs ten times what it costs here (a `stat` 40 µs of CPU instead of 4, a file
 * written 200 instead of 30), and a job of 10,000 prompt files takes some 80,000 of them. So they are done here, a few
 * milliseconds at a time, as long as the disk is quick; no call of the proxy waits longer than it would for a database
 * transaction.
 */
export function createQuickly({ now, afterTurn }: QuicklyOptions): Quickly {
  let turnStartedAt: number | undefined;
  let slow = 0;
  let slowUntil = Number.NEGATIVE_INFINITY;

  const turn = (): Promise<void> | undefined => {
    if (turnStartedAt !== undefined && now() - turnStartedAt >= turnMs)
      return new Promise((resolve) => afterTurn(resolve));
    if (turnStartedAt === undefined) {
      turnStartedAt = now();
      afterTurn(() => {
        turnStartedAt = undefined;
      });
    }
    return undefined;
  };

  return async (here, elsewhere) => {
    if (now() < slowUntil) return elsewhere();
    const full = turn();
    if (full !== undefined) await full;
    const startedAt = now();
    try {
      return here();
    } finally {
      slow = now() - startedAt >= slowMs ? slow + 1 : 0;
      if (slow >= slowInARow) slowUntil = now() + slowForMs;
    }
  };
}
