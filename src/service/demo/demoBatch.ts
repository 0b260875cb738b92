import * as z from 'zod';

const counts = z.object({ total: z.number(), completed: z.number(), failed: z.number() });

/** A batch of the demo provider as it is kept on disk; its status follows from the clock. */
export const demoBatchRecord = z.object({
  id: z.string(),
  endpoint: z.string(),
  model: z.string().optional(),
  inputFileId: z.string(),
  metadata: z.record(z.string(), z.string()),
  createdAtMs: z.number(),
  cancelledAtMs: z.number().optional(),
  total: z.number(),
  errors: z.array(z.object({ code: z.string(), message: z.string(), line: z.number() })),
  /** Set when the result files are written. */
  finished: z
    .object({
      atMs: z.number(),
      outputFileId: z.string().optional(),
      counts,
      inputTokens: z.number(),
      outputTokens: z.number(),
    })
    .optional(),
});

export type DemoBatch = z.infer<typeof demoBatchRecord>;

/** Milliseconds from creation: long enough to be seen in every state, short enough to wait for. */
const validatedAfterMs = 1_000;
const answeredAfterMs = 3_000;
const finalizedAfterMs = 4_000;
const cancelledAfterMs = 1_000;

export type DemoStatus =
  | 'validating'
  | 'failed'
  | 'in_progress'
  | 'finalizing'
  | 'completed'
  | 'cancelling'
  | 'cancelled';

export function demoStatus(batch: DemoBatch, nowMs: number): DemoStatus {
  const ageMs = nowMs - batch.createdAtMs;
  if (batch.cancelledAtMs !== undefined) {
    const isDue = nowMs - batch.cancelledAtMs >= cancelledAfterMs;
    return isDue && batch.finished !== undefined ? 'cancelled' : 'cancelling';
  }
  if (ageMs < validatedAfterMs) return 'validating';
  if (batch.errors.length > 0) return 'failed';
  if (ageMs < answeredAfterMs) return 'in_progress';
  return ageMs < finalizedAfterMs || batch.finished === undefined ? 'finalizing' : 'completed';
}

/** How many requests, from the first, are answered by now; a cancelled batch answers no more. */
export function answeredBy(batch: DemoBatch, nowMs: number): number {
  if (batch.errors.length > 0) return 0;
  const workedMs = Math.min(batch.cancelledAtMs ?? nowMs, nowMs) - batch.createdAtMs - validatedAfterMs;
  const share = Math.min(Math.max(workedMs / (answeredAfterMs - validatedAfterMs), 0), 1);
  return Math.floor(batch.total * share);
}

/** The time has come to write the result files. */
export function isDue(batch: DemoBatch, nowMs: number): boolean {
  if (batch.finished !== undefined) return false;
  return (
    batch.cancelledAtMs !== undefined || (batch.errors.length === 0 && nowMs - batch.createdAtMs >= answeredAfterMs)
  );
}

/** The batch object of OpenAI's API (openai-node 7.57 `Batch`). */
export function demoBatchObject(batch: DemoBatch, nowMs: number): object {
  const status = demoStatus(batch, nowMs);
  const isEnded = status === 'completed' || status === 'cancelled';
  const at = (ms: number): number => Math.floor(ms / 1000);
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint,
    model: batch.model ?? null,
    errors: status === 'failed' ? { object: 'list', data: batch.errors } : null,
    input_file_id: batch.inputFileId,
    completion_window: '24h',
    status,
    output_file_id: isEnded ? (batch.finished?.outputFileId ?? null) : null,
    error_file_id: null,
    created_at: at(batch.createdAtMs),
    in_progress_at: status === 'validating' ? null : at(batch.createdAtMs + validatedAfterMs),
    expires_at: at(batch.createdAtMs + 86_400_000),
    completed_at: status === 'completed' ? at(batch.finished?.atMs ?? nowMs) : null,
    failed_at: status === 'failed' ? at(batch.createdAtMs + validatedAfterMs) : null,
    cancelled_at: status === 'cancelled' ? at((batch.cancelledAtMs ?? nowMs) + cancelledAfterMs) : null,
    request_counts: isEnded
      ? (batch.finished?.counts ?? null)
      : { total: batch.total, completed: answeredBy(batch, nowMs), failed: 0 },
    metadata: batch.metadata,
    usage:
      isEnded && batch.finished !== undefined
        ? {
            input_tokens: batch.finished.inputTokens,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: batch.finished.outputTokens,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: batch.finished.inputTokens + batch.finished.outputTokens,
          }
        : null,
  };
}
