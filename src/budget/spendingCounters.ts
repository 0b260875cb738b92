import { LRUCache } from 'lru-cache';
import type { SpendingLimit } from '../config/config.ts';
import { isCounted, type Spender, type SpendingFilter, type SpendingHistory, spendingScope } from './spendingScope.ts';
import { windowAt } from './spendingWindow.ts';

/** What was spent and is held in one window of one scope. Several limits may look at the same one. Picodollars. */
export interface SpendingCounter {
  readonly scope: string;
  readonly filter: SpendingFilter;
  readonly fromMs: number;
  readonly resetAtMs: number | undefined;
  /** Spent when the counting began: what was passed then has been told before. */
  readonly before: bigint;
  spent: bigint;
  reserved: bigint;
  /** True the first time for `what`; `known` marks it as told without telling. */
  tellOnce(what: string, known: boolean): boolean;
}

export interface SpendingCounters {
  /** The counter a limit has for a spender now; undefined where the limit is for somebody else. */
  of(limit: SpendingLimit, spender: Spender, nowMs: number): SpendingCounter | undefined;
  /** Every counter in use that counts this spender's calls now. */
  known(spender: Spender, nowMs: number): SpendingCounter[];
}

/** Windows that are over and sessions that are gone fall out; one that comes back is read from the ledger again. */
const maxCounters = 10_000;

export function createSpendingCounters(history: SpendingHistory): SpendingCounters {
  const counters = new LRUCache<string, SpendingCounter>({ max: maxCounters });
  return {
    of(limit, spender, nowMs) {
      const scoped = spendingScope(limit, spender);
      if (scoped === undefined) return undefined;
      const { fromMs, resetAtMs } = windowAt(scoped.byDay ? 'day' : limit.window, nowMs);
      const key = JSON.stringify([scoped.filter, fromMs, resetAtMs]);
      const known = counters.get(key);
      if (known !== undefined) return known;
      const spent = history(scoped.filter, fromMs);
      const told = new Set<string>();
      const counter: SpendingCounter = {
        scope: scoped.name,
        filter: scoped.filter,
        fromMs,
        resetAtMs,
        before: spent,
        spent,
        reserved: 0n,
        tellOnce(what, known) {
          if (told.has(what)) return false;
          told.add(what);
          return !known;
        },
      };
      counters.set(key, counter);
      return counter;
    },
    known: (spender, nowMs) =>
      [...counters.values()].filter(
        ({ filter, fromMs, resetAtMs }) =>
          isCounted(filter, spender) && fromMs <= nowMs && (resetAtMs === undefined || nowMs < resetAtMs),
      ),
  };
}
