import type { CacheSelection, CacheStats } from './answerCache.ts';
import type { CacheEntry } from './entry.ts';

/** Where entries are kept. SQLite here; a shared store has the same port. No method throws: trouble is reported once, and reads as a miss. */
export interface EntryStore {
  get(key: string): CacheEntry | undefined;
  /** Entries with equal canonical words, newest first, a few at most. */
  byWording(wordingKey: string): CacheEntry[];
  /** @param maxBytes above which the workspace's least recently used entries go */
  put(entry: CacheEntry, maxBytes: number): void;
  /** Counts a hit; does not move the expiry. */
  used(key: string): void;
  remove(key: string): boolean;
  /** Bytes kept for a workspace. */
  bytesOf(workspaceId: string): number;
  /** Forgets the questions of a workspace and keeps their answers. */
  forgetQuestions(workspaceId: string): void;
  clear(which: CacheSelection): number;
  sweep(nowMs: number): number;
  stats(workspaceId: string | undefined): CacheStats;
  flush(): void;
  close(): void;
}

export interface CacheClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `fire` after `ms`; the result cancels it. */
  startTimer(ms: number, fire: () => void): () => void;
}
