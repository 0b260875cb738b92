import { LRUCache } from 'lru-cache';
import { type CanonicalWording, canonicalWording } from '../wording/canonicalWording.ts';
import { type Facts, factsOf } from './facts.ts';
import { type Veto, vetoOf } from './guards.ts';

/** Asks the guards about pairs of texts, and remembers what it has read of them. */
export interface Judge {
  /** Why an answer to `asked` must not be given to the question; undefined = no objection. Equal texts need no guard. */
  objection(
    question: { readonly text: string; readonly wording: CanonicalWording },
    asked: string | undefined,
  ): Veto | 'unknown' | undefined;
}

const remembered = 2000;

export function createJudge(): Judge {
  const facts = new LRUCache<string, Facts>({ max: remembered });
  return {
    objection(question, asked) {
      if (asked === undefined) return 'unknown';
      if (asked === question.text) return undefined;
      return vetoOf(
        read(question.text, () => question.wording),
        read(asked, () => canonicalWording(asked)),
      );
    },
  };

  function read(text: string, wording: () => CanonicalWording): Facts {
    const known = facts.get(text);
    if (known !== undefined) return known;
    const fresh = factsOf(wording());
    facts.set(text, fresh);
    return fresh;
  }
}
