import { LRUCache } from 'lru-cache';
import type { Store } from '../store/store.ts';
import { type CacheEntry, entryBytes } from './entry.ts';
import type { CacheClock, EntryStore } from './entryStore.ts';
import { EntryTable, type FoundRow } from './entryTable.ts';
import { cacheUnusable, damagedEntry } from './errors.ts';
import type { Seal } from './sealed/seal.ts';
import { createSqliteVectors } from './vectors/sqliteVectors.ts';
import { createWriteQueue } from './writeQueue.ts';

export interface SqliteEntryStoreDeps {
  readonly store: Pick<Store, 'database' | 'transaction'>;
  readonly clock: CacheClock;
  /** Told in words without prompts, once per kind of trouble. */
  readonly onProblem: (message: string) => void;
  /** Answers kept in memory in front of the file, in bytes. */
  readonly memoryBytes: number;
  /** Encrypts what is on disk. */
  readonly seal?: Seal;
}

/** Entries with equal canonical words that are looked at: guards may tell them apart. */
const candidates = 8;

/**
 * Entries in SQLite, behind a memory bounded in bytes. Writes are queued and committed together, so that storing an answer
 * costs the call that made it nothing; a crash loses a quarter of a second of answers, which are asked again.
 */
export function createSqliteEntryStore(deps: SqliteEntryStoreDeps): EntryStore {
  const { store, clock, onProblem, memoryBytes } = deps;
  const table = new EntryTable(store.database, deps.seal);
  const memory = new LRUCache<string, CacheEntry>({ maxSize: memoryBytes, sizeCalculation: entryBytes });
  const reported = new Set<string>();
  const vectors = createSqliteVectors({
    clock,
    read: (scope, afterRow, limit) => guarded(() => table.vectors(scope, afterRow, limit)) ?? [],
  });
  const queue = createWriteQueue(clock, (puts, uses) => {
    const done = guarded(() =>
      store.transaction(() => {
        for (const { entry } of puts) table.put(entry);
        for (const { key, times, atMs } of uses) table.used(key, times, atMs);
        const limits = new Map(puts.map(({ entry, maxBytes }) => [entry.workspaceId, maxBytes]));
        return [...limits].flatMap(([workspaceId, maxBytes]) => table.evict(workspaceId, maxBytes));
      }),
    );
    if (done === undefined) guarded(() => table.countBytes());
    for (const key of done ?? []) memory.delete(key);
    if (done !== undefined && done.length > 0) vectors.clear();
  });

  return {
    get: (key) => memory.get(key) ?? queue.get(key) ?? readable(guarded(() => table.get(key))),
    byWording(wordingKey) {
      const unwritten = queue.byWording(wordingKey);
      const newer = new Set(unwritten.map((entry) => entry.key));
      const written = guarded(() => table.byWording(wordingKey, candidates)) ?? [];
      const entries = written.flatMap((row) => readable(row) ?? []).filter((entry) => !newer.has(entry.key));
      return [...unwritten, ...entries].slice(0, candidates);
    },
    nearest: (scope, vector, minScore, limit) => vectors.nearest(scope, vector, minScore, limit),
    put(entry, maxBytes) {
      if (entryBytes(entry) > maxBytes) return;
      if (entry.place !== undefined) vectors.add(entry.place.scope, entry.key, entry.place.vector);
      memory.set(entry.key, entry);
      queue.put(entry, maxBytes);
    },
    used: (key) => queue.used(key),
    remove(key) {
      queue.flush();
      memory.delete(key);
      vectors.clear();
      const isRemoved = guarded(() => table.remove(key)) ?? false;
      if (isRemoved) guarded(() => table.emptyJournal());
      return isRemoved;
    },
    bytesOf(workspaceId) {
      queue.flush();
      return table.bytesOf(workspaceId);
    },
    forgetQuestions(workspaceId) {
      queue.flush();
      memory.clear();
      vectors.clear();
      if (guarded(() => table.forgetQuestions(workspaceId))) guarded(() => table.emptyJournal());
    },
    clear(which) {
      queue.flush();
      memory.clear();
      vectors.clear();
      const removed = guarded(() => table.clear(which)) ?? 0;
      if (removed > 0) guarded(() => table.emptyJournal());
      return removed;
    },
    sweep(nowMs) {
      queue.flush();
      const removed = guarded(() => table.removeExpired(nowMs)) ?? 0;
      if (removed > 0) {
        memory.clear();
        vectors.clear();
      }
      return removed;
    },
    stats(workspaceId) {
      queue.flush();
      return guarded(() => table.stats(workspaceId)) ?? { entries: 0, bytes: 0, hits: 0, models: [], sessions: [] };
    },
    list(which, page) {
      queue.flush();
      const rows = guarded(() => table.list(which, page)) ?? [];
      return rows.flatMap((row) => ('entry' in row ? [{ entry: row.entry, bytes: row.bytes, hits: row.hits }] : []));
    },
    flush: () => queue.flush(),
    close() {
      queue.close();
      vectors.close();
      memory.clear();
    },
  };

  function readable(row: FoundRow | undefined): CacheEntry | undefined {
    if (row === undefined) return undefined;
    if ('entry' in row) {
      memory.set(row.entry.key, row.entry);
      return row.entry;
    }
    reportOnce('entry', damagedEntry());
    guarded(() => table.remove(row.damagedKey));
    return undefined;
  }

  function guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      reportOnce('database', cacheUnusable(error));
      return undefined;
    }
  }

  function reportOnce(kind: string, message: string): void {
    if (reported.has(kind)) return;
    reported.add(kind);
    onProblem(message);
  }
}
