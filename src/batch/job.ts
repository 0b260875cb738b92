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
  /** The item of this job whose answer it has too; `@JOB`: its answer is of an earlier job. */
  readonly copyOf?: string;
  readonly usage?: Usage;
  readonly costPicoUsd?: number;
  readonly costStatus?: CostStatus;
}

/** Items of a job by state, and what they cost together. */
export interface JobTotals extends Readonly<Record<ItemState, number>> {
  readonly items: number;
  /** Of them, those with the answer of another item or an earlier job: not sent, not billed. */
  readonly copies: number;
  /** Sum of the known costs, as a decimal number: it may pass what a JSON number holds exactly. */
  readonly picoUsd: string;
  /** Answered items whose price is not known. */
  readonly unpriced: number;
  /** Answered items whose cost is an estimate. */
  readonly estimated: number;
  readonly priced: number;
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
  /** The first ones; `totals.items` tells how many there are. */
  readonly items: readonly JobItem[];
  readonly totals: JobTotals;
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
  /** Id of an item of the same job that asks the very same: this one is not sent, and gets that one's answer. */
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
  /** The first ones of `itemCount`. */
  readonly items: readonly PlannedItem[];
  readonly itemCount: number;
  /** Of them, those that get another item's answer: not sent, not billed. */
  readonly duplicates: number;
  /** Bytes that are sent. */
  readonly bytes: number;
  /** What its provider takes in one batch. */
  readonly limits: { readonly maxItems: number; readonly maxBytes: number };
  readonly inputTokens: number;
  readonly inputTokensBasis: 'exact' | 'estimated';
  /** Sum of the limits of all answers; undefined where one has none. */
  readonly maxOutputTokens?: number;
  /** Waiting tokens that the provider allows of this model, where it has told. */
  readonly queueLimitTokens?: number;
  /** Input at batch and at standard price; undefined = price unknown. */
  readonly batchPicoUsd?: number;
  readonly standardPicoUsd?: number;
  /** Upper bound with every answer at its `max_tokens`; undefined where one has no bound or no price. */
  readonly maxBatchPicoUsd?: number;
  readonly maxStandardPicoUsd?: number;
  readonly priceId?: string;
  /** What would keep it from being sent now, with the remedy: no key, for example. */
  readonly problem?: string;
}

export interface RefusedFile {
  readonly promptPath: string;
  readonly reason: string;
}

/** What became of one request that was run at once, before its batch is submitted. */
export type TriedRequest = {
  readonly promptPath: string;
  readonly sourceId?: string;
  readonly model: string;
} & (
  | { readonly ok: false; readonly problem: string }
  | {
      readonly ok: true;
      readonly text: string;
      readonly latencyMs: number;
      readonly usage?: Usage;
      readonly finishReason?: string;
      readonly costStatus: CostStatus;
      /** At the standard price. */
      readonly costPicoUsd?: number;
    }
);

/** A request that was answered before, by a result that is still there as it was written: not sent again. */
export interface AnsweredBefore {
  readonly promptPath: string;
  readonly resultPath: string;
  readonly requests: number;
}

/**
 * Why a spending limit, or the rule for models of unknown price, does not let a batch be submitted. Money is picodollars as
 * decimal text.
 */
export interface SpendingObjection {
  /** Names limit, what is spent, when it starts anew, and how to go on. */
  readonly message: string;
  readonly limit?: {
    /** `workspace`, `user` … as in `budgets`. */
    readonly scope: string;
    readonly window: string;
    readonly limitPicoUsd: string;
    readonly spentPicoUsd: string;
    readonly heldPicoUsd: string;
    readonly resetAtMs?: number;
  };
  /** Absent = nothing bounds it. */
  readonly worstPicoUsd?: string;
}

/** What would be sent, shown before it is. */
export interface BatchPlan {
  readonly id: string;
  readonly workspaceId: string;
  readonly jobs: readonly PlannedJob[];
  readonly refused: readonly RefusedFile[];
  readonly answered: readonly AnsweredBefore[];
  /** It cannot be submitted as things are. */
  readonly objection?: SpendingObjection;
}
