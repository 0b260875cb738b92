// What the words of a text say, wherever it stands.

/** No rule asks for more words than this: a longer text is not counted to its end. */
const mostCounted = 200;

const placeholders = /\{\{?[^{}\n]{0,40}\}?\}|<\/?[\w-]+>/g;
const word = /[\p{L}\p{N}][^\s]*/gu;

/** Words of the static text; what is only placeholders and punctuation has none. Of a long text, enough to judge it. */
export function countWords(text: string): number {
  const head = text.length > 8_000 ? count(text.slice(0, 8_000)) : 0;
  return head >= mostCounted ? mostCounted : count(text);
}

const count = (text: string): number => text.replace(placeholders, ' ').match(word)?.length ?? 0;

/** `Enter a topic to get started.` */
export const asksPerson = (text: string, words: number): boolean =>
  (words < 14 &&
    /^\W*(?:please )?(?:(?:(?:enter|type in) (?:an?|the|your|any)|pick (?:one|your|any))\b|an error occurred)\b/i.test(
      text,
    )) ||
  /^\W*(?:\[\w+\]\W*)?press (?:\[|<|enter|any|the|esc|ctrl|space)/i.test(text) ||
  (words < 30 && waitsForPerson.test(text));

/** `Type a message to continue.`, `… without finishing. Continue?`, `Reply "continue" here.` */
const waitsForPerson =
  /\b(?:type|enter|press|click|reply)\b[^.\n]{0,30}\b(?:to (?:continue|proceed|confirm|exit|quit)|here\.?$)|\b(?:continue|proceed)\?\W*$|[[(]y(?:es)?\/n(?:o)?[\])]/i;
