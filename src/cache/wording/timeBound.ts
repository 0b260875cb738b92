import type { QuestionForm } from './questionForms.ts';
import type { Word } from './readWords.ts';

const timeWords =
  /(?<!\S)(?:today|tonight|tomorrow|yesterday|now|nowadays|currently|current|latest|newest|recent|recently|upcoming|this (?:week|month|year|morning|afternoon|evening|weekend)|(?:next|last) (?:week|month|year|night|weekend)|right now|at the moment|up to date|weather|forecast|temperature|news|headlines|stock price|share price|exchange rate|price of|time is it|day is it|date is it|still|so far|as of|yet|anymore|live)(?!\S)/;

/** "current directory" and its like are about a place, not about the day. */
const places =
  /(?<!\S)(?:current|latest|newest) (?:working )?(?:directory|dir|folder|branch|file|user|line|scope|thread|process|context|element|shell|position|index|row|node|value|state|commit|url|page)(?!\S)|(?<!\S)live (?:reload|server|share)(?!\S)/g;

const computed =
  /(?<!\S)(?:today|tomorrow|yesterday|now|temperature|weather|news|current (?:date|time|timestamp|week|month|year))(?!\S)/g;

/** The answer depends on when it is asked ("the latest version of Node.js", "the weather"). */
export function isTimeBound(words: readonly Word[], form: QuestionForm): boolean {
  let text = words
    .filter((word) => word.kind !== 'mark')
    .map((word) => word.text)
    .join(' ')
    .replaceAll(places, '');
  // How to do something does not change from day to day, whatever the code then works out.
  if (form === 'howTo') text = text.replaceAll(computed, '');
  return timeWords.test(text);
}
