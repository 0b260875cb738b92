import { LRUCache } from 'lru-cache';

/** What is remembered of an answer that was not kept: enough to say what keeping it would have saved. */
export interface ShadowRecord {
  readonly question: string | undefined;
  readonly costPicoUsd: number | undefined;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** What would have hit. In memory only: in shadow mode nothing of a prompt goes to disk, and no answer is kept at all. */
export interface ShadowIndex {
  exact(key: string): ShadowRecord | undefined;
  /** Newest first. */
  byWording(wordingKey: string): readonly ShadowRecord[];
  putExact(key: string, record: ShadowRecord): void;
  putWording(wordingKey: string, record: ShadowRecord): void;
  clear(): void;
}

const candidates = 8;

/** @param maxEntries of each kind */
export function createShadowIndex(maxEntries: number): ShadowIndex {
  const exact = new LRUCache<string, ShadowRecord>({ max: maxEntries });
  const wordings = new LRUCache<string, readonly ShadowRecord[]>({ max: maxEntries });
  return {
    exact: (key) => exact.get(key),
    byWording: (wordingKey) => wordings.get(wordingKey) ?? [],
    putExact: (key, record) => {
      exact.set(key, record);
    },
    putWording(wordingKey, record) {
      const others = (wordings.get(wordingKey) ?? []).filter(({ question }) => question !== record.question);
      wordings.set(wordingKey, [record, ...others].slice(0, candidates));
    },
    clear() {
      exact.clear();
      wordings.clear();
    },
  };
}
