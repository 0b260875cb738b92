import type { SQLOutputValue } from 'node:sqlite';
import type { Store } from '../../store/store.ts';
import { attemptOf } from '../attemptColumns.ts';
import { callOf } from '../callColumns.ts';
import type { CallWithAttempts } from '../ledger.ts';

/** Which calls of a workspace; an absent field does not narrow. */
export interface CallFilter {
  readonly workspaceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** `openai/gpt-4o`: what the answer counts under. */
  readonly model?: string;
  readonly feature?: string;
  readonly user?: string;
  readonly branch?: string;
  readonly callSite?: string;
}

const columns = {
  model: 'answer_model',
  feature: 'feature',
  user: 'user_pseudonym',
  branch: 'branch',
  callSite: 'call_site',
} as const;

const pageSize = 500;

/**
 * Calls in the order in which they began, a page at a time: the thread serves calls in between, and what is written
 * meanwhile is read if it comes later in that order.
 */
export async function* readCalls(
  { database }: Pick<Store, 'database'>,
  filter: CallFilter,
): AsyncGenerator<CallWithAttempts[]> {
  const narrowed = Object.entries(columns).flatMap(([name, column]) => {
    const value = Object.entries(filter).find(([key]) => key === name)?.[1];
    return typeof value === 'string' ? [{ condition: ` AND ${column} = ?`, value }] : [];
  });
  const calls = database.prepare(
    `SELECT * FROM ledger_call WHERE workspace_id = ? AND started_at_ms < ? AND (started_at_ms, seq) > (?, ?)${narrowed
      .map(({ condition }) => condition)
      .join('')} ORDER BY started_at_ms, seq LIMIT ${pageSize}`,
  );
  const attempts = database.prepare('SELECT * FROM ledger_attempt WHERE call_id = ? ORDER BY attempt_index');
  const values = narrowed.map(({ value }) => value);
  let after: [SQLOutputValue, SQLOutputValue] = [filter.fromMs - 1, Number.MAX_SAFE_INTEGER];
  for (;;) {
    const rows = calls.all(filter.workspaceId, filter.toMs, ...after, ...values);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => {
      const call = callOf(row);
      return { call, attempts: attempts.all(call.id).map(attemptOf) };
    });
    after = [last.started_at_ms ?? 0, last.seq ?? 0];
    await new Promise((resolve) => setImmediate(resolve));
  }
}
