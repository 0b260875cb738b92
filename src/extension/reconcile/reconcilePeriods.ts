import { dayMs, dayOfMs } from '../../ledger/reconcile/days.ts';

/** Days as `2026-11-24`; both included. */
export interface Period {
  readonly fromDay: string;
  readonly toDay: string;
}

/** Whole months, and the last weeks without the days that are not final. */
export function reconcilePeriods(nowMs: number): { lastMonth: Period; thisMonth: Period; lastWeeks: Period } {
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return {
    lastMonth: { fromDay: dayOfMs(Date.UTC(year, month - 1, 1)), toDay: dayOfMs(Date.UTC(year, month, 0)) },
    thisMonth: { fromDay: dayOfMs(Date.UTC(year, month, 1)), toDay: dayOfMs(nowMs) },
    lastWeeks: { fromDay: dayOfMs(nowMs - 31 * dayMs), toDay: dayOfMs(nowMs - 3 * dayMs) },
  };
}
