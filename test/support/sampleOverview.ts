import type { PeriodOverview } from '../../src/service/api.ts';
import { busySpend } from './sampleSpend.ts';

const hourMs = 3_600_000;
const cents = (...values: readonly number[]): string[] =>
  values.map((value) => String(BigInt(value) * 10_000_000_000n));

/** A day of which six hours had calls, on three models, with a limit that is almost used up. */
export function busyOverview(more: Partial<PeriodOverview> = {}): PeriodOverview {
  const spend = busySpend();
  const startsMs = Array.from({ length: 24 }, (_, hour) => spend.fromMs + hour * hourMs);
  const hours = (from: number, ...values: readonly number[]): string[] =>
    cents(...startsMs.map((_, hour) => values[hour - from] ?? 0));
  return {
    spend,
    period: 'today',
    by: 'model',
    filter: {},
    groups: spend.byModel,
    groupsLeftOut: 0,
    series: {
      bucketMs: hourMs,
      startsMs,
      layers: [
        { key: 'openai/gpt-4o', costPicoUsd: hours(8, 4, 12, 9, 20, 16, 3) },
        { key: 'anthropic/claude-sonnet-4-5', costPicoUsd: hours(9, 8, 0, 11, 5) },
        { key: 'openai/gpt-4o-mini', costPicoUsd: hours(8, 1, 2, 1, 3, 1) },
      ],
    },
    latency: {
      calls: 132,
      attempts: 96,
      overheadMs: { p50: 0.62, p99: 3.4 },
      providerMs: { p50: 842, p99: 5_310 },
      firstByteMs: { p50: 310, p99: 1_204 },
    },
    choices: {
      model: ['openai/gpt-4o', 'anthropic/claude-sonnet-4-5', 'openai/gpt-4o-mini'],
      feature: ['support', 'search', ''],
      user: [''],
      branch: ['main', 'cheaper-tickets'],
      callSite: ['src/support.py:41:answer', 'src/search.ts:12:rank', ''],
    },
    periods: [
      { period: 'today', costPicoUsd: '1240000000000', estimatedAttempts: 1, unpricedAttempts: 2 },
      { period: 'week', costPicoUsd: '6110000000000', estimatedAttempts: 1, unpricedAttempts: 2 },
      { period: 'month', costPicoUsd: '18730000000000', estimatedAttempts: 4, unpricedAttempts: 2 },
    ],
    limits: [
      {
        scope: 'workspace',
        window: 'month',
        limitPicoUsd: '20000000000000',
        spentPicoUsd: '18730000000000',
        reservedPicoUsd: '0',
        onExceed: 'block',
      },
    ],
    ...more,
  };
}
