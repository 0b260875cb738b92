/** How long the runner waits, in milliseconds. */
export interface BatchTiming {
  /** Never polled more often than this. */
  readonly pollFloorMs: number;
  /** The demo provider is this machine. */
  readonly demoPollFloorMs: number;
  readonly pollCeilingMs: number;
  /** First wait after a failure; doubled with each further one, up to the poll ceiling. */
  readonly retryFloorMs: number;
  /** How long a job that waits for the user (a key, a setting) sleeps if nobody wakes it. */
  readonly blockedMs: number;
  /** A batch whose creation was not answered may take this long to appear in the provider's list. */
  readonly settleMs: number;
  readonly queueRetryMs: number;
  readonly queueGiveUpMs: number;
}

export const defaultTiming: BatchTiming = {
  pollFloorMs: 2_000,
  demoPollFloorMs: 1_000,
  pollCeilingMs: 300_000,
  retryFloorMs: 5_000,
  blockedMs: 60_000,
  settleMs: 60_000,
  queueRetryMs: 600_000,
  queueGiveUpMs: 24 * 3_600_000,
};

/** Polls grow with the age of the job: a tenth of it, so that waiting adds at most that much to a job. */
const pollShareOfAge = 0.1;

/** @param random from 0 to 1; spreads jobs that were started together */
export function pollDelayMs(ageMs: number, floorMs: number, timing: BatchTiming, random: number): number {
  const base = Math.min(Math.max(ageMs * pollShareOfAge, floorMs), timing.pollCeilingMs);
  return base * (1 + random * 0.2);
}

/**
 * @param failures in a row, this one included
 * @param askedMs what the provider asked for (`retry-after`), never undercut but for its excess over an hour
 */
export function retryDelayMs(
  failures: number,
  askedMs: number | undefined,
  timing: BatchTiming,
  random: number,
): number {
  const backoff = Math.min(timing.retryFloorMs * 2 ** Math.min(failures - 1, 20), timing.pollCeilingMs);
  return Math.max(backoff * (1 + random * 0.2), Math.min(askedMs ?? 0, 3_600_000));
}
