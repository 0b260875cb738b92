import type { MatchLogic } from '@pydantic/genai-prices';

/** The suffix test that keeps speech models out of a text model's rule; our rules allow no such suffix anyway. */
const noSpeech = '^(?!.*-[tT][tT][sS](?:$|-))';
const dated = /^\^((?:[\w/-]|\\\.)+-)\\d\{(?:8\}|4\}-\\d\{2\}-\\d\{2\})\$$/;
/** `gemini-3.5-flash-` and any digits. */
const numbered = /^\^((?:[\w-]|\\\.)+)-\\d$/;

/**
 * A model's rule as names of the price data: `name`, `name*` (with a date, version or stage), `name#` (with a date).
 * Rules that the source applies anywhere in a text apply to its beginning here, after prefixes are taken off.
 * @throws for a rule of another form: it must be looked at
 */
export function matchNames(match: MatchLogic): string[] {
  if ('or' in match) return match.or.flatMap(matchNames);
  if ('equals' in match) return [match.equals];
  if ('ends_with' in match) return [match.ends_with];
  if ('starts_with' in match) return [`${match.starts_with}*`];
  if ('contains' in match) return [`${match.contains}*`];
  if ('regex' in match) return [namesOfExpression(match.regex)];
  const [first, second, ...more] = match.and;
  const isSpeechTest = second !== undefined && 'regex' in second && second.regex === noSpeech;
  if (first !== undefined && isSpeechTest && more.length === 0) return matchNames(first);
  throw new Error(`unknown rule ${JSON.stringify(match)}`);
}

function namesOfExpression(regex: string): string {
  const [, beforeDate] = dated.exec(regex) ?? [];
  if (beforeDate !== undefined) return `${beforeDate.replaceAll('\\.', '.')}#`;
  const [, beforeNumber] = numbered.exec(regex) ?? [];
  if (beforeNumber !== undefined) return `${beforeNumber.replaceAll('\\.', '.')}*`;
  throw new Error(`unknown expression ${regex}`);
}
