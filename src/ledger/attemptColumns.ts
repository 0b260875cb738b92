import type { CostStatus } from '../catalog/cost.ts';
import type { ServiceTier } from '../catalog/price.ts';
import type { Usage, UsageKind } from '../catalog/usage.ts';
import { usageKinds } from '../catalog/usage.ts';
import { type ColumnValue, type DatabaseRow, numeric, optional, text } from './columnValue.ts';
import type { AttemptRow, CallRow } from './rows.ts';

/** The column each kind of token is counted in. */
export const usageColumns: Readonly<Record<UsageKind, string>> = {
  input: 'input',
  cacheRead: 'cache_read',
  cacheWrite5m: 'cache_write_5m',
  cacheWrite1h: 'cache_write_1h',
  output: 'output',
  reasoning: 'reasoning',
  inputAudio: 'input_audio',
  outputAudio: 'output_audio',
  inputImage: 'input_image',
  outputImage: 'output_image',
};

/** Every column of `ledger_attempt` with how it is filled. */
const attemptValues: Readonly<Record<string, (attempt: AttemptRow, call: CallRow) => ColumnValue | undefined>> = {
  id: (attempt) => attempt.id,
  call_id: (attempt) => attempt.callId,
  workspace_id: (_, call) => call.workspaceId,
  call_started_at_ms: (_, call) => Math.round(call.startedAtMs),
  feature: (_, call) => call.feature,
  attempt_index: (attempt) => attempt.index,
  provider: (attempt) => attempt.provider,
  model: (attempt) => attempt.model,
  demo: (attempt) => Number(attempt.demo),
  service_tier: (attempt) => attempt.serviceTier,
  started_at_ms: (attempt) => Math.round(attempt.startedAtMs),
  first_byte_at_ms: (attempt) => (attempt.firstByteAtMs === undefined ? undefined : Math.round(attempt.firstByteAtMs)),
  ended_at_ms: (attempt) => Math.round(attempt.endedAtMs),
  status: (attempt) => attempt.status,
  error_class: (attempt) => attempt.errorClass,
  finish_reason: (attempt) => attempt.finishReason,
  ...Object.fromEntries(
    usageKinds.map((kind) => [usageColumns[kind], ({ usage }: AttemptRow) => usage[kind] ?? 0] as const),
  ),
  usage_raw: (attempt) => attempt.usageRaw,
  cost_status: (attempt) => attempt.costStatus,
  cost_reason: (attempt) => attempt.costReason,
  cost_pico_usd: (attempt) => attempt.costPicoUsd,
  price_id: (attempt) => attempt.priceId,
};

const attemptFills = Object.values(attemptValues);

/** An attempt recorded before (same call and index) is left as it is. */
export const insertAttempt = `INSERT INTO ledger_attempt (${Object.keys(attemptValues).join(', ')})
  VALUES (${attemptFills.map(() => '?').join(', ')}) ON CONFLICT (call_id, attempt_index) DO NOTHING`;

/** The values for `insertAttempt`. */
export function attemptParameters(attempt: AttemptRow, call: CallRow): ColumnValue[] {
  return attemptFills.map((fill) => fill(attempt, call) ?? null);
}

/** A row of `ledger_attempt` as it was recorded. */
export function attemptOf(row: DatabaseRow): AttemptRow {
  return {
    id: String(row.id),
    callId: String(row.call_id),
    index: Number(row.attempt_index),
    provider: String(row.provider),
    model: String(row.model),
    demo: row.demo === 1,
    serviceTier: serviceTierOf(row.service_tier),
    startedAtMs: Number(row.started_at_ms),
    ...optional('firstByteAtMs', numeric(row, 'first_byte_at_ms')),
    endedAtMs: Number(row.ended_at_ms),
    status: Number(row.status),
    ...optional('errorClass', text(row, 'error_class')),
    ...optional('finishReason', text(row, 'finish_reason')),
    usage: usageOf(row),
    ...optional('usageRaw', text(row, 'usage_raw')),
    costStatus: costStatusOf(row.cost_status),
    ...optional('costReason', text(row, 'cost_reason')),
    ...optional('costPicoUsd', numeric(row, 'cost_pico_usd')),
    ...optional('priceId', text(row, 'price_id')),
  };
}

function usageOf(row: DatabaseRow): Usage {
  const usage: Partial<Record<UsageKind, number>> = {};
  for (const kind of usageKinds) {
    const tokens = Number(row[usageColumns[kind]]);
    if (tokens !== 0) usage[kind] = tokens;
  }
  return usage;
}

function serviceTierOf(value: unknown): ServiceTier {
  return value === 'batch' || value === 'flex' || value === 'priority' ? value : 'standard';
}

function costStatusOf(value: unknown): CostStatus {
  return value === 'exact' || value === 'estimated' || value === 'notBilled' ? value : 'unpriced';
}
