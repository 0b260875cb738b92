/**
 * Byte-pair merging takes quadratic time in the length of one run of letters, spaces or symbols: 200,000 times "a" keep every
 * JavaScript tokenizer busy for more than 20 seconds. No text that people write has runs that long, so longer ones are cut,
 * at the cost of at most two tokens more or less per cut.
 */
export const longestRun = 256;

const longRun = new RegExp(
  [String.raw`[\p{L}\p{M}]`, String.raw`\s`, String.raw`[^\p{L}\p{M}\p{N}\s]`]
    .map((charClass) => `${charClass}{${longestRun + 1},}`)
    .join('|'),
  'gu',
);

const digit = 1;
const space = 2;
const letter = 3;
const symbol = 4;
const wild = 0;

/** Beyond ASCII every character is taken to fit any run: this only decides whether to look closer. */
function coarseClass(unit: number): number {
  if (unit > 127) return wild;
  if (unit >= 48 && unit <= 57) return digit;
  if (unit === 32 || (unit >= 9 && unit <= 13)) return space;
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) ? letter : symbol;
}

/** Linear in the length, unlike the expression above: most texts end here. */
function mayHaveLongRun(text: string): boolean {
  let runClass = wild;
  let runStart = 0;
  let wildStart = 0;
  for (let at = 0; at < text.length; at++) {
    const unitClass = coarseClass(text.charCodeAt(at));
    if (unitClass === wild) {
      if (at - runStart >= longestRun) return true;
      continue;
    }
    if (unitClass !== runClass || unitClass === digit) {
      runStart = unitClass === digit ? at + 1 : wildStart;
      runClass = unitClass;
    }
    wildStart = at + 1;
    if (at - runStart >= longestRun) return true;
  }
  return false;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** The text in pieces without long runs; the text itself where it has none. Joined, the pieces are the text. */
export function cutLongRuns(text: string): string[] {
  if (text.length <= longestRun || !mayHaveLongRun(text)) return [text];
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: run, index } of text.matchAll(longRun)) {
    for (let cut = index + longestRun; cut < index + run.length; cut += longestRun) {
      const whole = isLowSurrogate(text.charCodeAt(cut)) ? cut - 1 : cut;
      pieces.push(text.slice(from, whole));
      from = whole;
    }
  }
  return [...pieces, text.slice(from)];
}
