import type { JobTotals } from './job.ts';
import type { Row } from './storedRows.ts';

/** Groups of a job's items; what was carried over from earlier jobs is not among them. */
export const totalsSql = `SELECT state, cost_status, copy_of IS NOT NULL AS is_copy, COUNT(*) AS items,
  CAST(COALESCE(SUM(cost_pico_usd), 0) AS TEXT) AS pico_usd
  FROM batch_item WHERE job_id = ? AND (copy_of IS NULL OR copy_of NOT LIKE '@%')
  GROUP BY state, cost_status, copy_of IS NOT NULL`;

/** Adds the groups up. Money stays a whole number of any size. */
export function totalsOf(groups: readonly Row[]): JobTotals {
  const totals = {
    items: 0,
    pending: 0,
    succeeded: 0,
    failed: 0,
    expired: 0,
    cancelled: 0,
    missing: 0,
    copies: 0,
    unpriced: 0,
    estimated: 0,
    priced: 0,
  };
  let picoUsd = 0n;
  for (const { state, cost_status: status, is_copy: isCopy, items, pico_usd: sum } of groups) {
    const count = Number(items);
    totals.items += count;
    if (isCopy === 1) totals.copies += count;
    if (isState(state)) totals[state] += count;
    if (status === 'unpriced') totals.unpriced += count;
    if (status === 'estimated') totals.estimated += count;
    if (status === 'estimated' || status === 'exact') totals.priced += count;
    picoUsd += BigInt(String(sum));
  }
  return { ...totals, picoUsd: String(picoUsd) };
}

const states = ['pending', 'succeeded', 'failed', 'expired', 'cancelled', 'missing'] as const;

function isState(value: unknown): value is (typeof states)[number] {
  return states.some((state) => state === value);
}
