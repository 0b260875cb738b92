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
  /** To what the user has raised a limit for now; undefined = it is as configured. */
  readonly raisedUsd?: (workspaceId: string, limit: SpendingLimit) => number | undefined;
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
  | { readonly kind: 'blocked'; readonly state: SpendingState }
  /** A call was refused at its own tier, for a lower one to be asked. */
  | { readonly kind: 'downgraded'; readonly state: SpendingState };

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
  readonly timeZone: string;
  readonly onExceed: SpendingLimit['onExceed'];
  /** As configured: what `limitPicoUsd` was before it was raised. */
  readonly limit: SpendingLimit;
}

/** Whose limits are asked about. */
export interface SpendingAsk {
  readonly spender: Spender;
  readonly limits: readonly SpendingLimit[];
  /** Of days, weeks and months; UTC by default. */
  readonly timeZone?: string;
}

export interface SpendingRequest extends SpendingAsk {
  /** The most the call can cost. */
  readonly worstCasePicoUsd: bigint;
  /** What calls like it have cost, for limits that only warn; nothing by default. */
  readonly expectedPicoUsd?: bigint;
  /** The call could go to a lower tier: limits that downgrade do not let it pass them. */
  readonly mayDowngrade?: boolean;
}

export type SpendingDecision =
  | {
      readonly kind: 'reserved';
      /** Books what the call cost and frees what was held. The first call counts. */
      readonly settle: (actualPicoUsd: bigint) => void;
    }
  | { readonly kind: 'exceeded'; readonly state: SpendingState };

/** What is left of each limit that holds a call, by what it does then. Picodollars; below zero where it is passed. */
export interface SpendingLeft {
  readonly block: readonly bigint[];
  readonly downgrade: readonly bigint[];
}

/**
 * Spending limits: the worst case is reserved before a call, the actual cost booked after it, so that calls at the same time
 * cannot pass a limit together. Reservations are in memory only: this process is the only writer, and a crash ends its calls.
 */
export interface SpendingLimits {
  reserve(request: SpendingRequest): SpendingDecision;
  /** The first limit that blocks and does not cover this, without reserving; no worst case is covered by none. */
  uncovered(ask: SpendingAsk, worstCasePicoUsd: bigint | undefined): SpendingState | undefined;
  left(ask: SpendingAsk): SpendingLeft;
  /** Books a cost that was not reserved (batch jobs). */
  book(spender: Spender, picoUsd: bigint): void;
  states(ask: SpendingAsk): SpendingState[];
  /** The limits that apply, each with its count. */
  applied(ask: SpendingAsk): readonly AppliedLimit[];
}

export interface AppliedLimit {
  readonly limit: SpendingLimit;
  readonly counter: SpendingCounter;
  readonly limitPicoUsd: bigint;
  readonly timeZone: string;
}

export function createSpendingLimits(deps: SpendingLimitsDeps): SpendingLimits {
  const { now, history, onEvent, raisedUsd, underWay } = deps;
  const counters = createSpendingCounters(history);
  /** Whatever is billed later is billed in the window of that time: it is held in every window. */
  const heldOf = ({ filter, reserved }: SpendingCounter): bigint => {
    let held = reserved;
    for (const [workspaceId, picoUsd] of underWay?.() ?? [])
      if (isCounted(filter, machineSpender(workspaceId))) held += picoUsd;
    return held;
  };
  const isUncovered = ({ counter, limitPicoUsd }: AppliedLimit, worst: bigint | undefined): boolean =>
    worst === undefined || spentOf(counter) + heldOf(counter) + worst > limitPicoUsd;

  return {
    reserve(request) {
      const { spender, worstCasePicoUsd, expectedPicoUsd = 0n, mayDowngrade = false } = request;
      const startedAtMs = now();
      const all = applied(request);
      const exceeded = firstExceeded(all, worstCasePicoUsd, mayDowngrade);
      if (exceeded !== undefined) {
        tellOnce(exceeded.limit.onExceed === 'downgrade' ? 'downgraded' : 'blocked', spender, exceeded);
        return { kind: 'exceeded', state: stateOf(spender, exceeded) };
      }
      for (const one of all) {
        one.counter.reserved += worstCasePicoUsd;
        one.counter.expected += expectedPicoUsd;
        if (expectedPicoUsd > 0n && one.limit.onExceed === 'warn') tellThresholds(spender, one);
      }
      let isOpen = true;
      const settle = (actualPicoUsd: bigint): void => {
        if (!isOpen) return;
        isOpen = false;
        for (const { counter } of all) {
          counter.reserved -= worstCasePicoUsd;
          counter.expected -= expectedPicoUsd;
        }
        // Also where this workspace has no limit: another one's may count this user.
        for (const counter of counters.known(spender, startedAtMs)) counter.spent += actualPicoUsd;
        for (const one of all) tellThresholds(spender, one);
      };
      return { kind: 'reserved', settle };
    },
    uncovered(ask, worstCasePicoUsd) {
      const exceeded = applied(ask).find((one) => one.limit.onExceed === 'block' && isUncovered(one, worstCasePicoUsd));
      return exceeded === undefined ? undefined : stateOf(ask.spender, exceeded);
    },
    left(ask) {
      const all = applied(ask);
      const leftUnder = (what: SpendingLimit['onExceed']): bigint[] =>
        all
          .filter(({ limit }) => limit.onExceed === what)
          .map(({ counter, limitPicoUsd }) => limitPicoUsd - spentOf(counter) - heldOf(counter));
      return { block: leftUnder('block'), downgrade: leftUnder('downgrade') };
    },
    book(spender, picoUsd) {
      for (const counter of counters.known(spender, now())) counter.spent += picoUsd;
    },
    states: (ask) => applied(ask).map((one) => stateOf(ask.spender, one)),
    applied,
  };

  /** Each limit with the counter that this call counts on; limits for something else left out. */
  function applied({ spender, limits, timeZone = 'UTC' }: SpendingAsk): AppliedLimit[] {
    const nowMs = now();
    const all: AppliedLimit[] = [];
    for (const limit of limits) {
      const counter = counters.of(limit, spender, nowMs, timeZone);
      if (counter === undefined) continue;
      const raised = raisedUsd?.(spender.workspaceId, limit);
      all.push({ limit, counter, limitPicoUsd: picoUsdOf(raised ?? limit.limitUsd), timeZone });
    }
    return all;
  }

  function tellThresholds(spender: Spender, one: AppliedLimit): void {
    const { limit, counter, limitPicoUsd } = one;
    const spent = spentOf(counter);
    // A limit that only warns may do so while the call is still under way.
    const counted = limit.onExceed === 'warn' ? spent + counter.expected : spent;
    for (const share of limit.warnAt) {
      const threshold = (limitPicoUsd * BigInt(Math.round(share * 1e6))) / 1_000_000n;
      if (counted < threshold || !counter.tellOnce(`${limitPicoUsd}@${share}`, counter.before >= threshold)) continue;
      onEvent({ kind: 'threshold', state: stateOf(spender, one), share });
    }
    if (spent >= limitPicoUsd) tellOnce('exceeded', spender, one);
  }

  function tellOnce(kind: 'exceeded' | 'blocked' | 'downgraded', spender: Spender, one: AppliedLimit): void {
    const { counter, limitPicoUsd } = one;
    const wasTold = kind === 'exceeded' && counter.before >= limitPicoUsd;
    if (counter.tellOnce(`${limitPicoUsd}:${kind}`, wasTold)) onEvent({ kind, state: stateOf(spender, one) });
  }

  /** A limit that downgrades comes first: the lower tier may fit the ones that block. */
  function firstExceeded(
    all: readonly AppliedLimit[],
    worstCasePicoUsd: bigint,
    mayDowngrade: boolean,
  ): AppliedLimit | undefined {
    const exceeded = all.filter(
      (one) =>
        (one.limit.onExceed === 'block' || (mayDowngrade && one.limit.onExceed === 'downgrade')) &&
        isUncovered(one, worstCasePicoUsd),
    );
    return exceeded.find(({ limit }) => limit.onExceed === 'downgrade') ?? exceeded[0];
  }

  function stateOf({ workspaceId }: Spender, { limit, counter, limitPicoUsd, timeZone }: AppliedLimit): SpendingState {
    return {
      workspaceId,
      scope: counter.scope,
      window: limit.window,
      limitPicoUsd,
      spentPicoUsd: spentOf(counter),
      reservedPicoUsd: heldOf(counter),
      ...(counter.resetAtMs === undefined ? {} : { resetAtMs: counter.resetAtMs }),
      timeZone,
      onExceed: limit.onExceed,
      limit,
    };
  }
}

/** By this machine and, of a shared limit, by others. */
export function spentOf({ spent, elsewhere }: SpendingCounter): bigint {
  return spent + elsewhere;
}
