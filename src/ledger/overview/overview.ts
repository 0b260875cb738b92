import type { SpendGroup, SpendSnapshot } from '../ledger.ts';
import type { Bucket } from '../rollup/readRollup.ts';
import type { Dimension, SpendFilter } from '../rollup/spendFilter.ts';

export interface OverviewQuery {
  readonly workspaceId: string;
  /** Half open, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Buckets are hours and days of UTC, as providers bill. */
  readonly bucket: Bucket;
  readonly by: Dimension;
  readonly filter: SpendFilter;
  readonly lastCalls: number;
}

/** What the calls that a filter leaves have cost, over time and by one dimension. Rows that could not be written yet are missing. */
export interface SpendOverview {
  readonly spend: SpendSnapshot;
  readonly by: Dimension;
  /** The dearest; the sums of the others are in `spend.totals` only. */
  readonly groups: readonly SpendGroup[];
  readonly groupsLeftOut: number;
  readonly series: SpendSeries;
  readonly latency: Latency;
  /** What can be filtered by within the time, dearest first; empty text = not named. */
  readonly choices: Readonly<Record<Dimension, readonly string[]>>;
}

export interface SpendSeries {
  readonly bucketMs: number;
  /** When each bucket begins; every one of the time is there, also without calls. */
  readonly startsMs: readonly number[];
  /** Dearest first; what is beyond the largest is one layer, the last. */
  readonly layers: readonly SpendLayer[];
}

export interface SpendLayer {
  /** Undefined = not named. */
  readonly key: string | undefined;
  /** The layer holds this many others. */
  readonly others?: number;
  /** Picodollars as decimal text, for each bucket. */
  readonly costPicoUsd: readonly string[];
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** Measured on the newest calls. Milliseconds. */
export interface Latency {
  readonly calls: number;
  /** Time spent in Tollgate itself. */
  readonly overheadMs?: Percentiles;
  /** Requests that a provider answered with success, until their end and until their first byte. */
  readonly attempts: number;
  readonly providerMs?: Percentiles;
  readonly firstByteMs?: Percentiles;
}
