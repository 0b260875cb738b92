import type { CallWithAttempts } from './ledger.ts';
import type { SpendReader, SpendWindow } from './readSpend.ts';
import { type AttemptSums, attemptSumsOf, type CallSums, callSumsOf } from './spendSums.ts';

interface KeptSums {
  readonly window: SpendWindow;
  readonly calls: Map<string, CallSums>;
  readonly attempts: Map<string, AttemptSums>;
}

/** Sums of the windows that are asked for again and again (today, four times a second), kept up to date row by row. */
export interface SpendWindows {
  sums(window: SpendWindow): { calls: Iterable<CallSums>; attempts: Iterable<AttemptSums> };
  /** A call has been committed. */
  add(entry: CallWithAttempts): void;
}

/** Reads a window once; `maxWindows` are kept, the least recently asked for goes. */
export function createSpendWindows(reader: SpendReader, maxWindows = 16): SpendWindows {
  const kept = new Map<string, KeptSums>();

  const read = (window: SpendWindow): KeptSums => ({
    window,
    calls: new Map(reader.calls(window).map((sums) => [callKey(sums), sums])),
    attempts: new Map(reader.attempts(window).map((sums) => [attemptKey(sums), sums])),
  });

  return {
    sums: (window) => {
      const key = `${window.fromMs} ${window.toMs} ${window.workspaceId}`;
      const found = kept.get(key) ?? read(window);
      kept.delete(key);
      kept.set(key, found);
      const [oldest] = kept.keys();
      if (kept.size > maxWindows && oldest !== undefined) kept.delete(oldest);
      return { calls: found.calls.values(), attempts: found.attempts.values() };
    },
    add: (entry) => {
      for (const { window, calls, attempts } of kept.values()) {
        if (!isInWindow(entry, window)) continue;
        const call = callSumsOf(entry);
        fold(calls, callKey(call), call, addCalls);
        for (const attempt of attemptSumsOf(entry)) fold(attempts, attemptKey(attempt), attempt, addAttempts);
      }
    },
  };
}

export function isInWindow({ call }: CallWithAttempts, { workspaceId, fromMs, toMs }: SpendWindow): boolean {
  const startedAtMs = Math.round(call.startedAtMs);
  return call.workspaceId === workspaceId && startedAtMs >= fromMs && startedAtMs < toMs;
}

function callKey({ cache, model, feature }: CallSums): string {
  return JSON.stringify([cache, model, feature]);
}

function attemptKey({ model, feature }: AttemptSums): string {
  return JSON.stringify([model, feature]);
}

function fold<T>(groups: Map<string, T>, key: string, sums: T, add: (a: T, b: T) => T): void {
  const found = groups.get(key);
  groups.set(key, found === undefined ? sums : add(found, sums));
}

/** Both are of the same model, feature and outcome. */
function addCalls(a: CallSums, b: CallSums): CallSums {
  return {
    ...a,
    calls: a.calls + b.calls,
    unmetered: a.unmetered + b.unmetered,
    failed: a.failed + b.failed,
    savedPicoUsd: a.savedPicoUsd + b.savedPicoUsd,
    savingUnknown: a.savingUnknown + b.savingUnknown,
  };
}

/** Both are of the same model and feature. */
function addAttempts(a: AttemptSums, b: AttemptSums): AttemptSums {
  return {
    ...a,
    attempts: a.attempts + b.attempts,
    unpriced: a.unpriced + b.unpriced,
    estimated: a.estimated + b.estimated,
    demo: a.demo + b.demo,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costPicoUsd: a.costPicoUsd + b.costPicoUsd,
  };
}
