import { createHash } from 'node:crypto';
import type { BatchDisk } from './batchDisk.ts';
import type { JobStore } from './jobStore.ts';
import type { PreparedRequest } from './preparedRequest.ts';

export interface EarlierAnswer {
  readonly jobId: string;
  readonly resultPath: string;
}

interface Deps {
  readonly jobs: Pick<JobStore, 'answered' | 'written'>;
  readonly disk: Pick<BatchDisk, 'facts' | 'stream'>;
}

/**
 * Looks for the answer that a prompt file has had to the same request: one that is still where it was written, as it was
 * written. A result that was edited, moved or deleted is no reason to spare the request.
 */
export function createAnsweredBefore(
  { jobs, disk }: Deps,
  workspaceId: string,
): (request: Pick<PreparedRequest, 'promptPath' | 'sourceId'>, digest: string) => Promise<EarlierAnswer | undefined> {
  const intact = new Map<string, boolean>();
  const isIntact = async (path: string): Promise<boolean> => {
    const written = jobs.written(path);
    if (written === undefined || (await disk.facts(path))?.kind !== 'file') return false;
    const hash = createHash('sha256');
    for await (const piece of disk.stream(path)) hash.update(piece);
    return hash.digest('hex') === written.sha256;
  };
  return async ({ promptPath, sourceId }, digest) => {
    const before = jobs.answered(workspaceId, digest, promptPath, sourceId);
    if (before === undefined) return undefined;
    const known = intact.get(before.resultPath) ?? (await isIntact(before.resultPath));
    intact.set(before.resultPath, known);
    return known ? before : undefined;
  };
}
