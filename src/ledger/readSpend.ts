import type { Store } from '../store/store.ts';
import { attemptOf } from './attemptColumns.ts';
import { callOf } from './callColumns.ts';
import type { CallWithAttempts, SpendQuery } from './ledger.ts';
import { createRollupReader, type RollupReader } from './rollup/readRollup.ts';
import type { AttemptRow } from './rows.ts';

const lastCalls = `
SELECT * FROM ledger_call WHERE workspace_id = ? AND started_at_ms >= ? AND started_at_ms < ?
ORDER BY started_at_ms DESC, seq DESC LIMIT ?`;

const attemptsOfCall = 'SELECT * FROM ledger_attempt WHERE call_id = ? ORDER BY attempt_index';

export interface SpendReader extends RollupReader {
  lastCalls(query: SpendQuery): CallWithAttempts[];
  attemptsOf(callId: string): AttemptRow[];
}

/** Reads sums and rows of committed calls; statements are prepared once. */
export function createSpendReader({ database }: Store): SpendReader {
  const lastStatement = database.prepare(lastCalls);
  const attemptsStatement = database.prepare(attemptsOfCall);
  const attemptsOf = (callId: string) => attemptsStatement.all(callId).map(attemptOf);
  return {
    ...createRollupReader(database),
    attemptsOf,
    lastCalls: ({ workspaceId, fromMs, toMs, lastCalls: limit }) =>
      lastStatement.all(workspaceId, fromMs, toMs, limit).map((row) => {
        const call = callOf(row);
        return { call, attempts: attemptsOf(call.id) };
      }),
  };
}
