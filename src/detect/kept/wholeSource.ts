import type { Candidate } from '../rules/candidate.ts';

/** What may be asked about a source as a whole to judge one place of it. */
export type WholeSource = Pick<Candidate, 'isTaken' | 'madeBy'>;

/** Answers of a source by the name that was asked for. While they stay so, what was judged by them stays judged. */
export interface Answers {
  readonly taken: ReadonlyMap<string, boolean>;
  readonly made: ReadonlyMap<string, string>;
}

export const noAnswers: Answers = { taken: new Map(), made: new Map() };

/** The source with what is asked of it written down. */
export function askingOf(source: WholeSource): WholeSource & { readonly answers: Answers } {
  const taken = new Map<string, boolean>();
  const made = new Map<string, string>();
  return {
    answers: { taken, made },
    isTaken(name) {
      const answer = source.isTaken(name);
      taken.set(name, answer);
      return answer;
    },
    madeBy(name) {
      const answer = source.madeBy(name);
      made.set(name, answer);
      return answer;
    },
  };
}

/** The source still answers as it did. */
export function stillAnswers(source: WholeSource, { taken, made }: Answers): boolean {
  for (const [name, answer] of taken) if (source.isTaken(name) !== answer) return false;
  for (const [name, answer] of made) if (source.madeBy(name) !== answer) return false;
  return true;
}
