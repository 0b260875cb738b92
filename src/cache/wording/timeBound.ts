const timeWords =
  /(?<!\S)(?:today|tonight|tomorrow|yesterday|now|nowadays|currently|current|latest|newest|recent|recently|upcoming|this (?:week|month|year|morning|afternoon|evening|weekend)|(?:next|last) (?:week|month|year|night|weekend)|at the moment|up to date|weather|forecast|temperature|news|headlines|stock price|share price|exchange rate|price of|time is it|day is it|date is it|still|so far|as of|yet|anymore|live)(?!\S)/;

/** "current directory" and its like are about a place, not about the day. */
const places =
  /(?<!\S)(?:current|latest|newest) (?:working )?(?:directory|dir|folder|branch|file|user|line|scope|thread|process|context|element|shell|position|index|row|node|value|state|commit|url|page)(?!\S)|(?<!\S)live (?:reload|server|share)(?!\S)/g;

const computed =
  /(?<!\S)(?:today|tomorrow|yesterday|now|temperature|weather|news|current (?:date|time|timestamp|week|month|year))(?!\S)/g;

const asksHow = /(?<!\S)how (?:to|(?:do|does|can|could|would|should) (?:i|you|we|one))(?!\S)/;

/** The answer depends on when it is asked ("the latest version of Node.js", "the weather"). */
export function isTimeBound(text: string): boolean {
  let words = text
    .toLowerCase()
    .replaceAll(/['\u2019]s\b/g, '')
    .replaceAll(/[^\p{L}\p{N}\s.-]|[.](?=\s|$)/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(places, '');
  // How to do something does not change from day to day, whatever the code then works out.
  if (asksHow.test(words)) words = words.replaceAll(computed, '');
  return timeWords.test(words);
}
