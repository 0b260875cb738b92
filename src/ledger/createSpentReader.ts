import type { SQLOutputValue } from 'node:sqlite';
import type { Store } from '../store/store.ts';
import type { Ledger } from './ledger.ts';

/** Which calls are summed. A field that is absent does not narrow; `null` is "none named". */
export interface SpentFilter {
  readonly workspaceId?: string;
  readonly user?: string | null;
  readonly feature?: string;
  readonly session?: string | null;
  readonly route?: string;
  readonly branch?: string;
  readonly testRun?: string;
}

/** What calls begun at `fromMs` or later have cost, in picodollars; rows still queued are included. */
export type SpentReader = (filter: SpentFilter, fromMs: number) => bigint;

/** Dividing sums in two keeps SQLite's 64-bit SUM from overflowing, which it would at $9.2 million. */
const half = 1_000_000_000n;

/** `IS` compares null with null; a flag tells "not narrowed" from "none". */
const narrowed = `
  (:anyUser OR call.user_pseudonym IS :user) AND (:anyFeature OR call.feature IS :feature)
  AND (:anySession OR call.session IS :session) AND (:anyRoute OR call.route IS :route)
  AND (:anyBranch OR call.branch IS :branch) AND (:anyTestRun OR call.test_run IS :testRun)`;

/** Attempts whose cost is not known are in the second part, at what the limits counted for them. */
const spent = `
SELECT COALESCE(SUM(attempt.cost_pico_usd / ${half}), 0) AS high, COALESCE(SUM(attempt.cost_pico_usd % ${half}), 0) AS low
FROM ledger_attempt AS attempt JOIN ledger_call AS call ON call.id = attempt.call_id
WHERE attempt.call_started_at_ms >= :from AND (:anyWorkspace OR attempt.workspace_id IS :workspace) AND ${narrowed}
UNION ALL
SELECT COALESCE(SUM(call.uncosted_pico_usd / ${half}), 0), COALESCE(SUM(call.uncosted_pico_usd % ${half}), 0)
FROM ledger_call AS call
WHERE call.started_at_ms >= :from AND (:anyWorkspace OR call.workspace_id IS :workspace) AND call.uncosted_pico_usd > 0
  AND ${narrowed}`;

/** What spending limits begin their counts with. */
export function createSpentReader({ database }: Store, ledger: Pick<Ledger, 'flush'>): SpentReader {
  const statement = database.prepare(spent);
  statement.setReadBigInts(true);
  return ({ workspaceId, user, feature, session, route, branch, testRun }, fromMs) => {
    ledger.flush();
    const rows = statement.all({
      from: fromMs,
      ...narrowing('Workspace', 'workspace', workspaceId),
      ...narrowing('User', 'user', user),
      ...narrowing('Feature', 'feature', feature),
      ...narrowing('Session', 'session', session),
      ...narrowing('Route', 'route', route),
      ...narrowing('Branch', 'branch', branch),
      ...narrowing('TestRun', 'testRun', testRun),
    });
    return rows.reduce((sum, { high, low }) => sum + whole(high) * half + whole(low), 0n);
  };
}

function narrowing(
  flag: string,
  name: string,
  value: string | null | undefined,
): Record<string, string | number | null> {
  return { [`any${flag}`]: value === undefined ? 1 : 0, [name]: value ?? null };
}

function whole(value: SQLOutputValue | undefined): bigint {
  return typeof value === 'bigint' ? value : 0n;
}
