import type { PanelDimension, PanelPeriod, PanelView } from './panelView.ts';
import type { PanelGroup, PanelSpend } from './spend.ts';

/*
 * What the panel reads of the service's `PeriodOverview`, which fits these shapes: the compiler checks it where one is handed over.
 */

/** Money is picodollars as decimal text. */
export interface PanelOverview extends PanelView {
  readonly spend: PanelSpend;
  readonly groups: readonly PanelGroup[];
  readonly groupsLeftOut: number;
  readonly series: PanelSeries;
  readonly latency: PanelLatency;
  readonly choices: Readonly<Record<PanelDimension, readonly string[]>>;
  readonly periods: readonly PanelPeriodSum[];
  readonly limits: readonly PanelLimit[];
}

export interface PanelSeries {
  readonly bucketMs: number;
  readonly startsMs: readonly number[];
  readonly layers: readonly PanelLayer[];
}

export interface PanelLayer {
  readonly key: string | undefined;
  readonly others?: number;
  readonly costPicoUsd: readonly string[];
}

export interface PanelPercentiles {
  readonly p50: number;
  readonly p99: number;
}

export interface PanelLatency {
  readonly calls: number;
  readonly overheadMs?: PanelPercentiles;
  readonly attempts: number;
  readonly providerMs?: PanelPercentiles;
  readonly firstByteMs?: PanelPercentiles;
}

export interface PanelPeriodSum {
  readonly period: PanelPeriod;
  readonly costPicoUsd: string;
  readonly estimatedAttempts: number;
  readonly unpricedAttempts: number;
}

export interface PanelLimit {
  readonly scope: string;
  readonly window: 'day' | 'week' | 'month' | 'session';
  readonly limitPicoUsd: string;
  readonly spentPicoUsd: string;
}
