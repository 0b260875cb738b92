import { maxPages } from './batchClient.ts';
import type { BatchTrace, FoundBatch, ProviderBatch } from './batchProvider.ts';

/** Clocks differ: a batch may look older than the request that made it. */
const clockSlackMs = 24 * 3_600_000;

/**
 * Looks for a job's batch, by our id in it or the file it was made of, through the pages of a listing.
 * @param order without a known one, every page has to be looked at
 */
export async function findBatch(
  pages: AsyncIterable<readonly ProviderBatch[]>,
  trace: BatchTrace,
  order: 'newestFirst' | 'unknown',
): Promise<FoundBatch | undefined> {
  let count = 0;
  for await (const batches of pages) {
    const found = batches.find((batch) => isOf(batch, trace));
    if (found !== undefined) return { batch: found, isCertain: true };
    if (order === 'newestFirst' && isBefore(batches, trace.submittedAtMs - clockSlackMs)) return undefined;
    count += 1;
    if (count >= maxPages) throw new Error('the listing has no end');
  }
  return undefined;
}

/** Rows that are not newest first, although they should be, do not tell where to stop. */
function isBefore(batches: readonly ProviderBatch[], timeMs: number): boolean {
  const created = batches.map(({ createdAtMs }) => createdAtMs ?? Number.POSITIVE_INFINITY);
  return created.length > 0 && created.every((ms, index) => ms < timeMs && ms <= (created[index - 1] ?? ms));
}

function isOf({ id, jobId, inputFileId }: ProviderBatch, trace: BatchTrace): boolean {
  if (trace.exceptIds.includes(id)) return false;
  return jobId === trace.jobId || (inputFileId !== undefined && inputFileId === trace.inputFileId);
}
