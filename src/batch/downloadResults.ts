import { join } from 'node:path';
import type { BatchDisk, FileWriter } from './batchDisk.ts';
import type { Answer, BatchProvider, ProviderFailure } from './batchProvider.ts';
import type { JobRecord } from './jobRecord.ts';
import { readLines } from './readLines.ts';

export type Downloads =
  | { readonly kind: 'there'; readonly paths: readonly string[]; readonly goneIds: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: ProviderFailure };

/** Where the lines of a job's output and error file lie while they are read. */
export function spoolPathsOf(dataFolder: string, jobId: string): { readonly output: string; readonly error: string } {
  return { output: join(dataFolder, `${jobId}.output.jsonl`), error: join(dataFolder, `${jobId}.error.jsonl`) };
}

const bufferedCharacters = 500_000;

/**
 * Fetches the output and error file of a job, whatever its end: expired and cancelled ones have answers that were paid.
 * A file that is already there, whole, is not fetched again.
 */
export async function downloadResults(
  job: JobRecord,
  provider: Pick<BatchProvider, 'content'>,
  disk: BatchDisk,
  dataFolder: string,
): Promise<Downloads> {
  const spools = spoolPathsOf(dataFolder, job.id);
  const wanted = [
    { fileId: job.outputFileId, path: spools.output },
    { fileId: job.errorFileId, path: spools.error },
  ];
  const paths: string[] = [];
  const goneIds: string[] = [];
  for (const { fileId, path } of wanted) {
    if (fileId === undefined) continue;
    if ((await disk.facts(path)) === undefined) {
      const answer = await fetchInto(path, () => provider.content(fileId), disk);
      if (!answer.ok && answer.failure.kind !== 'notFound') return { kind: 'failed', failure: answer.failure };
      if (!answer.ok) goneIds.push(fileId);
      if (!answer.ok) continue;
    }
    paths.push(path);
  }
  return { kind: 'there', paths, goneIds };
}

/** Line by line, with `\n` alone at the end of each: offsets in the copy are sums of the lines' lengths. */
async function fetchInto(
  path: string,
  content: () => Promise<Answer<AsyncIterable<Uint8Array>>>,
  disk: BatchDisk,
): Promise<Answer<void>> {
  const answer = await content();
  if (!answer.ok) return answer;
  const part = `${path}.part`;
  const writer = await disk.create(part);
  const broken = await copyLines(answer.value, writer);
  await writer.close(broken === undefined);
  if (broken !== undefined) return { ok: false, failure: broken };
  await disk.rename(part, path);
  return { ok: true, value: undefined };
}

/** Yields the failure of the sender; one of the disk is thrown. */
async function copyLines(pieces: AsyncIterable<Uint8Array>, writer: FileWriter): Promise<ProviderFailure | undefined> {
  const lines = readLines(pieces);
  let buffer: string[] = [];
  let buffered = 0;
  for (;;) {
    const next = await pull(lines);
    if ('kind' in next) return next;
    if (!next.done) {
      buffer.push(next.value.line, '\n');
      buffered += next.value.line.length;
    }
    if (next.done || buffered >= bufferedCharacters) {
      await writer.write(buffer.join(''));
      buffer = [];
      buffered = 0;
    }
    if (next.done) return undefined;
  }
}

async function pull(
  lines: ReturnType<typeof readLines>,
): Promise<Awaited<ReturnType<typeof lines.next>> | ProviderFailure> {
  try {
    return await lines.next();
  } catch (error) {
    const detail = `broke off: ${error instanceof Error ? error.name : 'unknown'}`;
    return { kind: 'transient', detail, retryAfterMs: undefined, sent: true };
  }
}
