import { picoUsdOf } from '../catalog/money.ts';
import type { SpendingLimit } from '../config/config.ts';
import { createSpendingCounters, type SpendingCounter } from './spendingCounters.ts';
import { isCounted, machineSpender, type Spender, type SpendingHistory } from './spendingScope.ts';

export interface SpendingLimitsDeps {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What the ledger says was spent before this process counted along. */
  readonly history: SpendingHistory;
  readonly onEvent: (event: SpendingEvent) => void;
  /** By workspace, the most that the machine's own work under way (batch jobs) can still cost. Picodollars. */
  readonly underWay?: () => ReadonlyMap<string, bigint>;
}

/** Told once per limit and window. */
export type SpendingEvent =
  | {
      readonly kind: 'threshold';
      readonly state: SpendingState;
      /** The share of the limit that was passed: an element of `warnAt`. */
      readonly share: number;
    }
  | { readonly kind: 'exceeded'; readonly state: SpendingState }
  /** A call was refused: what is left does not cover its worst case. */
  | { readonly kind: 'blocked'; readonly state: SpendingState };

/** How a limit stands. Money is picodollars. */
export interface SpendingState {
  readonly workspaceId: string;
  /** `workspace`, `user`, `feature:search`, `session` … as it applies to the call. */
  readonly scope: string;
  readonly window: SpendingLimit['window'];
  readonly limitPicoUsd: bigint;
  readonly spentPicoUsd: bigint;
  /** Held for calls and batch jobs under way. */
  readonly reservedPicoUsd: bigint;
  readonly resetAtMs?: number;
  readonly onExceed: SpendingLimit['onExceed'];
}

export interface SpendingRequest {
  readonly spender: Spender;
  readonly limits: readonly SpendingLimit[];
  /** The most the call can cost. */
  readonly worstCasePicoUsd: bigint;
}

export type SpendingDecision =
  | {
      readonly kind: 'reserved';
      /** Books what the call cost and frees what was held. The first call counts. */
      readonly settle: (actualPicoUsd: bigint) => void;
    }
  | { readonly kind: 'exceeded'; readonly state: SpendingState };

/**
 * Spending limits: the worst case is reserved before a call, the actual cost booked after it, so that calls at the same time
 * cannot pass a limit together. Reservations are in memory only: this process is the only writer, and a crash ends its calls.
 */
export interface SpendingLimits {
  reserve(request: SpendingRequest): SpendingDecision;
  /** The first limit that blocks and does not cover this, without reserving; no worst case is covered by none. */
  uncovered(
    spender: Spender,
    limits: readonly SpendingLimit[],
    worstCasePicoUsd: bigint | undefined,
  ): SpendingState | undefined;
  /** What is left of each limit that blocks; none where no such limit applies. */
  affordablePicoUsd(spender: Spender, limits: readonly SpendingLimit[]): bigint[];
  /** Books a cost that was not reserved (batch jobs). */
  book(spender: Spender, picoUsd: bigint): void;
  states(spender: Spender, limits: readonly SpendingLimit[]): SpendingState[];
}

interface AppliedLimit {
  readonly limit: SpendingLimit;
  readonly counter: SpendingCounter;
  readonly limitPicoUsd: bigint;
}

export function createSpendingLimits({ now, history, onEvent, underWay }: SpendingLimitsDeps): SpendingLimits {
  const counters = createSpendingCounters(history);
  /** Whatever is billed later is billed in the window of that time: it is held in every window. */
  const heldOf = ({ filter, reserved }: SpendingCounter): bigint => {
    let held = reserved;
    for (const [workspaceId, picoUsd] of underWay?.() ?? [])
      if (isCounted(filter, machineSpender(workspaceId))) held += picoUsd;
    return held;
  };
  const isUncovered = ({ limit, counter, limitPicoUsd }: AppliedLimit, worst: bigint | undefined): boolean =>
    limit.onExceed === 'block' && (worst === undefined || counter.spent + heldOf(counter) + worst > limitPicoUsd);

  return {
    reserve({ spender, limits, worstCasePicoUsd }) {
      const startedAtMs = now();
      const applied = appliedTo(spender, limits);
      const exceeded = applied.find((one) => isUncovered(one, worstCasePicoUsd));
      if (exceeded !== undefined) {
        tellOnce('blocked', spender, exceeded);
        return { kind: 'exceeded', state: stateOf(spender, exceeded) };
      }
      for (const { counter } of applied) counter.reserved += worstCasePicoUsd;
      let isOpen = true;
      const settle = (actualPicoUsd: bigint): void => {
        if (!isOpen) return;
        isOpen = false;
        for (const { counter } of applied) counter.reserved -= worstCasePicoUsd;
        // Also where this workspace has no limit: another one's may count this user.
        for (const counter of counters.known(spender, startedAtMs)) counter.spent += actualPicoUsd;
        for (const one of applied) tellThresholds(spender, one);
      };
      return { kind: 'reserved', settle };
    },
    uncovered(spender, limits, worstCasePicoUsd) {
      const exceeded = appliedTo(spender, limits).find((one) => isUncovered(one, worstCasePicoUsd));
      return exceeded === undefined ? undefined : stateOf(spender, exceeded);
    },
    affordablePicoUsd(spender, limits) {
      return appliedTo(spender, limits)
        .filter(({ limit }) => limit.onExceed === 'block')
        .map(({ counter, limitPicoUsd }) => limitPicoUsd - counter.spent - heldOf(counter));
    },
    book(spender, picoUsd) {
      for (const counter of counters.known(spender, now())) counter.spent += picoUsd;
    },
    states: (spender, limits) => appliedTo(spender, limits).map((one) => stateOf(spender, one)),
  };

  /** Each limit with the counter that this call counts on; limits for something else left out. */
  function appliedTo(spender: Spender, limits: readonly SpendingLimit[]): AppliedLimit[] {
    return limits.flatMap((limit) => {
      const counter = counters.of(limit, spender, now());
      return counter === undefined ? [] : [{ limit, counter, limitPicoUsd: picoUsdOf(limit.limitUsd) }];
    });
  }

  function tellThresholds(spender: Spender, applied: AppliedLimit): void {
    const { limit, counter, limitPicoUsd } = applied;
    for (const share of limit.warnAt) {
      const threshold = picoUsdOf(limit.limitUsd * share);
      if (counter.spent < threshold || !counter.tellOnce(`${limit.limitUsd}@${share}`, counter.before >= threshold))
        continue;
      onEvent({ kind: 'threshold', state: stateOf(spender, applied), share });
    }
    if (counter.spent >= limitPicoUsd) tellOnce('exceeded', spender, applied);
  }

  function tellOnce(kind: 'exceeded' | 'blocked', spender: Spender, applied: AppliedLimit): void {
    const { limit, counter, limitPicoUsd } = applied;
    const wasTold = kind === 'exceeded' && counter.before >= limitPicoUsd;
    if (counter.tellOnce(`${limit.limitUsd}:${kind}`, wasTold)) onEvent({ kind, state: stateOf(spender, applied) });
  }

  function stateOf({ workspaceId }: Spender, { limit, counter, limitPicoUsd }: AppliedLimit): SpendingState {
    return {
      workspaceId,
      scope: counter.scope,
      window: limit.window,
      limitPicoUsd,
      spentPicoUsd: counter.spent,
      reservedPicoUsd: heldOf(counter),
      ...(counter.resetAtMs === undefined ? {} : { resetAtMs: counter.resetAtMs }),
      onExceed: limit.onExceed,
    };
  }
}
