import type { CanonicalWording } from '../wording/canonicalWording.ts';
import type { QuestionForm } from '../wording/questionForms.ts';
import { expandContraction, singular, unifyNumber, unifySpelling } from '../wording/spelling.ts';
import { abbreviations } from '../wording/synonyms.ts';
import { isTechnology } from '../wording/vocabulary.ts';

/** What a guard looks at, worked out once per text. */
export interface Facts {
  readonly form: QuestionForm;
  /** First word of the canonical text: tells questions of one form apart ("when …", "who …"). */
  readonly opening: string;
  /** Plain words in order: lower case, contractions written out, American spelling. */
  readonly words: readonly string[];
  /** The same in the singular. */
  readonly stems: readonly string[];
  /** Canonical words in order. */
  readonly canonical: readonly string[];
  readonly numbers: readonly string[];
  /** What is counted: the word after each number, or what is written to it. */
  readonly units: readonly string[];
  /** Names, languages and tools. */
  readonly names: readonly string[];
  /** As written. */
  readonly identifiers: readonly string[];
  /** As written, without the quotes. */
  readonly quotes: readonly string[];
  /** Every word as written, in small letters. */
  readonly raw: readonly string[];
}

export function factsOf(wording: CanonicalWording): Facts {
  const { key, form } = wording;
  const canonical = key.slice(key.indexOf(': ') + 2).split(' ');
  const words: string[] = [];
  const numbers: string[] = [];
  const units: string[] = [];
  const names: string[] = [];
  const identifiers: string[] = [];
  const quotes: string[] = [];
  const prose = wording.words.filter((word) => word.kind !== 'mark');
  for (const [index, word] of prose.entries()) {
    const before = prose[index - 1];
    const quoted = /^(["'`])(.*)\1$/.exec(word.raw)?.[2];
    if (quoted !== undefined) quotes.push(quoted);
    if (word.kind === 'quoted') continue;
    const plain = word.kind === 'code' ? [word.text] : plainWords(word.text);
    words.push(...plain);
    for (const item of plain) if (/^[-+]?\d/.test(item)) numbers.push(numberOf(item));
    if (word.kind === 'code') identifiers.push(quoted ?? word.raw);
    if (word.kind === 'code' && /^\d/.test(word.raw)) units.push(word.raw.replace(/^[\d.,]+/, ''));
    if (before !== undefined && (before.kind === 'number' || /^\d+$/.test(unifyNumber(before.text))))
      units.push(word.raw);
    if (word.kind === 'name' || word.kind === 'code' || plain.some(isTechnology)) names.push(...plain.map(longName));
  }
  // "a Node server" is short for Node.js, "a node" is not: the canonical words know.
  if (canonical.includes('nodejs'))
    for (const [index, name] of names.entries()) if (name === 'node') names[index] = 'nodejs';
  const stems = words.map((word) => (/^[a-z]+$/.test(word) ? singular(longName(word), false) : word));
  const raw = prose.map((word) => word.raw.toLowerCase());
  return {
    form,
    opening: canonical[0] ?? '',
    words,
    stems,
    canonical,
    numbers,
    units,
    names,
    identifiers,
    quotes,
    raw,
  };
}

function plainWords(text: string): string[] {
  return expandContraction(text)
    .split(/[\s-]+/)
    .filter((word) => word !== '')
    .map((word) => unifyNumber(unifySpelling(word)));
}

/** What an abbreviation stands for. */
export function longName(word: string): string {
  return abbreviations.get(word) ?? word;
}

/** The digits a token begins with, with its decimals: `5mb` and `5` count the same, `3.10` and `3.1` do not. */
function numberOf(text: string): string {
  return /^[-+]?\d+(?:\.\d+)*%?!?/.exec(text)?.[0] ?? text;
}
