import type { DatabaseSync } from 'node:sqlite';
import { createAsker, type SpendWindow } from '../rollup/readRollup.ts';
import { narrowing, type SqlQuestion } from '../rollup/rollupSql.ts';
import { type SpendFilter, subjectColumns } from '../rollup/spendFilter.ts';
import type { Latency } from './overview.ts';
import { percentilesOf } from './percentiles.ts';

/** Enough for a p99 with fifty calls above it. */
const newest = 5_000;

/** Of the newest calls of the time, those that the filter leaves; a line for each of their attempts. */
export function latencyQuestion({ workspaceId, fromMs, toMs }: SpendWindow, filter: SpendFilter): SqlQuestion {
  const narrow = narrowing(filter, (dimension) =>
    dimension === 'model' ? "NULLIF(c.answer_model, '')" : `NULLIF(c.${subjectColumns[dimension]}, '')`,
  );
  return {
    sql: `
SELECT c.seq AS call, c.overhead_ms AS overhead, a.status AS status, a.ended_at_ms - a.started_at_ms AS provider,
  a.first_byte_at_ms - a.started_at_ms AS first_byte
FROM (SELECT * FROM ledger_call WHERE workspace_id = ? AND started_at_ms >= ? AND started_at_ms < ?
  ORDER BY started_at_ms DESC LIMIT ${newest}) AS c
LEFT JOIN ledger_attempt AS a ON a.call_id = c.id WHERE c.metered${narrow.sql}`,
    values: [workspaceId, fromMs, toMs, ...narrow.values],
  };
}

/** How long the newest calls took, here and at the providers. */
export function createLatencyReader(database: DatabaseSync): (window: SpendWindow, filter: SpendFilter) => Latency {
  const ask = createAsker(database, 'number');
  return (window, filter) => {
    const overhead = new Map<number, number>();
    const provider: number[] = [];
    const firstByte: number[] = [];
    for (const row of ask(latencyQuestion(window, filter))) {
      overhead.set(Number(row.call), Number(row.overhead));
      if (row.status === null || Number(row.status) < 200 || Number(row.status) >= 300) continue;
      provider.push(Number(row.provider));
      if (row.first_byte !== null) firstByte.push(Number(row.first_byte));
    }
    const [overheadMs, providerMs, firstByteMs] = [[...overhead.values()], provider, firstByte].map(percentilesOf);
    return {
      calls: overhead.size,
      attempts: provider.length,
      ...(overheadMs === undefined ? {} : { overheadMs }),
      ...(providerMs === undefined ? {} : { providerMs }),
      ...(firstByteMs === undefined ? {} : { firstByteMs }),
    };
  };
}
