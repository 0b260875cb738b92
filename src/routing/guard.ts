import type { RouteConfig } from '../config/config.ts';
import { addOutcome, emptyWindow, nothing, type OutcomeWindow, sumOutcomes } from './outcomeWindow.ts';
import { wilson, z99OneSided } from './wilson.ts';

export type GuardConfig = NonNullable<RouteConfig['guard']>;

/** Where a guard has put its route, as plain data: it is kept over restarts. Times are milliseconds since the epoch. */
export interface GuardState {
  /** Tiers above the one the route names. */
  readonly up: number;
  readonly sinceMs: number;
  /** Calls at the present tier since it came there. */
  readonly seen: OutcomeWindow;
  /** What the next probe waits for, and how long it waits after one that failed. */
  readonly probeAtMs: number;
  readonly waitMs: number;
  /** Calls of the present probe at the tier below. */
  readonly probe: { readonly calls: number; readonly failed: number };
}

export interface GuardMove {
  readonly direction: 'up' | 'down';
  /** What it was decided by. */
  readonly calls: number;
  readonly failed: number;
}

/** One answer; or none and one failure, where an answer turns out later not to have been good. */
export interface CountedAnswer {
  readonly calls: 0 | 1;
  readonly failed: 0 | 1;
}

export interface GuardStep {
  readonly state: GuardState;
  readonly move?: GuardMove;
}

export function startGuard({ windowMs }: GuardConfig, nowMs: number): GuardState {
  const waitMs = firstWaitMs(windowMs);
  return { up: 0, sinceMs: nowMs, seen: emptyWindow(windowMs), probeAtMs: nowMs, waitMs, probe: noProbe };
}

const noProbe = { calls: 0, failed: 0 };

function firstWaitMs(windowMs: number): number {
  return windowMs / 8;
}

/**
 * An answer at the present tier. The route moves up when failures are above what is allowed beyond doubt: at every call it
 * is looked again, so a doubt of one in twenty would be reached by chance in a day.
 */
export function guardAnswer(
  state: GuardState,
  config: GuardConfig,
  { calls, failed }: CountedAnswer,
  tiersAbove: number,
  nowMs: number,
): GuardStep {
  const seen = addOutcome(state.seen, { ...nothing, calls, failed }, nowMs);
  const next = { ...state, seen };
  if (failed === 0 || state.up >= tiersAbove) return { state: next };
  const sums = sumOutcomes(seen, nowMs);
  const isBeyondDoubt = wilson(Math.min(sums.failed, sums.calls), sums.calls, z99OneSided).low > config.maxErrorRate;
  if (sums.calls < config.minCalls || !isBeyondDoubt) return { state: next };
  // One that fails again soon after it came down was let down too early, and keeps its longer wait.
  const isFresh = state.up === 0 && nowMs - state.sinceMs >= config.windowMs;
  const waitMs = isFresh ? firstWaitMs(config.windowMs) : state.waitMs;
  return { state: moved(state, config, 1, waitMs, nowMs), move: { direction: 'up', ...sums } };
}

/**
 * An answer of the tier below. Its calls are Wald's sequential test (Sequential Analysis, 1947) of "fails half as often as
 * is allowed" against "fails twice as often": a sample of fixed size that is small enough to be waited for would let a tier
 * that fails twice as often come down by luck in one probe of twelve, which over a bad day is a route that flaps.
 */
export function guardProbe(
  state: GuardState,
  config: GuardConfig,
  { calls, failed }: CountedAnswer,
  nowMs: number,
): GuardStep {
  if (state.up === 0) return { state };
  const probe = { calls: state.probe.calls + calls, failed: state.probe.failed + failed };
  const { perFailure, perSuccess } = weights(config);
  const evidence = probe.failed * perFailure - Math.max(0, probe.calls - probe.failed) * perSuccess;
  if (evidence >= stillBadFrom) {
    const waitMs = longer(state.waitMs, config);
    return { state: { ...state, probe: noProbe, waitMs, probeAtMs: nowMs + waitMs } };
  }
  if (probe.calls < probeSize(config, probe.failed)) return { state: { ...state, probe } };
  return {
    state: moved(state, config, -1, longer(state.waitMs, config), nowMs),
    move: { direction: 'down', ...probe },
  };
}

/** One in a thousand probes may let a tier down that fails twice as often as is allowed; … */
const recoveredFrom = Math.log(1000);
/** … one in twenty may keep one up that has recovered: that costs a wait. */
const stillBadFrom = Math.log(20);

/** How much a failed call speaks against the tier below, and a good one for it: logarithms of likelihood ratios. */
function weights({ maxErrorRate }: GuardConfig): { readonly perFailure: number; readonly perSuccess: number } {
  const recovered = maxErrorRate / 2;
  const stillBad = maxErrorRate + Math.min(maxErrorRate, (1 - maxErrorRate) / 2);
  if (stillBad >= 1) return { perFailure: Math.log(2), perSuccess: Math.log(2) };
  return { perFailure: Math.log(stillBad / recovered), perSuccess: Math.log((1 - recovered) / (1 - stillBad)) };
}

/** Calls after which a probe with this many failures is over, if no further one fails. */
export function probeSize(config: GuardConfig, failed: number): number {
  const { perFailure, perSuccess } = weights(config);
  const good = (recoveredFrom + failed * perFailure) / perSuccess;
  return Math.max(config.minCalls, failed + Math.ceil(good));
}

function longer(waitMs: number, { windowMs }: GuardConfig): number {
  return Math.min(2 * waitMs, 2 * windowMs);
}

function moved(state: GuardState, config: GuardConfig, by: 1 | -1, waitMs: number, nowMs: number): GuardState {
  return {
    up: state.up + by,
    sinceMs: nowMs,
    seen: emptyWindow(config.windowMs),
    probeAtMs: nowMs + waitMs,
    waitMs,
    probe: noProbe,
  };
}
