import type { SQLOutputValue } from 'node:sqlite';
import type { Store } from '../../store/store.ts';
import { attemptOf } from '../attemptColumns.ts';
import { callOf } from '../callColumns.ts';
import type { CallWithAttempts } from '../ledger.ts';

/** Which calls of a workspace; an absent field does not narrow, empty text asks for those without one. */
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

const pageSize = 500;

const page = `
SELECT * FROM ledger_call
WHERE workspace_id = :workspaceId AND started_at_ms < :toMs AND (started_at_ms, seq) > (:afterMs, :afterSeq)
  AND (:model IS NULL OR COALESCE(answer_model, '') = :model) AND (:feature IS NULL OR COALESCE(feature, '') = :feature)
  AND (:user IS NULL OR COALESCE(user_pseudonym, '') = :user) AND (:branch IS NULL OR COALESCE(branch, '') = :branch)
  AND (:callSite IS NULL OR COALESCE(call_site, '') = :callSite)
ORDER BY started_at_ms, seq LIMIT ${pageSize}`;

const attemptsOfCall = 'SELECT * FROM ledger_attempt WHERE call_id = ? ORDER BY attempt_index';

/**
 * Calls in the order in which they began, a page at a time: the thread serves calls in between, and what is written
 * meanwhile is read if it comes later in that order.
 */
export async function* readCalls(
  { database }: Pick<Store, 'database'>,
  filter: CallFilter,
): AsyncGenerator<CallWithAttempts[]> {
  const calls = database.prepare(page);
  const attempts = database.prepare(attemptsOfCall);
  const { workspaceId, toMs, fromMs } = filter;
  const { model = null, feature = null, user = null, branch = null, callSite = null } = filter;
  const narrowed = { workspaceId, toMs, model, feature, user, branch, callSite };
  let after: { afterMs: SQLOutputValue; afterSeq: SQLOutputValue } = {
    afterMs: fromMs - 1,
    afterSeq: Number.MAX_SAFE_INTEGER,
  };
  for (;;) {
    const rows = calls.all({ ...narrowed, ...after });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => {
      const call = callOf(row);
      return { call, attempts: attempts.all(call.id).map(attemptOf) };
    });
    after = { afterMs: last.started_at_ms ?? 0, afterSeq: last.seq ?? 0 };
    await new Promise((resolve) => setImmediate(resolve));
  }
}
