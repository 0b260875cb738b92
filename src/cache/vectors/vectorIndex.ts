import type { MaybePromise } from '../maybePromise.ts';

export interface Neighbour {
  /** Key of the entry. */
  readonly key: string;
  /** Cosine, -1 to 1. */
  readonly score: number;
}

/**
 * Nearest neighbours within one scope at a time. A scope is a digest of who asks whom and of the embedder, so that nothing
 * of another scope or another embedder is ever looked at. No method throws or rejects; in memory they answer at once, a
 * shared one answers within its own deadline (50 ms), or with nothing.
 */
export interface VectorIndex {
  /** @param vector of length 1 */
  add(scope: string, key: string, vector: Float32Array): void;
  remove(scope: string, key: string): void;
  /** Best first, `minScore` and above. */
  nearest(scope: string, vector: Float32Array, minScore: number, limit: number): MaybePromise<readonly Neighbour[]>;
  clear(): void;
}
