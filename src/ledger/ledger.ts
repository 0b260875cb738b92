import type { OverviewQuery, SpendOverview } from './overview/overview.ts';
import type { AttemptRow, CacheOutcome, CallRow } from './rows.ts';

/** Sums over calls. Money is picodollars as decimal text, because sums pass 2^53 and cross a JSON border. */
export interface SpendTotals {
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
  /** By answers the cache served. */
  readonly savedPicoUsd: string;
  /** What `shadow…` outcomes would have saved, had the mode been `on`. Never part of `savedPicoUsd`. */
  readonly shadowSavedPicoUsd: string;
  /** Hits whose saving is not known because the stored answer was unpriced. */
  readonly unpricedHits: number;
  readonly cacheOutcomes: Readonly<Partial<Record<CacheOutcome, number>>>;
}

export interface SpendGroup {
  /** Model id (`openai/gpt-4o`), or feature; `undefined` = not given. */
  readonly key: string | undefined;
  readonly calls: number;
  readonly cacheHits: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costPicoUsd: string;
  readonly savedPicoUsd: string;
  readonly unpricedAttempts: number;
}

export interface CallWithAttempts {
  readonly call: CallRow;
  readonly attempts: readonly AttemptRow[];
}

/** What the status bar and the panel show. */
export interface SpendSnapshot {
  readonly workspaceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly totals: SpendTotals;
  readonly byModel: readonly SpendGroup[];
  readonly byFeature: readonly SpendGroup[];
  /** Newest first. */
  readonly lastCalls: readonly CallWithAttempts[];
}

export interface SpendQuery {
  readonly workspaceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lastCalls: number;
}

/** Append-only record of calls and attempts. Made by `createLedger`. */
export interface Ledger {
  /**
   * Queues the rows; they are committed together within 250 ms, and on `flush`. A call recorded twice (same id) counts once.
   * Never throws: a full disk is reported once by `onProblem`, and the rows wait for space.
   */
  record(call: CallRow, attempts: readonly AttemptRow[]): void;
  flush(): void;
  /** Includes rows still queued. */
  spend(query: SpendQuery): SpendSnapshot;
  /** What a filter leaves, over time and by one dimension; without rows that cannot be written yet. */
  overview(query: OverviewQuery): SpendOverview;
  /** Like `overview`, of all calls of a time. */
  totals(window: Pick<SpendQuery, 'workspaceId' | 'fromMs' | 'toMs'>): SpendTotals;
  /** Commits what is queued. Rows recorded after it are not kept. */
  close(): void;
}
