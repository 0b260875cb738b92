import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Store } from '../store/store.ts';
import { attemptOf } from './attemptColumns.ts';
import { cacheOutcomeOf, callOf } from './callColumns.ts';
import type { CallWithAttempts, SpendQuery } from './ledger.ts';
import type { AttemptRow } from './rows.ts';
import type { AttemptSums, CallSums } from './spendSums.ts';

/** Dividing sums in two keeps SQLite's 64-bit SUM from overflowing, which it would at $9.2 million. */
const half = 1_000_000_000n;

const callSums = `
SELECT answer_model, feature, cache, COUNT(*) AS calls, SUM(metered = 0) AS unmetered, SUM(status >= 400) AS failed,
  COALESCE(SUM(saved_pico_usd / ${half}), 0) AS saved_high, COALESCE(SUM(saved_pico_usd % ${half}), 0) AS saved_low,
  SUM(saved_pico_usd IS NULL) AS saving_unknown
FROM ledger_call WHERE workspace_id = ? AND started_at_ms >= ? AND started_at_ms < ?
GROUP BY answer_model, feature, cache`;

const attemptSums = `
SELECT provider || '/' || model AS model, feature, COUNT(*) AS attempts,
  SUM(cost_status = 'unpriced') AS unpriced, SUM(cost_status = 'estimated') AS estimated, SUM(demo) AS demo,
  SUM(input + cache_read + cache_write_5m + cache_write_1h + input_audio + input_image) AS input_tokens,
  SUM(output + reasoning + output_audio + output_image) AS output_tokens,
  COALESCE(SUM(cost_pico_usd / ${half}), 0) AS cost_high, COALESCE(SUM(cost_pico_usd % ${half}), 0) AS cost_low
FROM ledger_attempt WHERE workspace_id = ? AND call_started_at_ms >= ? AND call_started_at_ms < ?
GROUP BY provider, model, feature`;

const lastCalls = `
SELECT * FROM ledger_call WHERE workspace_id = ? AND started_at_ms >= ? AND started_at_ms < ?
ORDER BY started_at_ms DESC, seq DESC LIMIT ?`;

const attemptsOfCall = 'SELECT * FROM ledger_attempt WHERE call_id = ? ORDER BY attempt_index';

export type SpendWindow = Pick<SpendQuery, 'workspaceId' | 'fromMs' | 'toMs'>;

export interface SpendReader {
  calls(window: SpendWindow): CallSums[];
  attempts(window: SpendWindow): AttemptSums[];
  lastCalls(query: SpendQuery): CallWithAttempts[];
  attemptsOf(callId: string): AttemptRow[];
}

/** Reads sums and rows of committed calls; statements are prepared once. */
export function createSpendReader({ database }: Store): SpendReader {
  const [callStatement, attemptStatement] = [callSums, attemptSums].map((sql) => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  });
  const lastStatement = database.prepare(lastCalls);
  const attemptsStatement = database.prepare(attemptsOfCall);
  const attemptsOf = (callId: string) => attemptsStatement.all(callId).map(attemptOf);
  return {
    calls: (query) => sums(callStatement, query).map(readCallSums),
    attempts: (query) => sums(attemptStatement, query).map(readAttemptSums),
    attemptsOf,
    lastCalls: ({ workspaceId, fromMs, toMs, lastCalls: limit }) =>
      lastStatement.all(workspaceId, fromMs, toMs, limit).map((row) => {
        const call = callOf(row);
        return { call, attempts: attemptsOf(call.id) };
      }),
  };
}

type Row = Record<string, SQLOutputValue>;

function sums(statement: StatementSync | undefined, { workspaceId, fromMs, toMs }: SpendWindow): Row[] {
  return statement?.all(workspaceId, fromMs, toMs) ?? [];
}

function readCallSums(row: Row): CallSums {
  return {
    model: nullable(row.answer_model),
    feature: nullable(row.feature),
    cache: cacheOutcomeOf(row.cache),
    calls: Number(row.calls),
    unmetered: Number(row.unmetered),
    failed: Number(row.failed),
    savedPicoUsd: whole(row.saved_high, row.saved_low),
    savingUnknown: Number(row.saving_unknown),
  };
}

function readAttemptSums(row: Row): AttemptSums {
  return {
    model: String(row.model),
    feature: nullable(row.feature),
    attempts: Number(row.attempts),
    unpriced: Number(row.unpriced),
    estimated: Number(row.estimated),
    demo: Number(row.demo),
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    costPicoUsd: whole(row.cost_high, row.cost_low),
  };
}

function whole(high: SQLOutputValue | undefined, low: SQLOutputValue | undefined): bigint {
  return BigInt(String(high)) * half + BigInt(String(low));
}

function nullable(value: SQLOutputValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
