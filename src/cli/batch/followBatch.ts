import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../batch/job.ts';
import type { BatchService } from './openBatchService.ts';

const pollMs = 500;

const endedStates: readonly Job['state'][] = ['completed', 'failed', 'expired', 'cancelled', 'lost'];

/** Nothing more is going to happen to it. */
export function isHome(job: Job): boolean {
  return job.collected || job.state === 'lost';
}

export function hasFailed(job: Job): boolean {
  const { failed, expired, cancelled, missing } = job.totals;
  return job.state === 'failed' || job.state === 'lost' || failed + expired + cancelled + missing > 0;
}

/** The provider has it, or it will never have it, or only the user can help. */
export function isSent(job: Job): boolean {
  return job.state !== 'submitting' || job.problem !== undefined;
}

export function hasEnded(job: Job): boolean {
  return endedStates.includes(job.state);
}

/** Looks at jobs until they are as wanted, the time is over, or the user wants no more; yields them as they were last. */
export async function watchJobs(
  { client, workspaceId }: Pick<BatchService, 'client' | 'workspaceId'>,
  ids: readonly string[],
  isDone: (job: Job) => boolean,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly Job[]> {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    const { jobs } = await client.jobs(workspaceId);
    const watched = jobs.filter(({ id }) => ids.includes(id));
    if (watched.every(isDone) || signal.aborted || performance.now() >= untilMs) return watched;
    await sleep(pollMs, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
