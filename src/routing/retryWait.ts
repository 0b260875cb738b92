import type { AttemptFailure } from './failureClass.ts';

/** What is known when an attempt has failed. */
export interface FailedTry {
  readonly failure: AttemptFailure;
  /** How often this target has been asked for this call, this time included. */
  readonly tries: number;
  /** What the provider asks for; undefined where it says nothing. */
  readonly retryAfterMs: number | undefined;
  /** Targets of the call that have not been asked yet. */
  readonly left: number;
  /** Until the call's deadline. */
  readonly remainingMs: number;
}

/** A connection that broke is made anew at once, or not at all. */
const connectMs = 100;
const backoffMs = 500;
/** Where another target is left, it is asked rather than waited for this one any longer. */
const longestWaitMs = 2_000;
/** Where none is left: what a person at the other end may be made to wait. Beyond, the client is told and decides. */
const longestLastWaitMs = 10_000;

/**
 * How long to wait before the same target is asked again, in milliseconds; undefined where it is not. Only what may be gone in
 * a moment is tried twice: a broken connection, an overload, a fault of the server. The wait is spread by `random`, so that
 * many that failed together do not come back together.
 * @param random in [0, 1)
 */
export function retryWaitMs(failed: FailedTry, random: () => number): number | undefined {
  const { failure, tries, retryAfterMs, left, remainingMs } = failed;
  if (failure !== 'connect' && failure !== 'overload' && failure !== 'server') return undefined;
  if (tries > 1) return undefined;
  const least = retryAfterMs ?? 0;
  if (least > (left > 0 ? longestWaitMs : longestLastWaitMs)) return undefined;
  const spread = (failure === 'connect' ? connectMs : backoffMs) * (0.5 + random());
  const waitMs = Math.round(Math.max(least, spread));
  return waitMs < remainingMs ? waitMs : undefined;
}
