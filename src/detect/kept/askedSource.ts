import type { Ask, Question } from '../syntax/askSource.ts';

/** One question about the source as a whole, with its answer. */
export interface Answer {
  readonly question: Question;
  readonly name: string;
  readonly text: string;
}

/** What was judged by these stays judged while the source answers the same. */
export type Answers = readonly Answer[];

/** Asks as before, and writes down what was asked. */
export function noting(ask: Ask): { readonly ask: Ask; readonly answers: Answers } {
  const answers: Answer[] = [];
  return {
    answers,
    ask(question, name) {
      const text = ask(question, name);
      answers.push({ question, name, text });
      return text;
    },
  };
}

export const stillAnswers = (ask: Ask, answers: Answers): boolean =>
  answers.every(({ question, name, text }) => ask(question, name) === text);
