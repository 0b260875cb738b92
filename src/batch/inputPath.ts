import { join } from 'node:path';

/** Where a job's input file lies from the plan until the provider has taken it. */
export function inputPathOf(dataFolder: string, jobId: string): string {
  return join(dataFolder, `${jobId}.input.jsonl`);
}
