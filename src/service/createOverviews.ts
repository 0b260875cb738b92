import type { SpendingState } from '../budget/spendingLimits.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Dimension, SpendFilter } from '../ledger/rollup/spendFilter.ts';
import { type SpendPeriod, spendPeriods } from '../ledger/spendText.ts';
import type { LimitState, PeriodOverview, PeriodSum } from './api.ts';
import { periodWindow } from './spendPeriod.ts';

export interface OverviewsDeps {
  readonly ledger: Pick<Ledger, 'overview' | 'totals'>;
  readonly limitsOf: (workspaceId: string) => readonly SpendingState[];
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface OverviewRequest {
  readonly workspaceId: string;
  readonly period: SpendPeriod;
  readonly by: Dimension;
  readonly filter: SpendFilter;
}

const lastCalls = 50;

/** What the panel shows of a period: the overview, every period's sum, and the limits that hold now. */
export function createOverviews({
  ledger,
  limitsOf,
  clock,
}: OverviewsDeps): (request: OverviewRequest) => PeriodOverview {
  return ({ workspaceId, period, by, filter }) => {
    const nowMs = clock();
    const sumOf = (each: SpendPeriod): PeriodSum => {
      const totals = ledger.totals({ workspaceId, ...periodWindow(each, nowMs) });
      const { costPicoUsd, estimatedAttempts, unpricedAttempts } = totals;
      return { period: each, costPicoUsd, estimatedAttempts, unpricedAttempts };
    };
    return {
      ...ledger.overview({ workspaceId, ...periodWindow(period, nowMs), by, filter, lastCalls }),
      period,
      filter,
      periods: spendPeriods.map(sumOf),
      limits: limitsOf(workspaceId).map(limitOf),
    };
  };
}

function limitOf({ scope, window, limitPicoUsd, spentPicoUsd, reservedPicoUsd, onExceed }: SpendingState): LimitState {
  return {
    scope,
    window,
    limitPicoUsd: limitPicoUsd.toString(),
    spentPicoUsd: spentPicoUsd.toString(),
    reservedPicoUsd: reservedPicoUsd.toString(),
    onExceed,
  };
}
