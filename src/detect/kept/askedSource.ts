import type { Span } from '../finding.ts';
import { type Ask, createAsk, type Question, saysOf } from '../syntax/askSource.ts';

/** One question about the source as a whole. */
export interface Asked {
  readonly question: Question;
  readonly name: string;
}

/** What something was judged by: it stays judged while the source answers the same. */
export type Answers = readonly Asked[];

/** Whether one of the answers that something was judged by is another now; false where all are what they were. */
export type IsStale = false | ((answers: Answers) => boolean);

/** Asks as before, and writes down what was asked. */
export function noting(ask: Ask): { readonly ask: Ask; readonly answers: Answers } {
  const answers: Asked[] = [];
  return {
    answers,
    ask(question, name) {
      answers.push({ question, name });
      return ask(question, name);
    },
  };
}

/** An answer about a name rests on where the name stands, and on no more source before and behind it than this. */
const reach = 2_000;
/** The longest name that stands there with its first or last letter. */
const longestName = 200;
export const nearby = reach + longestName;

const around = (source: string, { start, end }: Span): string =>
  source.slice(Math.max(0, start - nearby), end + nearby);

const keyOf = ({ question, name }: Asked): string => `${question} ${name}`;

/** The answers of one source, asked again after an edit only where the name stands near it. */
export class AskedSource {
  #answers = new Map<string, { readonly asked: Asked; readonly text: string }>();
  /** What stood around the edits before them. */
  #replaced: string[] = [];

  /** @param before what stood in the place of the edit, with what was nearby */
  edit(before: string): void {
    if (this.#answers.size > 0) this.#replaced.push(before);
  }

  /**
   * Answers about the source as it is now.
   * @param edited where it changed since the last time
   * @returns `isStale`, whether one of the answers that something was judged by is another now; false where none is
   */
  read(source: string, edited: readonly Span[]): { readonly ask: Ask; readonly isStale: IsStale } {
    const now = createAsk(source);
    const stale = this.#askAgain(now, [...this.#replaced, ...edited.map((span) => around(source, span))]);
    this.#replaced = [];
    return {
      ask: (question, name) => {
        const key = keyOf({ question, name });
        const known = this.#answers.get(key);
        if (known) return known.text;
        const text = now(question, name);
        this.#answers.set(key, { asked: { question, name }, text });
        return text;
      },
      isStale: stale.size > 0 && ((answers) => answers.some((asked) => stale.has(keyOf(asked)))),
    };
  }

  #askAgain(now: Ask, touched: readonly string[]): ReadonlySet<string> {
    const stale = new Set<string>();
    if (touched.length === 0 || this.#answers.size === 0) return stale;
    const stretches = touched.map((stretch) => ({ stretch, lowered: stretch.toLowerCase() }));
    for (const [key, { asked, text }] of this.#answers) {
      const name = asked.name.toLowerCase();
      if (
        !stretches.some(({ stretch, lowered }) => lowered.includes(name) && saysOf(stretch, asked.question, asked.name))
      )
        continue;
      const answer = now(asked.question, asked.name);
      if (answer !== text) stale.add(key);
      this.#answers.set(key, { asked, text: answer });
    }
    return stale;
  }
}
