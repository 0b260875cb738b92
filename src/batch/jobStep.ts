import type { Catalog } from '../catalog/catalog.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { BatchDisk } from './batchDisk.ts';
import type { BatchLog } from './batchLog.ts';
import type { BatchProvider, ProviderFailure } from './batchProvider.ts';
import { problems } from './errors.ts';
import type { InTurn } from './inTurn.ts';
import type { JobRecord } from './jobRecord.ts';
import type { JobStore } from './jobStore.ts';
import type { BatchTiming } from './timing.ts';

/** When to take the next step of a job. `blocked`: when the user has changed something. */
export type Step =
  | { readonly next: 'now' }
  | { readonly next: 'poll' }
  | { readonly next: 'retry'; readonly afterMs: number | undefined }
  | { readonly next: 'wait'; readonly afterMs: number }
  | { readonly next: 'blocked' }
  | { readonly next: 'over' };

/** What is remembered of a job while the process lives. */
export interface JobMemory {
  /** Failures in a row. */
  failures: number;
  /** Times in a row that the provider did not know the batch. */
  misses: number;
  /** Times that a result file was not there. */
  fileMisses: number;
  /** Collected before: results that were deleted since are to be written again. */
  collectAgain: boolean;
}

export interface StepContext {
  readonly jobs: JobStore;
  readonly disk: BatchDisk;
  readonly dataFolder: string;
  readonly timing: BatchTiming;
  readonly now: () => number;
  readonly log: BatchLog;
  readonly provider: BatchProvider;
  readonly memory: JobMemory;
  readonly ledger: Pick<Ledger, 'record' | 'flush'>;
  readonly catalogOf: (workspaceId: string) => Catalog;
  /** Tells the spending limits of money that was spent. */
  readonly book: (workspaceId: string, picoUsd: bigint) => void;
  /** Jobs of one plan may share a result file: its last part is done by one at a time. */
  readonly inTurn: InTurn;
}

/** Not known to the provider so many times in a row is gone; fewer may be one of its replicas lagging behind. */
export const missesUntilGone = 3;

export const over: Step = { next: 'over' };
export const atOnce: Step = { next: 'now' };

/** A failure that time or the user will mend: remembers the problem and comes back. */
export function comeBack(job: JobRecord, failure: ProviderFailure, { jobs }: StepContext): Step {
  switch (failure.kind) {
    case 'auth':
      jobs.update(job.id, { problem: problems.keyRefused(job.provider, failure.status) });
      return { next: 'blocked' };
    case 'transient':
      jobs.update(job.id, { problem: problems.transient(job.provider, failure.detail) });
      return { next: 'retry', afterMs: failure.retryAfterMs };
    case 'notFound':
      jobs.update(job.id, { problem: problems.transient(job.provider, 'HTTP 404') });
      return { next: 'retry', afterMs: undefined };
    case 'queueFull':
    case 'rejected':
      jobs.update(job.id, { problem: problems.transient(job.provider, failure.detail) });
      return { next: 'retry', afterMs: undefined };
  }
}
