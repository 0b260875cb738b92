/** A phrase of plain words (marks for names do not match) and what it is rewritten to. */
export interface PhraseRule {
  /** The words it can begin with: a text without any of them is not searched. */
  readonly firstWords: readonly string[];
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Phrase rules, found by their first words. */
export interface PhraseBook {
  /** Rules that `text` may contain, in their order. */
  rulesFor(text: string): PhraseRule[];
}

/** @param pattern begins with a word, or with `(?:…)` of words or phrases */
export function phrase(pattern: string, replacement: string): PhraseRule {
  return {
    firstWords: firstWordsOf(pattern),
    pattern: new RegExp(`(?<!\\S)${pattern}(?!\\S)`, 'g'),
    replacement,
  };
}

/** Like `phrase`, where a verb stands: at the start of a request, and after "to", "and" or a pronoun. */
export function verb(pattern: string, replacement: string): PhraseRule {
  const place = '(?<=^(?:not~ )?|(?<!\\S)(?:to|and|i|we|you) )';
  return { firstWords: firstWordsOf(pattern), pattern: new RegExp(`${place}${pattern}(?!\\S)`, 'g'), replacement };
}

function firstWordsOf(pattern: string): string[] {
  const alternatives = /^\(\?:([^()]+)\)/.exec(pattern)?.[1]?.split('|') ?? [pattern];
  return alternatives.map((alternative) => /^[a-z]+/.exec(alternative)?.[0] ?? '');
}

export function phraseBook(rules: readonly PhraseRule[]): PhraseBook {
  const byFirstWord = new Map<string, number[]>();
  for (const [index, rule] of rules.entries()) {
    for (const word of rule.firstWords) byFirstWord.set(word, [...(byFirstWord.get(word) ?? []), index]);
  }
  return {
    rulesFor(text) {
      const found = new Set<number>();
      for (const word of text.split(' ')) for (const index of byFirstWord.get(word) ?? []) found.add(index);
      return [...found].sort((a, b) => a - b).flatMap((index) => rules[index] ?? []);
    },
  };
}
