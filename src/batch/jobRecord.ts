import type { CostStatus } from '../catalog/cost.ts';
import type { Usage } from '../catalog/usage.ts';
import type { BatchUsage } from './batchProvider.ts';
import type { ItemState, Job, JobItem, JobState, JobTotals } from './job.ts';
import type { BatchEndpoint } from './requestRow.ts';

/** How far a submission came, as it stands on disk. */
export type SubmitPhase = 'new' | 'uploaded' | 'creating' | 'created';

/** A job as it is kept; `planned` ones are not jobs yet. */
export interface JobRecord {
  readonly id: string;
  readonly planId: string;
  readonly workspaceId: string;
  readonly provider: string;
  /** Where it was sent: its handle means nothing anywhere else. */
  readonly baseUrl: string;
  readonly model: string;
  readonly alias: string | undefined;
  readonly endpoint: BatchEndpoint;
  readonly demo: boolean;
  readonly createdAtMs: number;
  readonly estimatedPicoUsd: number | undefined;
  readonly state: JobState | 'planned';
  readonly phase: SubmitPhase;
  readonly phaseAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly inputFileId: string | undefined;
  readonly providerBatchId: string | undefined;
  readonly outputFileId: string | undefined;
  readonly errorFileId: string | undefined;
  readonly spentBatchIds: readonly string[];
  /** Batches that were there before ours was created; kept where a batch bears no mark of the job. */
  readonly seenBatchIds: readonly string[];
  /** `providerBatchId` may be that of somebody else's batch, as long as it runs. */
  readonly unconfirmed: boolean;
  /** Requests that are sent. */
  readonly size: number;
  /** As counted for the plan. */
  readonly inputTokens: number;
  /** What the provider counted for the whole batch. */
  readonly billed: BatchUsage | undefined;
  /** The most that what is still under way can cost; undefined = nothing bounds it, or it is collected. */
  readonly worstPicoUsd: bigint | undefined;
  /** The most that the first request costs when it is run at once. */
  readonly tryPicoUsd: bigint | undefined;
  /** The price of its model is not known. */
  readonly isUnpriced: boolean;
  readonly expiryWarned: boolean;
  readonly counts: Job['counts'];
  readonly problem: string | undefined;
  readonly notes: readonly string[];
  readonly cancelRequested: boolean;
  readonly collected: boolean;
}

/** `text`: a Markdown file per item; `json`: the JSON answer in a file per item; `rows`: a line in the file of its set. */
export type ResultKind = 'text' | 'json' | 'rows';

export interface ItemRecord {
  readonly jobId: string;
  readonly id: string;
  /** Place in the job, from 0. */
  readonly position: number;
  readonly promptPath: string;
  readonly resultPath: string;
  readonly resultKind: ResultKind;
  readonly sourceId: string | undefined;
  readonly sourceLine: number | undefined;
  /** As the file or the settings wrote it. */
  readonly modelRequested: string;
  readonly alias: string | undefined;
  readonly state: ItemState;
  readonly error: string | undefined;
  readonly note: string | undefined;
  readonly usage: Usage | undefined;
  readonly costPicoUsd: number | undefined;
  readonly costStatus: CostStatus | undefined;
  /** Of what is asked: the same for the same request to the same model. */
  readonly digest: string | undefined;
  /** An item of this job whose answer is this one's too; `@JOB`: answered by an earlier job. */
  readonly copyOf: string | undefined;
}

/** An item as it is planned. */
export interface NewItem extends ItemRecord {
  /** The values that made its prompt, where it is one of many of a file. JSON. */
  readonly variables: string | undefined;
}

export const endedStates: ReadonlySet<JobState | 'planned'> = new Set<JobState | 'planned'>([
  'completed',
  'failed',
  'expired',
  'cancelled',
  'lost',
]);

/** What others see of a job. */
export function toJob(record: JobRecord, items: readonly ItemRecord[], totals: JobTotals): Job {
  return {
    id: record.id,
    workspaceId: record.workspaceId,
    provider: record.provider,
    model: record.model,
    ...present('alias', record.alias),
    endpoint: record.endpoint,
    state: record.state === 'planned' ? 'submitting' : record.state,
    demo: record.demo,
    ...present('providerBatchId', record.providerBatchId),
    createdAtMs: record.createdAtMs,
    ...present('endedAtMs', record.endedAtMs),
    items: items.map(toItem),
    totals,
    ...present('counts', record.counts),
    ...present('estimatedPicoUsd', record.estimatedPicoUsd),
    ...present('problem', record.problem),
    ...present('notes', record.notes.length === 0 ? undefined : record.notes),
    collected: record.collected,
  };
}

export function toItem(item: ItemRecord): JobItem {
  return {
    id: item.id,
    promptPath: item.promptPath,
    resultPath: item.resultPath,
    ...present('sourceId', item.sourceId),
    state: item.state,
    ...present('error', item.error),
    ...present('note', item.note),
    ...present('copyOf', item.copyOf),
    ...present('usage', item.usage),
    ...present('costPicoUsd', item.costPicoUsd),
    ...present('costStatus', item.costStatus),
  };
}

/** `{ [key]: value }`, or nothing where there is no value: for exact optional properties. */
export function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  const object: { [P in K]?: V } = {};
  if (value !== undefined) object[key] = value;
  return object;
}
