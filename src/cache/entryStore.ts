import type { CacheSelection, CacheStats } from './answerCache.ts';
import type { CacheEntry } from './entry.ts';
import type { MaybePromise } from './maybePromise.ts';
import type { Neighbour } from './vectors/vectorIndex.ts';

/**
 * Where entries are kept, with the vectors of their questions (`entry.place`). SQLite, and shared stores behind the same
 * port. No method throws or rejects: trouble is reported once, and reads as a miss. A store elsewhere answers each look-up
 * within its own deadline (50 ms), or with nothing.
 */
export interface EntryStore {
  get(key: string): MaybePromise<CacheEntry | undefined>;
  /** Entries with equal canonical words, newest first, a few at most. */
  byWording(wordingKey: string): MaybePromise<CacheEntry[]>;
  /** Entries whose question lies near, best first; `vectorScope` holds the partition and the embedder. */
  nearest(
    vectorScope: string,
    vector: Float32Array,
    minScore: number,
    limit: number,
  ): MaybePromise<readonly Neighbour[]>;
  /** @param maxBytes above which the workspace's least recently used entries go */
  put(entry: CacheEntry, maxBytes: number): void;
  /** Counts a hit; does not move the expiry. */
  used(key: string): void;
  remove(key: string): MaybePromise<boolean>;
  /** Bytes kept for a workspace. */
  bytesOf(workspaceId: string): MaybePromise<number>;
  /** Forgets the questions of a workspace, with their vectors, and keeps their answers. */
  forgetQuestions(workspaceId: string): void;
  clear(which: CacheSelection): MaybePromise<number>;
  sweep(nowMs: number): MaybePromise<number>;
  stats(workspaceId: string | undefined): MaybePromise<CacheStats>;
  /** What is kept, newest first. */
  list(which: CacheSelection, page: EntryPage): MaybePromise<readonly ListedEntry[]>;
  flush(): void;
  close(): void;
}

export interface EntryPage {
  /** Entries stored before this time only; absent = from the newest. */
  readonly beforeMs?: number;
  readonly limit: number;
}

export interface ListedEntry {
  readonly entry: CacheEntry;
  readonly bytes: number;
  readonly hits: number;
}

export interface CacheClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `fire` after `ms`; the result cancels it. */
  startTimer(ms: number, fire: () => void): () => void;
}
