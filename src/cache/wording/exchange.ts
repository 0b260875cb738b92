import type { PhraseBook } from './phraseBook.ts';
import { abbreviations, synonyms } from './synonyms.ts';

/** Requests and actions that are said in several ways. */
const requestPhrases: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/^(?:explain|describe) /, '~explain '],
  [/^(?:give|show|provide)(?: (?:an|some))? examples? of /, '~example of '],
  [/^(?:give|write|provide) (?:a |the )?summary of /, 'summarize '],
  [/^(?:give|write|provide|make|create|show) (?:a |the )?list of /, 'list '],
  [
    /(?<!\S)\^?node (?=(?:application|server|process|script|project|module|package|version|program|backend)s?(?: |$))/g,
    'nodejs ',
  ],
  [/(?<!\S)(?:turn|convert) ((?:\S+ ){1,4}?)into /g, 'convert $1to '],
  [/(?<!\S)make ((?:\S+ ){1,3}?)faster(?!\S)/g, 'speed up $1'],
];

/** What follows a tool's name, or stands beside "command", is the name of a command and has no synonyms. */
export function keepCommandNames(text: string): string {
  return text
    .replaceAll(
      /(?<!\S)([\^=]?(?:git|npm|npx|yarn|pnpm|docker|kubectl|pip|apt|brew|cargo|conda|sudo|systemctl)) ([a-z]+)(?!\S)/g,
      '$1 ^$2',
    )
    .replaceAll(
      /(?<!\S)([a-z]+) (?=(?:commands?|methods?|functions?|keywords?|operators?|statements?|flags?|options?|events?|attributes?|property|properties|verbs?|hooks?|tags?)(?: |$))/g,
      (match, word: string) => (articles.has(word) ? match : `^${word} `),
    );
}

const articles = new Set(['a', 'an', 'the', 'my', 'this', 'all', 'any', 'of', 'in', 'to', 'with', 'and', 'or', 'no']);

/** Long names for short ones. */
export function shortNames(text: string): string {
  return text
    .split(' ')
    .map((token) => {
      const mark = token.startsWith('^') || token.startsWith('=') ? token.slice(0, 1) : '';
      const long = abbreviations.get(token.slice(mark.length));
      return long === undefined ? token : `${mark}${long}`;
    })
    .join(' ')
    .replace(/ (in|with) \^?node$/, ' $1 nodejs');
}

/** Synonyms, except of a class that the text uses two members of: there the difference is what it is about. */
export function exchanged(text: string): string {
  let current = text;
  for (const { pattern, replacement } of synonyms.rulesFor(text)) {
    const members = new Set(current.match(pattern));
    if (members.size === 1) current = current.replace(pattern, replacement);
  }
  return current;
}

/** Every rule of a book once, in order. */
export function applied(text: string, book: PhraseBook): string {
  let current = text;
  for (const rule of book.rulesFor(text)) current = current.replace(rule.pattern, rule.replacement);
  return current;
}

export function withCommonRequests(text: string): string {
  let current = text;
  for (const [pattern, replacement] of requestPhrases) current = current.replace(pattern, replacement);
  return current;
}
