import * as z from 'zod';
import type { ProviderBatch } from './batchProvider.ts';
import type { JobState } from './job.ts';

const time = z.string().nullish();

const messageBatch = z.object({
  id: z.string().min(1),
  processing_status: z.string(),
  created_at: time,
  ended_at: time,
  cancel_initiated_at: time,
  request_counts: z
    .object({
      processing: z.number(),
      succeeded: z.number(),
      errored: z.number(),
      canceled: z.number(),
      expired: z.number(),
    })
    .nullish()
    .catch(undefined),
});

type MessageBatch = z.infer<typeof messageBatch>;

/**
 * Reads a message batch of Anthropic's; undefined = it is none. Its results have no file of their own: they are named by
 * the batch.
 */
export function readMessageBatch(value: unknown): ProviderBatch | undefined {
  const parsed = messageBatch.safeParse(value);
  if (!parsed.success) return undefined;
  const batch = parsed.data;
  const isEnded = batch.processing_status === 'ended';
  const { request_counts: counts } = batch;
  const size = counts == null ? undefined : Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    id: batch.id,
    state: stateOf(batch),
    createdAtMs: msOf(batch.created_at),
    endedAtMs: msOf(batch.ended_at),
    inputFileId: undefined,
    outputFileId: isEnded ? batch.id : undefined,
    errorFileId: undefined,
    // All but `processing` stay zero until the whole batch has ended: no progress to show.
    counts:
      isEnded && counts != null && size !== undefined
        ? { total: size, completed: counts.succeeded, failed: size - counts.succeeded }
        : undefined,
    errors: [],
    jobId: undefined,
    size: size || undefined,
    usage: undefined,
  };
}

/** `ended` says nothing of how: the counts do. */
function stateOf({ processing_status: status, request_counts: counts }: MessageBatch): JobState | undefined {
  if (status === 'in_progress') return 'inProgress';
  if (status === 'canceling') return 'cancelling';
  if (status !== 'ended') return undefined;
  if ((counts?.canceled ?? 0) > 0) return 'cancelled';
  return (counts?.expired ?? 0) > 0 ? 'expired' : 'completed';
}

function msOf(rfc3339: string | null | undefined): number | undefined {
  const ms = Date.parse(rfc3339 ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
