/** Days as `2026-11-24`; both included. */
export interface Period {
  readonly fromDay: string;
  readonly toDay: string;
}

const dayMs = 86_400_000;

/** Whole months, and the last weeks without the days that are not final. */
export function reconcilePeriods(nowMs: number): { lastMonth: Period; thisMonth: Period; lastWeeks: Period } {
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return {
    lastMonth: { fromDay: dayOf(Date.UTC(year, month - 1, 1)), toDay: dayOf(Date.UTC(year, month, 0)) },
    thisMonth: { fromDay: dayOf(Date.UTC(year, month, 1)), toDay: dayOf(nowMs) },
    lastWeeks: { fromDay: dayOf(nowMs - 31 * dayMs), toDay: dayOf(nowMs - 3 * dayMs) },
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
