import type { DatabaseSync } from 'node:sqlite';
import type { ColumnValue, DatabaseRow } from '../columnValue.ts';
import { createAsker, type SpendWindow } from '../rollup/readRollup.ts';
import { narrowing, type SqlQuestion, subjectsOf } from '../rollup/rollupSql.ts';
import { isNarrow, type SpendFilter, subjectColumns } from '../rollup/spendFilter.ts';

/** The newest calls that a filter leaves, as rows of `ledger_call`. */
export function newestCallsQuestion(window: SpendWindow, filter: SpendFilter, limit: number): SqlQuestion {
  if (filter.user !== undefined && filter.user !== '') return ofUser(window, filter, limit);
  if (isNarrow(filter)) return ofTopics(window, filter, limit);
  const { workspaceId, fromMs, toMs } = window;
  return {
    sql: `SELECT * FROM ledger_call WHERE workspace_id = ? AND started_at_ms >= ? AND started_at_ms < ? ${newestFirst}`,
    values: [workspaceId, fromMs, toMs, limit],
  };
}

const newestFirst = 'ORDER BY started_at_ms DESC, seq DESC LIMIT ?';

/** Back in time through the user's calls, which have an index. */
function ofUser(
  { workspaceId, fromMs, toMs }: SpendWindow,
  { user, ...topic }: SpendFilter,
  limit: number,
): SqlQuestion {
  const topics = subjectsOf('topic', workspaceId, topic);
  const narrow = isNarrow(topic) ? ` AND topic IN (${topics.sql})` : '';
  return {
    sql: `SELECT * FROM ledger_call INDEXED BY ledger_call_user
WHERE workspace_id = ? AND user_pseudonym = ? AND started_at_ms >= ? AND started_at_ms < ?${narrow} ${newestFirst}`,
    values: [workspaceId, user ?? null, fromMs, toMs, ...(narrow === '' ? [] : topics.values), limit],
  };
}

/**
 * Going back in time until enough are found could mean to read all, so the topics with the newest calls are found first:
 * the newest N calls are of the N topics whose own newest call is newest.
 */
function ofTopics({ workspaceId, fromMs, toMs }: SpendWindow, filter: SpendFilter, limit: number): SqlQuestion {
  const topics = subjectsOf('topic', workspaceId, filter);
  // Users that nobody named.
  const { user } = filter;
  const narrow = narrowing(
    user === undefined ? {} : { user },
    (dimension) => `NULLIF(${subjectColumns[dimension]}, '')`,
  );
  const inTime: ColumnValue[] = [fromMs, toMs];
  const ofOne = `started_at_ms >= ? AND started_at_ms < ?${narrow.sql}`;
  return {
    sql: `
WITH newest AS MATERIALIZED (
  SELECT id, (SELECT started_at_ms FROM ledger_call WHERE topic = t.id AND ${ofOne} ORDER BY started_at_ms DESC LIMIT 1) AS at
  FROM (${topics.sql}) AS t WHERE at IS NOT NULL ORDER BY at DESC LIMIT ?)
SELECT c.* FROM newest CROSS JOIN ledger_call AS c
WHERE c.seq IN (SELECT seq FROM ledger_call WHERE topic = newest.id AND ${ofOne} ${newestFirst})
ORDER BY c.started_at_ms DESC, c.seq DESC LIMIT ?`,
    values: [...inTime, ...narrow.values, ...topics.values, limit, ...inTime, ...narrow.values, limit, limit],
  };
}

/** Rows of `ledger_call`, newest first. */
export function createNewestCalls(
  database: DatabaseSync,
): (window: SpendWindow, filter: SpendFilter, limit: number) => DatabaseRow[] {
  const ask = createAsker(database, 'number');
  return (window, filter, limit) => ask(newestCallsQuestion(window, filter, limit));
}
