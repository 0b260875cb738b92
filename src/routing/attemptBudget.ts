import type { FallbackConfig } from '../config/config.ts';
import type { AttemptFailure } from './failureClass.ts';

/** One budget of attempts and one deadline for a whole call, however many targets it has. */
export interface AttemptBudget {
  /**
   * Whether a call may go on to another target.
   * @param made attempts so far
   * @param left targets not yet asked
   */
  mayContinue(failure: AttemptFailure, made: number, left: number, nowMs: number): boolean;
  /**
   * Whether the same target may be asked once more: only with an attempt to spare for each that has not been asked.
   * The figures are those of `mayContinue`.
   */
  mayRepeat(failure: AttemptFailure, made: number, left: number, nowMs: number): boolean;
  remainingMs(nowMs: number): number;
  /**
   * How long an attempt may wait for its answer to begin: until the deadline, of which all but the last leave half to
   * the others.
   */
  firstByteMs(limitMs: number, isLast: boolean, nowMs: number): number;
  readonly maxAttempts: number;
}

/** `startedMs` and every `nowMs` are of one clock. */
export function createAttemptBudget(fallback: FallbackConfig, startedMs: number): AttemptBudget {
  const deadline = startedMs + fallback.deadlineMs;
  const classes: ReadonlySet<AttemptFailure> = new Set(fallback.on);
  return {
    maxAttempts: fallback.maxAttempts,
    mayContinue: (failure, made, left, nowMs) =>
      left > 0 && made < fallback.maxAttempts && nowMs < deadline && classes.has(failure),
    mayRepeat: (failure, made, left, nowMs) =>
      made + left < fallback.maxAttempts && nowMs < deadline && classes.has(failure),
    remainingMs: (nowMs) => deadline - nowMs,
    firstByteMs(limitMs, isLast, nowMs) {
      const remaining = Math.max(1, deadline - nowMs);
      return Math.min(limitMs, Math.ceil(isLast ? remaining : remaining / 2));
    },
  };
}

/** For a model that is no alias: one attempt; trying again is the client's decision. */
export const singleAttempt: FallbackConfig = { on: [], maxAttempts: 1, deadlineMs: Number.MAX_SAFE_INTEGER };
