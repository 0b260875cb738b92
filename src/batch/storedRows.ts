import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import * as z from 'zod';
import { usageKinds } from '../catalog/usage.ts';
import type { ItemRecord, JobRecord } from './jobRecord.ts';
import { batchEndpoints } from './requestRow.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;
export type Values = Readonly<Record<string, SQLInputValue>>;

const text = z.string();
const optionalText = z.nullable(text).transform((value) => value ?? undefined);
const whole = z.number().int();
const optionalWhole = z.nullable(whole).transform((value) => value ?? undefined);
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
  count_total: optionalWhole,
  count_completed: optionalWhole,
  count_failed: optionalWhole,
  estimated_pico_usd: optionalWhole,
  problem: optionalText,
  notes: texts,
  cancel_requested: flag,
  collected: flag,
});

const usage = z.partialRecord(z.enum(usageKinds), whole);

const itemRow = z.object({
  job_id: text,
  id: text,
  position: whole,
  prompt_path: text,
  result_path: text,
  result_kind: z.enum(['text', 'json', 'rows']),
  source_id: optionalText,
  source_line: optionalWhole,
  model_requested: text,
  alias: optionalText,
  state: z.enum(['pending', 'succeeded', 'failed', 'expired', 'missing']),
  error: optionalText,
  note: optionalText,
  usage: z.nullable(text).transform((json) => (json === null ? undefined : definedUsage(JSON.parse(json)))),
  cost_pico_usd: optionalWhole,
  cost_status: z
    .nullable(z.enum(['exact', 'estimated', 'unpriced', 'notBilled']))
    .transform((value) => value ?? undefined),
});

function definedUsage(value: unknown): NonNullable<ItemRecord['usage']> {
  const parsed = usage.parse(value);
  return Object.fromEntries(Object.entries(parsed).filter(([, tokens]) => tokens !== undefined));
}

/** A row of `batch_job`. */
export function jobOfRow(row: Row): JobRecord {
  const job = jobRow.parse(row);
  const { count_total: total, count_completed: completed, count_failed: failed } = job;
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
    count_total: job.counts?.total ?? null,
    count_completed: job.counts?.completed ?? null,
    count_failed: job.counts?.failed ?? null,
    problem: job.problem ?? null,
    notes: JSON.stringify(job.notes),
    cancel_requested: Number(job.cancelRequested),
    collected: Number(job.collected),
  };
}

/** A row of `batch_item`. */
export function itemOfRow(row: Row): ItemRecord {
  const item = itemRow.parse(row);
  return {
    jobId: item.job_id,
    id: item.id,
    position: item.position,
    promptPath: item.prompt_path,
    resultPath: item.result_path,
    resultKind: item.result_kind,
    sourceId: item.source_id,
    sourceLine: item.source_line,
    modelRequested: item.model_requested,
    alias: item.alias,
    state: item.state,
    error: item.error,
    note: item.note,
    usage: item.usage,
    costPicoUsd: item.cost_pico_usd,
    costStatus: item.cost_status,
  };
}

/** Every column of `batch_item`. */
export function itemValues(item: ItemRecord): Values {
  return {
    job_id: item.jobId,
    id: item.id,
    position: item.position,
    prompt_path: item.promptPath,
    result_path: item.resultPath,
    result_kind: item.resultKind,
    source_id: item.sourceId ?? null,
    source_line: item.sourceLine ?? null,
    model_requested: item.modelRequested,
    alias: item.alias ?? null,
    state: item.state,
    error: item.error ?? null,
    note: item.note ?? null,
    usage: item.usage === undefined ? null : JSON.stringify(item.usage),
    cost_pico_usd: item.costPicoUsd ?? null,
    cost_status: item.costStatus ?? null,
  };
}
