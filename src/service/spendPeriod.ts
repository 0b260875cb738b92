import type { Bucket } from '../ledger/rollup/readRollup.ts';
import { daysBefore, type SpendPeriod } from '../ledger/spendText.ts';
import { startOfDay } from './startOfDay.ts';

const dayMs = 86_400_000;

export interface PeriodWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bucket: Bucket;
}

/** Today is this machine's day, by the hour; weeks and months are days of UTC, as providers bill. */
export function periodWindow(period: SpendPeriod, nowMs: number): PeriodWindow {
  if (period === 'today') return { fromMs: startOfDay(nowMs), toMs: startOfDay(nowMs, 1), bucket: 'hour' };
  const today = Math.floor(nowMs / dayMs) * dayMs;
  return { fromMs: today - daysBefore[period] * dayMs, toMs: today + dayMs, bucket: 'day' };
}
