import { stringify } from 'csv-stringify/sync';
import { usageKinds } from '../../catalog/usage.ts';
import type { Store } from '../../store/store.ts';
import type { CallWithAttempts } from '../ledger.ts';
import type { AttemptRow, CallRow } from '../rows.ts';
import { decimalUsd } from './decimalUsd.ts';
import { focusRows } from './focusRows.ts';
import { type CallFilter, readCalls } from './readCalls.ts';

export const exportFormats = ['csv', 'json', 'focus'] as const;

/**
 * `csv`: a line per attempt, and one per call without an attempt. `json`: an array of calls with their attempts.
 * `focus`: FinOps FOCUS 1.3, a line per attempt with a known cost.
 */
export type ExportFormat = (typeof exportFormats)[number];

export function isExportFormat(text: string): text is ExportFormat {
  return exportFormats.some((format) => format === text);
}

/** The calls as text, piece by piece; together they are one whole document, also where there are none. */
export async function* exportCalls(
  store: Pick<Store, 'database'>,
  filter: CallFilter,
  format: ExportFormat,
): AsyncGenerator<string> {
  let first = true;
  for await (const calls of readCalls(store, filter)) {
    const text = write(format, calls, first);
    first = false;
    yield text;
  }
  if (first) yield write(format, [], true);
  if (format === 'json') yield ']\n';
}

function write(format: ExportFormat, calls: readonly CallWithAttempts[], first: boolean): string {
  if (format === 'json') {
    const lines = calls.map((call) => JSON.stringify(call)).join(',\n');
    return `${first ? '[' : ','}\n${lines}${lines === '' ? '' : '\n'}`;
  }
  const rows = format === 'focus' ? calls.flatMap(focusRows) : calls.flatMap(csvRows);
  const empty = format === 'focus' ? focusRows(nothing) : csvRows(nothing);
  return stringify(rows, {
    header: first,
    columns: Object.keys(empty[0] ?? {}),
    // A name in a cell must not become a formula of the spreadsheet that opens the file.
    escape_formulas: true,
  });
}

/** Names the columns. */
const nothing: CallWithAttempts = {
  call: {
    id: '',
    workspaceId: '',
    startedAtMs: 0,
    endedAtMs: 0,
    endpoint: '',
    stream: false,
    metered: true,
    cache: 'miss',
    status: 0,
    overheadMs: 0,
  },
  attempts: [
    {
      id: '',
      callId: '',
      index: 0,
      provider: '',
      model: '',
      demo: false,
      serviceTier: 'standard',
      startedAtMs: 0,
      endedAtMs: 0,
      status: 0,
      usage: {},
      costStatus: 'exact',
      costPicoUsd: 0,
    },
  ],
};

type Cell = string | number | undefined;

function csvRows({ call, attempts }: CallWithAttempts): Record<string, Cell>[] {
  const ofCall = callCells(call);
  if (attempts.length === 0) return [{ ...ofCall, ...attemptCells(undefined) }];
  return attempts.map((attempt) => ({ ...ofCall, ...attemptCells(attempt) }));
}

function callCells(call: CallRow): Record<string, Cell> {
  return {
    call_id: call.id,
    started_at: new Date(call.startedAtMs).toISOString(),
    duration_ms: call.endedAtMs - call.startedAtMs,
    endpoint: call.endpoint,
    stream: String(call.stream),
    metered: String(call.metered),
    status: call.status,
    error: call.errorClass,
    model_requested: call.modelRequested,
    alias: call.alias,
    route: call.route,
    cache: call.cache,
    cache_reason: call.cacheReason,
    saved_usd: call.savedPicoUsd === undefined ? undefined : decimalUsd(call.savedPicoUsd),
    user: call.userPseudonym,
    feature: call.feature,
    session: call.session,
    branch: call.branch,
    commit: call.commit,
    call_site: call.callSite,
    client: call.client,
    tags: call.tags === undefined ? undefined : JSON.stringify(call.tags),
    overhead_ms: call.overheadMs,
  };
}

function attemptCells(attempt: AttemptRow | undefined): Record<string, Cell> {
  return {
    attempt: attempt?.index,
    provider: attempt?.provider,
    model: attempt?.model,
    demo: attempt === undefined ? undefined : String(attempt.demo),
    service_tier: attempt?.serviceTier,
    attempt_status: attempt?.status,
    attempt_error: attempt?.errorClass,
    finish_reason: attempt?.finishReason,
    ...Object.fromEntries(
      usageKinds.map((kind) => [
        `${kind.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_tokens`,
        attempt === undefined ? undefined : (attempt.usage[kind] ?? 0),
      ]),
    ),
    cost_status: attempt?.costStatus,
    cost_reason: attempt?.costReason,
    cost_usd: attempt?.costPicoUsd === undefined ? undefined : decimalUsd(attempt.costPicoUsd),
    price_id: attempt?.priceId,
  };
}
