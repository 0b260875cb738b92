import { withoutPossessive } from './spelling.ts';

/**
 * `word` is plain prose. `name` is a word that stands for itself (capitals inside a sentence, quotes, backticks): it has no
 * synonyms. `code` has characters that prose has not. `mark` is a comma or the end of a sentence.
 */
export type WordKind = 'word' | 'name' | 'number' | 'code' | 'quoted' | 'mark';

export interface Word {
  readonly kind: WordKind;
  /** Lower case; quoted text of several words keeps its case. */
  readonly text: string;
  /** As written, with its quotes. */
  readonly raw: string;
}

const abbreviationsWithPoint = new Set(['vs', 'e.g', 'i.e', 'etc', 'approx', 'resp', 'cf', 'no', 'mr', 'dr']);

/** Words that are written in capitals for emphasis or in titles and never are names. */
const functionWords = new Set(
  (
    'a an the i you we they he she it me my our your their its his her us them and or but not no if then than that this these those ' +
    'is are was were be been being am do does did done have has had can could will would shall should may might must ' +
    'how what why when where which who whom whose to of in on at by for from with without into onto over under between about as ' +
    'so too very please all any each every some more most less least only never always there here'
  ).split(' '),
);

/** Reads text into words. Knows English punctuation and the shapes of code; changes no letters but their case. */
export function readWords(text: string): Word[] {
  const plain = text
    .normalize('NFC')
    .replaceAll(/[\u2018\u2019\u02bc]/g, "'")
    .replaceAll(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
    .replaceAll(/[\u2010\u2011]/g, '-')
    .replaceAll('\u2026', '...');
  const capitals = readCapitals(plain);
  const words: Word[] = [];
  for (const line of plain.split(/[\r\n]+/)) {
    const all = pieces(line);
    for (const [index, piece] of all.entries()) readPiece(piece, index === all.length - 1, words, capitals);
    pushMark(words, '.');
  }
  while (words.at(-1)?.kind === 'mark') words.pop();
  return words;
}

type Capitals = 'sentence' | 'title' | 'all';

/** Text in capitals, or with a capital on each word, says nothing about names. */
function readCapitals(text: string): Capitals {
  if (!/\p{Ll}/u.test(text)) return 'all';
  const inner = text
    .split(/\s+/)
    .slice(1)
    .filter((word) => /^\p{L}{3,}/u.test(word));
  const upper = inner.filter((word) => /^\p{Lu}/u.test(word)).length;
  return inner.length >= 3 && upper / inner.length > 0.6 ? 'title' : 'sentence';
}

/** Splits at white space, keeping quoted and backticked text together. */
function pieces(line: string): string[] {
  return line.match(/`[^`]+`[^\s\w]*|"[^"]+"[^\s\w]*|(?<![^\s(])'[^']+'(?![\w'])[^\s\w]*|\S+/g) ?? [];
}

function readPiece(piece: string, isLast: boolean, words: Word[], capitals: Capitals): void {
  const quoted = /^([`"'])(.+)\1([^\w\s`"']*)$/.exec(piece);
  if (quoted?.[2] !== undefined) {
    words.push(quotedWord(quoted[2].trim(), quoted[1] ?? ''));
    if (quoted[3]) pushPunctuation(words, quoted[3]);
    return;
  }
  if (/^[^\p{L}\p{N}]+$/u.test(piece)) {
    // "What does ?? do": punctuation that stands alone inside a sentence is what the sentence is about.
    const isPunctuation = isLast ? /^[.,;:!?]+$/.test(piece) : /^(?:[-\u2013\u2014]|[.,;:]|\.\.\.)$/.test(piece);
    if (isPunctuation) pushPunctuation(words, piece);
    else words.push({ kind: 'code', text: piece, raw: piece });
    return;
  }
  const { body, tail } = peel(piece);
  if (body !== '') pushBody(body, words, capitals);
  if (tail !== '') pushPunctuation(words, tail);
}

function quotedWord(text: string, mark: string): Word {
  const raw = `${mark}${text}${mark}`;
  if (/^[a-z]+$/i.test(text)) return { kind: 'name', text: text.toLowerCase(), raw };
  return { kind: mark === '`' ? 'code' : 'quoted', text, raw };
}

/** Takes sentence punctuation and brackets that do not belong to a token off its ends. */
function peel(piece: string): { body: string; tail: string } {
  let body = piece;
  if (/^[([{]/.test(body) && !/[)\]}]/.test(body.slice(1, -1))) body = body.slice(1);
  let tail = /[.,;:!?]+$/.exec(body)?.[0] ?? '';
  body = body.slice(0, body.length - tail.length);
  // `5!` is a factorial.
  if (/^\d+$/.test(body) && tail.startsWith('!')) return { body: `${body}!`, tail: tail.slice(1) };
  if (/[)\]}]$/.test(body) && !/[([{]/.test(body)) {
    body = body.slice(0, -1);
    tail = `,${tail}`;
  }
  if (tail === '.' && abbreviationsWithPoint.has(body.toLowerCase())) tail = '';
  return { body: body.replace(/^["']+|["']+$/g, ''), tail };
}

function pushBody(written: string, words: Word[], capitals: Capitals): void {
  const body = withoutPossessive(written);
  if (/^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?$/.test(body) || /^[-+]?\d+(?:\.\d+)*%?$/.test(body)) {
    words.push({ kind: 'number', text: body.replaceAll(',', ''), raw: body });
    return;
  }
  const lower = body.toLowerCase();
  if (/^\p{L}+(?:['-]\p{L}+)*$/u.test(body) && !/\p{Ll}\p{Lu}/u.test(body)) {
    // "Does A depend on B": no article is written large inside a sentence.
    const isSmallWord = functionWords.has(lower) && (body !== 'A' || capitals === 'title');
    const isName = !isSmallWord && !lower.includes("'") && looksLikeName(body, words, capitals);
    words.push({ kind: isName ? 'name' : 'word', text: lower, raw: body });
    return;
  }
  words.push({ kind: 'code', text: lower, raw: body });
}

function looksLikeName(body: string, before: readonly Word[], capitals: Capitals): boolean {
  if (capitals === 'all') return false;
  if (/^\p{Lu}[\p{Lu}-]+$/u.test(body)) return true;
  if (capitals === 'title' || !/^\p{Lu}/u.test(body)) return false;
  return !beginsSentence(before);
}

const greetings = new Set(['hi', 'hello', 'hey', 'please', 'thanks', 'ok', 'okay', 'so', 'well', 'good']);

/** After nothing, after a full stop, and after "Hi there, ". */
function beginsSentence(before: readonly Word[]): boolean {
  const last = before.at(-1);
  if (last === undefined) return true;
  if (last.kind !== 'mark') return before.length === 1 && last.text === 'please';
  return last.text === '.' || (before.length <= 4 && greetings.has(before[0]?.text ?? ''));
}

function pushPunctuation(words: Word[], punctuation: string): void {
  pushMark(words, /[.!?;]/.test(punctuation) ? '.' : ',');
}

function pushMark(words: Word[], text: ',' | '.'): void {
  const last = words.at(-1);
  if (last === undefined) return;
  if (last.kind !== 'mark') words.push({ kind: 'mark', text, raw: text });
  else if (text === '.') words.splice(-1, 1, { kind: 'mark', text, raw: text });
}
