import type { CacheClock } from '../entryStore.ts';
import type { MaybePromise } from '../maybePromise.ts';
import type { Embedder, QuestionText } from './embedder.ts';

/** An embedder as a look-up uses it: it answers in time, or there is no vector. */
export interface Embedding {
  readonly embedder: Embedder;
  /** Never rejects. */
  vectorOf(question: QuestionText): MaybePromise<Float32Array | undefined>;
}

export interface EmbeddingDeps {
  readonly clock: Pick<CacheClock, 'startTimer'>;
  /** Told each time an embedder gives no vector. */
  readonly onFailure: (embedder: Embedder, error: unknown) => void;
}

export function createEmbedding(embedder: Embedder, { clock, onFailure }: EmbeddingDeps): Embedding {
  return {
    embedder,
    vectorOf(question) {
      if (embedder.embedNow !== undefined) return embedder.embedNow(question);
      let cancel = (): void => {};
      const late = new Promise<undefined>((resolve) => {
        cancel = clock.startTimer(embedder.deadlineMs, () => resolve(undefined));
      });
      const vector = embedder.embed([question.text]).then(
        ([first]) => first,
        (error: unknown) => {
          onFailure(embedder, error);
          return undefined;
        },
      );
      return Promise.race([vector, late]).finally(cancel);
    },
  };
}
