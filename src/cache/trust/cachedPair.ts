import type { CacheMatch } from '../findAnswer.ts';

export type Verdict = 'right' | 'wrong';

/** One answer that was served from the cache, or would have been: for the eyes of the one who asked. */
export interface CachedPair {
  /** The call's id. */
  readonly id: string;
  readonly workspaceId: string;
  readonly route?: string;
  readonly kind: CacheMatch['kind'];
  /** False: the cache only watched, and the model answered. */
  readonly served: boolean;
  readonly entryId: string;
  readonly model: string;
  readonly atMs: number;
  /** Age of the answer at that time. */
  readonly ageMs: number;
  readonly similarity?: number;
  readonly embedder?: string;
  /** Absent for identical requests, whose question is not looked at. */
  readonly asked?: string;
  readonly matched?: string;
  /** The kept answer, or its beginning. */
  readonly answer?: string;
  /** What the model said instead, where the cache only watched. */
  readonly modelAnswer?: string;
  readonly verdict?: Verdict;
}

export interface PairFilter {
  readonly workspaceId: string;
  /** Only those nobody has judged. */
  readonly unjudged?: boolean;
  /** Only what matched by wording or meaning. */
  readonly reworded?: boolean;
  readonly limit: number;
}

/** A judgement as it is remembered. */
export interface JudgedPair {
  readonly id: string;
  readonly route?: string;
  readonly kind: CacheMatch['kind'];
  readonly served: boolean;
  readonly embedder?: string;
  readonly similarity?: number;
  readonly verdict: Verdict;
  /** Present while questions may be on disk. */
  readonly asked?: string;
  readonly matched?: string;
  readonly judgedAtMs: number;
}
