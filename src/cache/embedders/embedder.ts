import type { CanonicalWording } from '../wording/canonicalWording.ts';

/**
 * Texts as points, of which near ones mean alike. Vectors of two embedders are never compared: the id is part of every
 * place a vector is kept at.
 */
export interface Embedder {
  /** Changes with anything that changes its vectors: model, revision, tokenizer, table of weights. */
  readonly id: string;
  readonly dimensions: number;
  /** Cosine from which two questions may share an answer, calibrated for this embedder. */
  readonly threshold: number;
  /** Longest wait for a vector during a look-up; what takes longer is a miss. */
  readonly deadlineMs: number;
  /** Unit vectors in the order of the texts. Rejects where there are none; the call goes on without. */
  embed(texts: readonly string[]): Promise<readonly Float32Array[]>;
  /** For embedders that need no waiting: the same as `embed` for one question whose wording is worked out already. */
  embedNow?(question: QuestionText): Float32Array;
  close?(): Promise<void>;
}

export interface QuestionText {
  readonly text: string;
  readonly wording: CanonicalWording;
}
