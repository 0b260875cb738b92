import * as z from 'zod';
import { jobMetadataKey, type ProviderBatch } from './batchProvider.ts';
import type { JobState } from './job.ts';

const states: Readonly<Record<string, JobState>> = {
  QUEUED: 'validating',
  RUNNING: 'inProgress',
  SUCCESS: 'completed',
  FAILED: 'failed',
  TIMEOUT_EXCEEDED: 'expired',
  CANCELLATION_REQUESTED: 'cancelling',
  CANCELLED: 'cancelled',
};

const count = z.number().nullish();

/** mistralai/client-python, `BatchJobOut` (2026). */
const batchJob = z.object({
  id: z.string().min(1),
  status: z.string(),
  created_at: count,
  completed_at: count,
  input_files: z.array(z.string()).nullish().catch(undefined),
  output_file: z.string().nullish(),
  error_file: z.string().nullish(),
  errors: z
    .array(z.object({ message: z.string().nullish() }))
    .nullish()
    .catch(undefined),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  total_requests: count,
  succeeded_requests: count,
  failed_requests: count,
});

/** Reads a batch job of Mistral's; undefined = it is none. */
export function readMistralBatch(value: unknown): ProviderBatch | undefined {
  const parsed = batchJob.safeParse(value);
  if (!parsed.success) return undefined;
  const { total_requests: total, succeeded_requests: completed, failed_requests: failed, ...job } = parsed.data;
  const jobId = job.metadata?.[jobMetadataKey];
  return {
    id: job.id,
    state: Object.hasOwn(states, job.status) ? states[job.status] : undefined,
    createdAtMs: msOf(job.created_at),
    endedAtMs: msOf(job.completed_at),
    inputFileId: job.input_files?.[0],
    outputFileId: job.output_file ?? undefined,
    errorFileId: job.error_file ?? undefined,
    counts: total == null || completed == null || failed == null ? undefined : { total, completed, failed },
    errors: (job.errors ?? []).map(({ message }) => ({ code: '', message: message ?? '', line: undefined })),
    jobId: typeof jobId === 'string' ? jobId : undefined,
    size: total || undefined,
    usage: undefined,
  };
}

function msOf(unixSeconds: number | null | undefined): number | undefined {
  return unixSeconds === null || unixSeconds === undefined ? undefined : Math.round(unixSeconds * 1000);
}
