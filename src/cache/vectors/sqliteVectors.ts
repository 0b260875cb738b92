import type { CacheClock } from '../entryStore.ts';
import type { VectorRow } from '../entryTable.ts';
import { createMemoryVectorIndex } from './memoryVectorIndex.ts';
import { vectorOfBytes } from './vectorBytes.ts';
import type { Neighbour } from './vectorIndex.ts';

export interface SqliteVectorsDeps {
  readonly clock: CacheClock;
  /** Vectors of a scope in the order they were kept, after a row. */
  readonly read: (scope: string, afterRow: number, limit: number) => readonly VectorRow[];
}

/** What is kept on disk, searched in memory: a scope is read when it is first asked, some rows at a time. */
export interface SqliteVectors {
  add(scope: string, key: string, vector: Float32Array): void;
  nearest(scope: string, vector: Float32Array, minScore: number, limit: number): readonly Neighbour[];
  /** Forgets what is in memory; it is read again when asked for. */
  clear(): void;
  close(): void;
}

/** A scope is a session, a workspace or a team and its one kind of request: more questions than this are not alive in it. */
const maxPerScope = 10_000;
const maxVectors = 50_000;
/** Read at once, in about a millisecond: the rest follows in later turns. */
const rowsAtOnce = 500;

export function createSqliteVectors({ clock, read }: SqliteVectorsDeps): SqliteVectors {
  const known = new Set<string>();
  const index = createMemoryVectorIndex({ maxPerScope, maxVectors, onForgotten: (scope) => known.delete(scope) });
  let timers = new Set<() => void>();

  return {
    add(scope, key, vector) {
      load(scope);
      index.add(scope, key, vector);
    },
    nearest(scope, vector, minScore, limit) {
      load(scope);
      return index.nearest(scope, vector, minScore, limit);
    },
    clear,
    close: clear,
  };

  function load(scope: string): void {
    if (known.has(scope)) return;
    if (known.size >= maxVectors) clear();
    known.add(scope);
    loadSome(scope, 0);
  }

  function loadSome(scope: string, afterRow: number): void {
    const rows = read(scope, afterRow, rowsAtOnce);
    for (const { key, vector: bytes } of rows) {
      const vector = vectorOfBytes(bytes);
      if (vector !== undefined) index.add(scope, key, vector);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtOnce) return;
    const cancel = clock.startTimer(0, () => {
      timers.delete(cancel);
      loadSome(scope, last.row);
    });
    timers.add(cancel);
  }

  function clear(): void {
    for (const cancel of timers) cancel();
    timers = new Set();
    known.clear();
    index.clear();
  }
}
