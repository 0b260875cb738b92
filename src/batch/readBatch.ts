import * as z from 'zod';
import { isJsonObject } from '../wire/json.ts';
import { type BatchUsage, jobMetadataKey, type ProviderBatch } from './batchProvider.ts';
import type { JobState } from './job.ts';

const states: Readonly<Record<string, JobState>> = {
  validating: 'validating',
  in_progress: 'inProgress',
  finalizing: 'finalizing',
  completed: 'completed',
  failed: 'failed',
  expired: 'expired',
  cancelling: 'cancelling',
  cancelled: 'cancelled',
};

/** OpenAI's types say absent, its examples say null: both are read. Seconds since 1970; Together writes a date. */
const time = z.union([z.number(), z.string()]).nullish();
const id = z.string().nullish();

const batchObject = z.object({
  id: z.string().min(1),
  status: z.string(),
  created_at: time,
  completed_at: time,
  failed_at: time,
  expired_at: time,
  cancelled_at: time,
  input_file_id: id,
  output_file_id: id,
  error_file_id: id,
  request_counts: z.object({ total: z.number(), completed: z.number(), failed: z.number() }).nullish().catch(undefined),
  errors: z
    .object({
      data: z
        .array(
          z.object({
            code: z.string().nullish(),
            message: z.string().nullish(),
            line: z.number().nullish(),
          }),
        )
        .nullish(),
    })
    .nullish()
    .catch(undefined),
  /** Together's one sentence. */
  error: z.string().nullish().catch(undefined),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  usage: z.object({ input_tokens: z.number(), output_tokens: z.number() }).nullish().catch(undefined),
});

/** Reads a batch object of an OpenAI-shaped provider; undefined = it is none. */
export function readBatch(value: unknown): ProviderBatch | undefined {
  // Together's answer to a creation.
  const parsed = batchObject.safeParse(isJsonObject(value) && isJsonObject(value.job) ? value.job : value);
  if (!parsed.success) return undefined;
  const batch = parsed.data;
  // Together shouts.
  const status = batch.status.toLowerCase();
  const jobId = batch.metadata?.[jobMetadataKey];
  return {
    id: batch.id,
    state: Object.hasOwn(states, status) ? states[status] : undefined,
    createdAtMs: msOf(batch.created_at),
    endedAtMs: msOf(batch.completed_at ?? batch.failed_at ?? batch.expired_at ?? batch.cancelled_at),
    inputFileId: batch.input_file_id ?? undefined,
    outputFileId: batch.output_file_id ?? undefined,
    errorFileId: batch.error_file_id ?? undefined,
    counts: batch.request_counts ?? undefined,
    errors: errorsOf(batch),
    jobId: typeof jobId === 'string' ? jobId : undefined,
    size: batch.request_counts?.total || undefined,
    usage: usageOf(batch.usage),
  };
}

/** A provider that has no figure may say zero. */
function usageOf(usage: { input_tokens: number; output_tokens: number } | null | undefined): BatchUsage | undefined {
  if (!usage || usage.input_tokens + usage.output_tokens === 0) return undefined;
  return { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens };
}

function errorsOf({ errors, error }: z.infer<typeof batchObject>): ProviderBatch['errors'] {
  if (errors?.data == null) return error ? [{ code: '', message: error, line: undefined }] : [];
  return errors.data.map(({ code, message, line }) => ({
    code: code ?? '',
    message: message ?? '',
    line: line ?? undefined,
  }));
}

function msOf(time: number | string | null | undefined): number | undefined {
  if (time === null || time === undefined) return undefined;
  const ms = typeof time === 'number' ? Math.round(time * 1000) : Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}
