import { join } from 'node:path';
import type { BatchDisk } from './batchDisk.ts';
import type { JobStore } from './jobStore.ts';

const ownNames = /^([\w-]+)\.(?:input\.jsonl|output\.jsonl|error\.jsonl|.*\.part|.*\.draft)$/;
const unfinished = /\.(?:part|draft)$/;

/** Removes what a killed process left half done: files of plans that were never stored, torn downloads, drafts. */
export async function sweepFolder(dataFolder: string, disk: BatchDisk, jobs: Pick<JobStore, 'job'>): Promise<void> {
  for (const name of await disk.list(dataFolder)) {
    const jobId = ownNames.exec(name)?.[1];
    if (jobId === undefined) continue;
    const job = jobs.job(jobId);
    if (job === undefined || job.collected || unfinished.test(name)) await disk.remove(join(dataFolder, name));
  }
}
