import type { CostStatus } from '../catalog/cost.ts';
import type { Usage } from '../catalog/usage.ts';

/** Ours, not the provider's: `submitting` is on disk before the first byte is sent, so that a crash is found again. */
export type JobState =
  | 'submitting'
  | 'validating'
  | 'inProgress'
  | 'finalizing'
  | 'cancelling'
  | 'completed'
  | 'failed'
  | 'expired'
  | 'cancelled'
  | 'lost';

export type ItemState = 'pending' | 'succeeded' | 'failed' | 'expired' | 'cancelled' | 'missing';

export interface JobItem {
  /** `custom_id` of the provider's line. */
  readonly id: string;
  /** Absolute path of the prompt file. */
  readonly promptPath: string;
  /** Absolute path results are written to. */
  readonly resultPath: string;
  /** The item's own `custom_id` in its `.jsonl`, where it came from one. */
  readonly sourceId?: string;
  readonly state: ItemState;
  readonly error?: string;
  /** Where the result went when it could not go beside the prompt, or an edited one was spared. */
  readonly note?: string;
  readonly usage?: Usage;
  readonly costPicoUsd?: number;
  readonly costStatus?: CostStatus;
}

export interface Job {
  readonly id: string;
  readonly workspaceId: string;
  readonly provider: string;
  readonly model: string;
  readonly alias?: string;
  readonly endpoint: string;
  readonly state: JobState;
  readonly demo: boolean;
  readonly providerBatchId?: string;
  readonly createdAtMs: number;
  readonly endedAtMs?: number;
  readonly items: readonly JobItem[];
  /** Provider's counts, where it gives them. */
  readonly counts?: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly estimatedPicoUsd?: number;
  /** Last problem, with its remedy. A transient one does not end the job. */
  readonly problem?: string;
  /** Things to know that are no problem: results written elsewhere, lines of the provider that fit no item. */
  readonly notes?: readonly string[];
  readonly collected: boolean;
}

export interface PlannedItem {
  readonly id: string;
  readonly promptPath: string;
  /** The item's own `custom_id` in its `.jsonl`, where it came from one. */
  readonly sourceId?: string;
  /** Id of an item of the same plan that asks the very same; both are sent and paid. */
  readonly duplicateOf?: string;
  /** Settings of the file that an OpenAI-shaped batch has no place for. */
  readonly ignored?: readonly string[];
  readonly inputTokens: number;
  readonly inputTokensBasis: 'exact' | 'estimated';
  readonly maxOutputTokens?: number;
}

export interface PlannedJob {
  readonly provider: string;
  readonly model: string;
  readonly alias?: string;
  readonly endpoint: string;
  readonly demo: boolean;
  readonly items: readonly PlannedItem[];
  readonly inputTokens: number;
  /** Input at batch and at standard price; undefined = price unknown. */
  readonly batchPicoUsd?: number;
  readonly standardPicoUsd?: number;
  /** Upper bound with every answer at its `max_tokens`; undefined where one has no bound or no price. */
  readonly maxBatchPicoUsd?: number;
  readonly priceId?: string;
}

export interface RefusedFile {
  readonly promptPath: string;
  readonly reason: string;
}

/** What would be sent, shown before it is. */
export interface BatchPlan {
  readonly id: string;
  readonly workspaceId: string;
  readonly jobs: readonly PlannedJob[];
  readonly refused: readonly RefusedFile[];
}
