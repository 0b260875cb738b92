import { type ColumnValue, type DatabaseRow, numeric, optional, text } from './columnValue.ts';
import type { AttemptRow, CacheOutcome, CallRow } from './rows.ts';

/** Every column of `ledger_call` with how it is filled. */
const callValues: Readonly<
  Record<string, (call: CallRow, attempts: readonly AttemptRow[]) => ColumnValue | undefined>
> = {
  id: (call) => call.id,
  workspace_id: (call) => call.workspaceId,
  started_at_ms: (call) => Math.round(call.startedAtMs),
  ended_at_ms: (call) => Math.round(call.endedAtMs),
  endpoint: (call) => call.endpoint,
  stream: (call) => Number(call.stream),
  metered: (call) => Number(call.metered),
  model_requested: (call) => call.modelRequested,
  alias: (call) => call.alias,
  model: (call) => call.model,
  answer_model: answerModel,
  route: (call) => call.route,
  cache: (call) => call.cache,
  cache_reason: (call) => call.cacheReason,
  saved_pico_usd: (call) => call.savedPicoUsd,
  status: (call) => call.status,
  error_class: (call) => call.errorClass,
  user_pseudonym: (call) => call.userPseudonym,
  feature: (call) => call.feature,
  tags: (call) => (call.tags === undefined ? undefined : JSON.stringify(call.tags)),
  session: (call) => call.session,
  branch: (call) => call.branch,
  commit_id: (call) => call.commit,
  call_site: (call) => call.callSite,
  client: (call) => call.client,
  overhead_ms: (call) => call.overheadMs,
  test_run: (call) => call.testRun,
  uncosted_pico_usd: (call) => call.uncostedPicoUsd,
};

const callFills = Object.values(callValues);

/** A call recorded before is left as it is. The last value is the topic that it counts under. */
export const insertCall = `INSERT INTO ledger_call (${Object.keys(callValues).join(', ')}, topic)
  VALUES (${callFills.map(() => '?').join(', ')}, ?) ON CONFLICT (id) DO NOTHING`;

/** The values for `insertCall`, but the last. */
export function callParameters(call: CallRow, attempts: readonly AttemptRow[]): ColumnValue[] {
  return callFills.map((fill) => fill(call, attempts) ?? null);
}

/** What a call counts under in sums by model. */
export function answerModel(call: CallRow, attempts: readonly AttemptRow[]): string | undefined {
  const last = attempts.at(-1);
  return call.model ?? (last === undefined ? call.modelRequested : `${last.provider}/${last.model}`);
}

/** A row of `ledger_call` as it was recorded. */
export function callOf(row: DatabaseRow): CallRow {
  const tags = text(row, 'tags');
  return {
    id: String(row.id),
    workspaceId: String(row.workspace_id),
    startedAtMs: Number(row.started_at_ms),
    endedAtMs: Number(row.ended_at_ms),
    endpoint: String(row.endpoint),
    stream: row.stream === 1,
    metered: row.metered === 1,
    ...optional('modelRequested', text(row, 'model_requested')),
    ...optional('alias', text(row, 'alias')),
    ...optional('model', text(row, 'model')),
    ...optional('route', text(row, 'route')),
    cache: cacheOutcomeOf(row.cache),
    ...optional('cacheReason', text(row, 'cache_reason')),
    ...optional('savedPicoUsd', numeric(row, 'saved_pico_usd')),
    status: Number(row.status),
    ...optional('errorClass', text(row, 'error_class')),
    ...optional('userPseudonym', text(row, 'user_pseudonym')),
    ...optional('feature', text(row, 'feature')),
    ...(tags === undefined ? {} : { tags: tagsOf(tags) }),
    ...optional('session', text(row, 'session')),
    ...optional('branch', text(row, 'branch')),
    ...optional('testRun', text(row, 'test_run')),
    ...optional('commit', text(row, 'commit_id')),
    ...optional('callSite', text(row, 'call_site')),
    ...optional('client', text(row, 'client')),
    ...optional('uncostedPicoUsd', numeric(row, 'uncosted_pico_usd')),
    overheadMs: Number(row.overhead_ms),
  };
}

const cacheOutcomes: ReadonlySet<CacheOutcome> = new Set<CacheOutcome>([
  'hitExact',
  'hitWording',
  'hitSemantic',
  'joined',
  'shadowExact',
  'shadowWording',
  'shadowSemantic',
  'miss',
  'bypass',
]);

/** An outcome this version does not know (written by a newer one) reads as `bypass`. */
export function cacheOutcomeOf(value: unknown): CacheOutcome {
  for (const outcome of cacheOutcomes) if (outcome === value) return outcome;
  return 'bypass';
}

function tagsOf(json: string): Record<string, string> {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
}
