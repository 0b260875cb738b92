import { LRUCache } from 'lru-cache';
import type { CacheSelection } from './answerCache.ts';
import { type CacheEntry, entryBytes } from './entry.ts';
import type { EntryStore } from './entryStore.ts';
import { createMemoryVectorIndex } from './vectors/memoryVectorIndex.ts';

/** Entries that end with the process: what would have hit while the cache only watches. Nothing of it goes to disk. */
export interface MemoryEntryStore extends EntryStore {
  clear(which: CacheSelection): number;
}

const candidates = 8;
/** Each look-up goes over all of a scope: as many as are compared in a fraction of a millisecond. */
const maxPerScope = 500;
const maxVectors = 5000;

/** @param maxBytes of all entries, above which the least recently used go */
export function createMemoryEntryStore(maxBytes: number): MemoryEntryStore {
  const vectors = createMemoryVectorIndex({ maxPerScope, maxVectors });
  const byWording = new Map<string, readonly string[]>();
  const entries = new LRUCache<string, CacheEntry>({
    maxSize: maxBytes,
    sizeCalculation: entryBytes,
    dispose: (entry) => unlist(entry),
  });
  const hits = new Map<string, number>();

  return {
    get: (key) => entries.get(key),
    byWording: (key) => (byWording.get(key) ?? []).flatMap((entryKey) => entries.get(entryKey) ?? []),
    nearest: (scope, vector, minScore, limit) => vectors.nearest(scope, vector, minScore, limit),
    put(entry) {
      entries.delete(entry.key);
      if (entryBytes(entry) > maxBytes) return;
      entries.set(entry.key, entry);
      const { key, wordingKey, place } = entry;
      if (place !== undefined) vectors.add(place.scope, key, place.vector);
      if (wordingKey === undefined) return;
      byWording.set(wordingKey, [key, ...(byWording.get(wordingKey) ?? [])].slice(0, candidates));
    },
    used(key) {
      if (entries.has(key)) hits.set(key, (hits.get(key) ?? 0) + 1);
    },
    remove: (key) => entries.delete(key),
    bytesOf: (workspaceId) => selected({ workspaceId }).reduce((sum, entry) => sum + entryBytes(entry), 0),
    forgetQuestions(workspaceId) {
      for (const entry of selected({ workspaceId })) {
        const { question: _question, wordingKey: _wordingKey, place: _place, ...rest } = entry;
        entries.delete(entry.key);
        entries.set(entry.key, rest);
      }
    },
    clear(which) {
      const gone = selected(which);
      for (const { key } of gone) entries.delete(key);
      return gone.length;
    },
    sweep(nowMs) {
      const gone = [...entries.values()].filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
      for (const { key } of gone) entries.delete(key);
      return gone.length;
    },
    stats(workspaceId) {
      const kept = selected(workspaceId === undefined ? {} : { workspaceId });
      const bytes = kept.reduce((sum, entry) => sum + entryBytes(entry), 0);
      const served = kept.reduce((sum, { key }) => sum + (hits.get(key) ?? 0), 0);
      return { entries: kept.length, bytes, hits: served, models: [], sessions: [] };
    },
    list: (which, { beforeMs = Number.POSITIVE_INFINITY, limit }) =>
      selected(which)
        .filter(({ createdAtMs }) => createdAtMs < beforeMs)
        .sort((a, b) => b.createdAtMs - a.createdAtMs)
        .slice(0, limit)
        .map((entry) => ({ entry, bytes: entryBytes(entry), hits: hits.get(entry.key) ?? 0 })),
    flush() {},
    close: () => entries.clear(),
  };

  function selected({ workspaceId, session, provider, model }: CacheSelection): CacheEntry[] {
    return [...entries.values()].filter(
      (entry) =>
        (workspaceId === undefined || entry.workspaceId === workspaceId) &&
        (session === undefined || entry.session === session) &&
        (provider === undefined || entry.provider === provider) &&
        (model === undefined || entry.model === model),
    );
  }

  function unlist({ key, wordingKey, place }: CacheEntry): void {
    hits.delete(key);
    if (place !== undefined) vectors.remove(place.scope, key);
    if (wordingKey === undefined) return;
    const others = (byWording.get(wordingKey) ?? []).filter((other) => other !== key);
    if (others.length === 0) byWording.delete(wordingKey);
    else byWording.set(wordingKey, others);
  }
}
