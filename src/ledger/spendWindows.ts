import type { CallWithAttempts } from './ledger.ts';
import { addSums, noSums } from './rollup/cellSums.ts';
import type { RollupReader, SpendWindow } from './rollup/readRollup.ts';
import { entrySums, type SubjectSums } from './spendSums.ts';

interface KeptSums {
  readonly window: SpendWindow;
  readonly sums: Map<string, SubjectSums>;
}

/** Sums of the windows that are asked for again and again (today, four times a second), kept up to date row by row. */
export interface SpendWindows {
  /** By model and feature. */
  sums(window: SpendWindow): Iterable<SubjectSums>;
  /** A call has been committed. */
  add(entry: CallWithAttempts): void;
}

/** Reads a window once; `maxWindows` are kept, the least recently asked for goes. */
export function createSpendWindows(reader: Pick<RollupReader, 'sums'>, maxWindows = 16): SpendWindows {
  const kept = new Map<string, KeptSums>();

  const read = (window: SpendWindow): KeptSums => {
    const sums = new Map<string, SubjectSums>();
    for (const each of reader.sums(window, {}, ['model', 'feature'])) fold(sums, each);
    return { window, sums };
  };

  return {
    sums: (window) => {
      const key = `${window.fromMs} ${window.toMs} ${window.workspaceId}`;
      const found = kept.get(key) ?? read(window);
      kept.delete(key);
      kept.set(key, found);
      const [oldest] = kept.keys();
      if (kept.size > maxWindows && oldest !== undefined) kept.delete(oldest);
      return found.sums.values();
    },
    add: (entry) => {
      for (const { window, sums } of kept.values()) {
        if (!isInWindow(entry, window)) continue;
        for (const each of entrySums(entry)) fold(sums, each);
      }
    },
  };
}

export function isInWindow({ call }: CallWithAttempts, { workspaceId, fromMs, toMs }: SpendWindow): boolean {
  const startedAtMs = Math.round(call.startedAtMs);
  return call.workspaceId === workspaceId && startedAtMs >= fromMs && startedAtMs < toMs;
}

function fold(all: Map<string, SubjectSums>, { model, feature, sums }: SubjectSums): void {
  const key = JSON.stringify([model, feature]);
  const found = all.get(key) ?? { model, feature, sums: noSums() };
  addSums(found.sums, sums);
  all.set(key, found);
}
