import { answerExcerpt } from './answerTexts.ts';
import type { ListedEntry } from './entryStore.ts';

/** A kept answer, for the eyes of its owner. */
export interface KeptAnswer {
  readonly id: string;
  /** `provider/model`. */
  readonly model: string;
  readonly session?: string;
  /** Absent where only the identical request is answered: then it is not kept. */
  readonly question?: string;
  /** Its beginning; absent where it has no text. */
  readonly answer?: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** Times it was served. */
  readonly hits: number;
  readonly bytes: number;
}

const excerptLength = 2000;

export function keptAnswerOf({ entry, bytes, hits }: ListedEntry): KeptAnswer {
  const { key, provider, model, session, question, createdAtMs, expiresAtMs } = entry;
  const answer = answerExcerpt(entry.answer, excerptLength);
  return {
    id: key,
    model: `${provider}/${model}`,
    ...(session === undefined ? {} : { session }),
    ...(question === undefined ? {} : { question }),
    ...(answer === undefined ? {} : { answer }),
    createdAtMs,
    expiresAtMs,
    hits,
    bytes,
  };
}
