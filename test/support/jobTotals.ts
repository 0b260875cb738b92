import type { JobItem, JobTotals } from '../../src/batch/job.ts';

/** What a job's totals are when these are all its items. */
export function jobTotals(items: readonly JobItem[]): JobTotals {
  const inState = (state: JobItem['state']): number => items.filter((item) => item.state === state).length;
  const withCost = (status: JobItem['costStatus']): number =>
    items.filter(({ costStatus }) => costStatus === status).length;
  return {
    items: items.length,
    pending: inState('pending'),
    succeeded: inState('succeeded'),
    failed: inState('failed'),
    expired: inState('expired'),
    cancelled: inState('cancelled'),
    missing: inState('missing'),
    copies: items.filter(({ copyOf }) => copyOf !== undefined).length,
    picoUsd: String(items.reduce((sum, { costPicoUsd }) => sum + BigInt(costPicoUsd ?? 0), 0n)),
    unpriced: withCost('unpriced'),
    estimated: withCost('estimated'),
    priced: withCost('exact') + withCost('estimated'),
  };
}
