import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import * as z from 'zod';
import type { JobRecord } from './jobRecord.ts';
import { batchEndpoints } from './requestRow.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;
export type Values = Readonly<Record<string, SQLInputValue>>;

const text = z.string();
const optionalText = z.nullable(text).transform((value) => value ?? undefined);
const whole = z.number().int();
const optionalWhole = z.nullable(whole).transform((value) => value ?? undefined);
const optionalMoney = z.nullable(text).transform((value) => (value === null ? undefined : BigInt(value)));
const flag = z.number().transform((value) => value !== 0);
const texts = text.transform((json) => z.array(text).parse(JSON.parse(json)));

const jobState = z.enum([
  'planned',
  'submitting',
  'validating',
  'inProgress',
  'finalizing',
  'cancelling',
  'completed',
  'failed',
  'expired',
  'cancelled',
  'lost',
]);

const jobRow = z.object({
  id: text,
  plan_id: text,
  workspace_id: text,
  provider: text,
  base_url: text,
  model: text,
  alias: optionalText,
  endpoint: z.enum(batchEndpoints),
  demo: flag,
  state: jobState,
  phase: z.enum(['new', 'uploaded', 'creating', 'created']),
  phase_at_ms: whole,
  created_at_ms: whole,
  ended_at_ms: optionalWhole,
  input_file_id: optionalText,
  provider_batch_id: optionalText,
  output_file_id: optionalText,
  error_file_id: optionalText,
  spent_batch_ids: texts,
  seen_batch_ids: texts,
  unconfirmed: flag,
  size: whole,
  input_tokens: whole,
  billed_input_tokens: optionalWhole,
  billed_output_tokens: optionalWhole,
  worst_pico_usd: optionalMoney,
  try_pico_usd: optionalMoney,
  unpriced: flag,
  expiry_warned: flag,
  count_total: optionalWhole,
  count_completed: optionalWhole,
  count_failed: optionalWhole,
  estimated_pico_usd: optionalWhole,
  problem: optionalText,
  notes: texts,
  cancel_requested: flag,
  collected: flag,
});

/** A row of `batch_job`. */
export function jobOfRow(row: Row): JobRecord {
  const job = jobRow.parse(row);
  const { count_total: total, count_completed: completed, count_failed: failed } = job;
  const { billed_input_tokens: inputTokens, billed_output_tokens: outputTokens } = job;
  return {
    id: job.id,
    planId: job.plan_id,
    workspaceId: job.workspace_id,
    provider: job.provider,
    baseUrl: job.base_url,
    model: job.model,
    alias: job.alias,
    endpoint: job.endpoint,
    demo: job.demo,
    createdAtMs: job.created_at_ms,
    estimatedPicoUsd: job.estimated_pico_usd,
    state: job.state,
    phase: job.phase,
    phaseAtMs: job.phase_at_ms,
    endedAtMs: job.ended_at_ms,
    inputFileId: job.input_file_id,
    providerBatchId: job.provider_batch_id,
    outputFileId: job.output_file_id,
    errorFileId: job.error_file_id,
    spentBatchIds: job.spent_batch_ids,
    seenBatchIds: job.seen_batch_ids,
    unconfirmed: job.unconfirmed,
    size: job.size,
    inputTokens: job.input_tokens,
    billed: inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens },
    worstPicoUsd: job.worst_pico_usd,
    tryPicoUsd: job.try_pico_usd,
    isUnpriced: job.unpriced,
    expiryWarned: job.expiry_warned,
    counts:
      total === undefined || completed === undefined || failed === undefined ? undefined : { total, completed, failed },
    problem: job.problem,
    notes: job.notes,
    cancelRequested: job.cancel_requested,
    collected: job.collected,
  };
}

/** Every column of `batch_job`. */
export function jobValues(job: JobRecord): Values {
  return {
    id: job.id,
    plan_id: job.planId,
    workspace_id: job.workspaceId,
    provider: job.provider,
    base_url: job.baseUrl,
    model: job.model,
    alias: job.alias ?? null,
    endpoint: job.endpoint,
    demo: Number(job.demo),
    created_at_ms: job.createdAtMs,
    estimated_pico_usd: job.estimatedPicoUsd ?? null,
    state: job.state,
    phase: job.phase,
    phase_at_ms: job.phaseAtMs,
    ended_at_ms: job.endedAtMs ?? null,
    input_file_id: job.inputFileId ?? null,
    provider_batch_id: job.providerBatchId ?? null,
    output_file_id: job.outputFileId ?? null,
    error_file_id: job.errorFileId ?? null,
    spent_batch_ids: JSON.stringify(job.spentBatchIds),
    seen_batch_ids: JSON.stringify(job.seenBatchIds),
    unconfirmed: Number(job.unconfirmed),
    size: job.size,
    input_tokens: job.inputTokens,
    billed_input_tokens: job.billed?.inputTokens ?? null,
    billed_output_tokens: job.billed?.outputTokens ?? null,
    worst_pico_usd: job.worstPicoUsd?.toString() ?? null,
    try_pico_usd: job.tryPicoUsd?.toString() ?? null,
    unpriced: Number(job.isUnpriced),
    expiry_warned: Number(job.expiryWarned),
    count_total: job.counts?.total ?? null,
    count_completed: job.counts?.completed ?? null,
    count_failed: job.counts?.failed ?? null,
    problem: job.problem ?? null,
    notes: JSON.stringify(job.notes),
    cancel_requested: Number(job.cancelRequested),
    collected: Number(job.collected),
  };
}
