import { LRUCache } from 'lru-cache';
import type { SpendingLimit } from '../config/config.ts';
import { isCounted, type Spender, type SpendingFilter, type SpendingHistory, spendingScope } from './spendingScope.ts';
import { type WindowSpan, windowAt } from './spendingWindow.ts';

/** What was spent and is held in one window of one scope. Several limits may look at the same one. Picodollars. */
export interface SpendingCounter {
  readonly scope: string;
  readonly filter: SpendingFilter;
  readonly fromMs: number;
  readonly resetAtMs: number | undefined;
  /** Spent when the counting began: what was passed then has been told before. */
  readonly before: bigint;
  spent: bigint;
  /** Spent by others on other machines, as far as it is known here: of shared limits only. */
  elsewhere: bigint;
  /** Worst cases of calls under way. */
  reserved: bigint;
  /** What calls under way have cost by experience. */
  expected: bigint;
  /** True the first time for `what`; `known` marks it as told without telling. */
  tellOnce(what: string, known: boolean): boolean;
}

export interface SpendingCounters {
  /** The counter a limit has for a spender now; undefined where the limit is for somebody else. */
  of(limit: SpendingLimit, spender: Spender, nowMs: number, timeZone: string): SpendingCounter | undefined;
  /** Every counter in use that counts this spender's calls now. */
  known(spender: Spender, nowMs: number): SpendingCounter[];
}

/** Windows that are over and sessions that are gone fall out; one that comes back is read from the ledger again. */
const maxCounters = 10_000;

export function createSpendingCounters(history: SpendingHistory): SpendingCounters {
  const counters = new LRUCache<string, SpendingCounter>({ max: maxCounters });
  const spanOf = rememberedSpans();
  return {
    of(limit, spender, nowMs, timeZone) {
      const scoped = spendingScope(limit, spender);
      if (scoped === undefined) return undefined;
      const { fromMs, resetAtMs } = spanOf(scoped.byDay ? 'day' : limit.window, nowMs, timeZone);
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
        elsewhere: 0n,
        reserved: 0n,
        expected: 0n,
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

/** Windows are asked for with every call, and change at midnight. */
function rememberedSpans(): typeof windowAt {
  const spans = new Map<string, WindowSpan>();
  return (window, nowMs, timeZone = 'UTC') => {
    const key = `${window} ${timeZone}`;
    const known = spans.get(key);
    if (known !== undefined && known.fromMs <= nowMs && nowMs < (known.resetAtMs ?? Number.POSITIVE_INFINITY))
      return known;
    const span = windowAt(window, nowMs, timeZone);
    spans.set(key, span);
    return span;
  };
}
