import type { Span } from '../finding.ts';
import type { LanguageTable } from '../language/languageTable.ts';

export interface CandidateSearch {
  readonly table: LanguageTable;
  /** Literals with white space may be prompts. */
  readonly prompts: boolean;
  /** A word in quotes that may be a model id or an alias. */
  readonly isWord: (word: string) => boolean;
}

/** A word in quotes says nothing by itself; the name before it may. */
const tellingName =
  /(?:model|llm|engine|deployment|prompt|content|text|input|instructions?|system|message|query|question|goal|role)\w*["'`]?\]?\s*(?::\s*\w+\s*)?(?:=>|[:=(,])\s*[A-Za-z]{0,2}$/i;
const tellingCall =
  /\b(?:\w*(?:openai|anthropic|google|azure|bedrock|mistral|groq|model|llm|agent)\w*(?:\.\w+)?)\(\s*$/i;

const longestWord = 120;

/** So much source before a quote has a say in whether what it opens is worth a look. */
export const lookBehind = 48;

/**
 * Offsets at which a literal worth a look may begin, ascending. A quote is cheap to find and often none
 * (an apostrophe, a closing quote): the tree decides later what stands there.
 * @param within whole lines, in which the same is found as when all of the source is searched
 */
export function* candidateOffsets(
  source: string,
  { table, prompts, isWord }: CandidateSearch,
  within: Span,
): Generator<number> {
  const others = table.openings ? `|${table.openings.source}` : '';
  const quote = new RegExp(`[${table.quotes}]${others}`, 'g');
  quote.lastIndex = within.start;
  for (let match = quote.exec(source); match && match.index < within.end; match = quote.exec(source)) {
    const at = match.index;
    const mark = match[0];
    if (mark.length > 1) {
      if (prompts) yield at;
      continue;
    }
    const closing = wordEnd(source, at + 1, mark);
    if (closing < 0) {
      if (prompts) yield at;
      continue;
    }
    if (closing === at + 1) {
      // `""`: empty, or the first two of three.
      if (prompts && source.charAt(closing + 1) === mark) yield at;
      continue;
    }
    const word = source.slice(at + 1, closing);
    const before = source.slice(Math.max(0, at - lookBehind), at);
    if (isWord(word) || tellingName.test(before) || tellingCall.test(before)) yield at;
    // What follows a closing quote begins with punctuation; only a real word is stepped over.
    if (/^[\w@.]/.test(word)) quote.lastIndex = closing + 1;
  }
}

/** The end of a word in quotes, or -1 where white space or a line's end comes first. */
function wordEnd(source: string, from: number, mark: string): number {
  const end = Math.min(source.length, from + longestWord);
  for (let index = from; index < end; index++) {
    const code = source.charCodeAt(index);
    if (code <= 32) return -1;
    if (source.charAt(index) === mark) return index;
  }
  return -1;
}
