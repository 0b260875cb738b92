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

/** Verbs that a request to a model begins with. What a program says to a person begins with other words. */
const requestVerb =
  `add analy[sz]e answer brainstorm build calculate check classify come compare complete compose compute
  convert count create critique define describe design determine develop discuss draft draw evaluate examine explain extract
  find fix generate get give go grade help identify imagine implement improve investigate judge list look make name outline
  paraphrase perform plan please predict prepare produce propose provide rank read recommend reply research respond review
  rewrite say search show simplify solve suggest summari[sz]e teach tell think transform translate use verify visit write`
    .trim()
    .split(/\s+/)
    .join('|');
const questionWord =
  'what|who|whom|whose|where|when|why|how|which|is|are|was|were|do|does|did|can|could|would|should|will|has|have';
const request = new RegExp(
  `^\\W*(?:(?:hi|hello|hey|now|then|first)\\b\\W*)?(?:(?:${requestVerb})\\b|i (?:want|need|would like)\\b)`,
  'i',
);
const question = new RegExp(`^\\W*(?:\\w+\\W+){0,6}?(?:${questionWord}|what['’]s)\\b[^]*\\?`, 'i');

/** A sentence that asks for something, as one speaks to a model: a question or a request. */
export function asksForSomething(text: string): boolean {
  const head = text.slice(0, 400);
  return (/^\W*[A-Z]/.test(head) && request.test(head)) || question.test(head);
}

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
