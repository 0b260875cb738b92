import {
  createFactSearch,
  type Evidence,
  type Fact,
  factIn,
  type HeadFact,
  importsWithin,
  readEvidence,
} from '../evidence.ts';
import type { Span } from '../finding.ts';
import { type Edit, mergedSpans, movedSpan, wholeLines } from './textEdit.ts';

const headFacts: ReadonlySet<Fact> = new Set<HeadFact>(['markup', 'messenger']);
/** A sign is no longer than this, blanks between its words included. */
const longestSign = 2_000;
/** So far beside a sign, what stands there has a say in whether it is one: `llm` in a longer word. */
const reach = 40;

/** A sign that an edit touched, which may be none any more. */
type Known = Span | 'touched' | 'none';

/** What a text says about itself, looked for again after an edit only where the text is another. */
export class KeptEvidence {
  #known = new Map<Fact, Known>();
  #edited: Span[] = [];

  edit(edit: Edit): void {
    const { start, oldEnd, newEnd } = edit;
    this.#edited = [...this.#edited.map((span) => movedSpan(span, edit)), { start, end: newEnd }];
    for (const [fact, known] of this.#known) {
      if (headFacts.has(fact)) {
        if (start < importsWithin) this.#known.delete(fact);
      } else if (typeof known !== 'string' && start <= known.end + reach)
        this.#known.set(fact, oldEnd < known.start - reach ? movedSpan(known, edit) : 'touched');
    }
  }

  clear(): void {
    this.#known.clear();
    this.#edited = [];
  }

  /** Of the text as it is after the edits told of. */
  read(text: string, path: string, aboutLlm: boolean | undefined): Evidence {
    this.#lookAgain(text);
    const search = createFactSearch(text);
    return readEvidence(text, path, aboutLlm, (fact) => {
      const known = this.#known.get(fact) ?? search(fact) ?? 'none';
      this.#known.set(fact, known);
      return known !== 'none';
    });
  }

  #lookAgain(text: string): void {
    const windows = mergedSpans(
      this.#edited.map(({ start, end }) =>
        wholeLines(text, { start: Math.max(0, start - longestSign), end: Math.min(text.length, end + longestSign) }),
      ),
    );
    this.#edited = [];
    if (windows.length === 0) return;
    for (const [fact, known] of this.#known) {
      if (typeof known !== 'string' || headFacts.has(fact)) continue;
      const found = foundIn(text, windows, fact);
      if (found) this.#known.set(fact, found);
      else if (known === 'touched') this.#known.delete(fact);
    }
  }
}

function foundIn(text: string, windows: readonly Span[], fact: Fact): Span | undefined {
  for (const { start, end } of windows) {
    const found = factIn[fact](text.slice(start, end));
    if (found) return { start: start + found.start, end: start + found.end };
  }
  return undefined;
}
