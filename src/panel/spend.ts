import type { CostStatus } from '../catalog/cost.ts';
import type { Price, ServiceTier } from '../catalog/price.ts';
import type { Usage } from '../catalog/usage.ts';

/*
 * What the panel reads of a spend snapshot. The ledger's `SpendSnapshot` fits these shapes, which the compiler checks
 * where one is handed over; they are written out because this room runs in a browser and knows no ledger.
 */

export type PanelCacheOutcome =
  | 'hitExact'
  | 'hitWording'
  | 'hitSemantic'
  | 'joined'
  | 'shadowExact'
  | 'shadowWording'
  | 'shadowSemantic'
  | 'miss'
  | 'bypass';

/** Money is picodollars as decimal text. */
export interface PanelTotals {
  readonly calls: number;
  readonly unmeteredCalls: number;
  readonly failedCalls: number;
  readonly attempts: number;
  readonly unpricedAttempts: number;
  readonly estimatedAttempts: number;
  readonly demoAttempts: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costPicoUsd: string;
  readonly savedPicoUsd: string;
  readonly shadowSavedPicoUsd: string;
  readonly unpricedHits: number;
  readonly cacheOutcomes: Readonly<Partial<Record<PanelCacheOutcome, number>>>;
}

export interface PanelGroup {
  readonly key: string | undefined;
  readonly calls: number;
  readonly cacheHits: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costPicoUsd: string;
  readonly savedPicoUsd: string;
  readonly unpricedAttempts: number;
}

export interface PanelAttempt {
  readonly provider: string;
  readonly model: string;
  readonly demo: boolean;
  readonly serviceTier: ServiceTier;
  readonly startedAtMs: number;
  readonly firstByteAtMs?: number;
  readonly endedAtMs: number;
  readonly status: number;
  readonly errorClass?: string;
  readonly finishReason?: string;
  readonly usage: Usage;
  readonly costStatus: CostStatus;
  readonly costReason?: string;
  readonly costPicoUsd?: number;
  readonly priceId?: string;
}

export interface PanelCall {
  readonly call: {
    readonly id: string;
    readonly startedAtMs: number;
    readonly endedAtMs: number;
    readonly endpoint: string;
    readonly stream: boolean;
    readonly metered: boolean;
    readonly modelRequested?: string;
    readonly alias?: string;
    readonly model?: string;
    readonly route?: string;
    readonly cache: PanelCacheOutcome;
    readonly cacheReason?: string;
    readonly savedPicoUsd?: number;
    readonly status: number;
    readonly errorClass?: string;
    readonly feature?: string;
    readonly session?: string;
    readonly branch?: string;
    readonly commit?: string;
    readonly callSite?: string;
    readonly client?: string;
    readonly overheadMs: number;
  };
  readonly attempts: readonly PanelAttempt[];
}

export interface PanelSpend {
  readonly fromMs: number;
  readonly toMs: number;
  readonly totals: PanelTotals;
  readonly byModel: readonly PanelGroup[];
  readonly byFeature: readonly PanelGroup[];
  /** Newest first. */
  readonly lastCalls: readonly PanelCall[];
}

/** Prices by id, for the attempts shown. A price that the catalogue no longer has is missing. */
export type PanelPrices = Readonly<Record<string, Price>>;
