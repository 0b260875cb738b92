import type { TierFault } from './answerFault.ts';

/** Calls and failures within a window, as plain data: it is kept over restarts. */
export interface OutcomeWindow {
  readonly windowMs: number;
  /** Oldest first; `at` is the bucket's number since 1970. */
  readonly buckets: readonly OutcomeBucket[];
}

export interface OutcomeBucket {
  readonly at: number;
  readonly calls: number;
  readonly failed: number;
  readonly faults: Readonly<Partial<Record<TierFault, number>>>;
}

export type OutcomeSums = Omit<OutcomeBucket, 'at'>;

/** The window moves by one part of this many. */
const parts = 48;

export function emptyWindow(windowMs: number): OutcomeWindow {
  return { windowMs, buckets: [] };
}

/** @param more calls and failures to be added at `nowMs`; what has left the window goes */
export function addOutcome(window: OutcomeWindow, more: OutcomeSums, nowMs: number): OutcomeWindow {
  const at = bucketAt(window, nowMs);
  const live = window.buckets.filter((bucket) => bucket.at > at - parts);
  const last = live.at(-1);
  const isSame = last !== undefined && last.at >= at;
  const base: OutcomeBucket = isSame ? last : { at, calls: 0, failed: 0, faults: {} };
  const sum = { ...plus(base, more), at: base.at };
  return { windowMs: window.windowMs, buckets: [...(isSame ? live.slice(0, -1) : live), sum] };
}

export function sumOutcomes(window: OutcomeWindow, nowMs: number): OutcomeSums {
  const at = bucketAt(window, nowMs);
  return window.buckets.filter((bucket) => bucket.at > at - parts).reduce<OutcomeSums>(plus, nothing);
}

export const nothing: OutcomeSums = { calls: 0, failed: 0, faults: {} };

function bucketAt({ windowMs }: OutcomeWindow, nowMs: number): number {
  return Math.floor((nowMs / windowMs) * parts);
}

function plus(a: OutcomeSums, b: OutcomeSums): OutcomeSums {
  const faults: Partial<Record<TierFault, number>> = { ...a.faults };
  for (const [fault, count] of entriesOf(b.faults)) faults[fault] = (faults[fault] ?? 0) + count;
  return { calls: a.calls + b.calls, failed: a.failed + b.failed, faults };
}

export const tierFaults: readonly TierFault[] = [
  'transport',
  'refused',
  'truncated',
  'empty',
  'schemaInvalid',
  'toolArgumentsInvalid',
  'retried',
  'escalated',
];

function entriesOf(faults: OutcomeSums['faults']): (readonly [TierFault, number])[] {
  return tierFaults.flatMap((fault) => {
    const count = faults[fault];
    return count === undefined ? [] : [[fault, count] as const];
  });
}
