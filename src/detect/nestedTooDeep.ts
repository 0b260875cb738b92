/** What people write is nested twenty deep, what programs print a hundred. */
const deepest = 200;

const other = 0;
const opening = 1;
const closing = 2;
const quote = 3;

const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if ('([{'.includes(character)) return opening;
  if (')]}'.includes(character)) return closing;
  return '"\''.includes(character) ? quote : other;
});

/** What the brackets of a stretch of text do to the depth at its start. */
export interface Nesting {
  /** How much deeper its end is than its start, where nothing is closed that was never opened. */
  readonly net: number;
  /** How far it goes below its start, 0 or less. */
  readonly low: number;
  /** How far it goes above its start. */
  readonly top: number;
  /** How far it rises within itself. */
  readonly rise: number;
}

/**
 * Reads a stretch of text. What stands in quotes on one line does not count, so a stretch should end where a line does
 * that no backslash continues.
 */
export function readNesting(text: string, start: number, end: number): Nesting {
  let net = 0;
  let low = 0;
  let top = 0;
  let rise = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? kinds[code] : other;
    if (kind === other) continue;
    if (kind === opening) {
      net++;
      if (net > top) top = net;
      if (net - low > rise) rise = net - low;
    } else if (kind === closing) {
      net--;
      if (net < low) low = net;
    } else at = quoteEnd(text, at, code);
  }
  return { net, low, top, rise };
}

/** Stretches that make a text, one after the other, are nested too deep. What was never opened closes nothing. */
export function areTooDeep(stretches: Iterable<Nesting>): boolean {
  let depth = 0;
  for (const { net, low, top, rise } of stretches) {
    if (Math.max(depth + top, rise) > deepest) return true;
    depth = Math.max(depth + net, net - low);
  }
  return false;
}

/**
 * Brackets stand in each other so deep that a tree would be as deep: everything that goes from a node outward takes time
 * by the square of that. What stands in quotes on one line does not count.
 */
export const isNestedTooDeep = (text: string): boolean => areTooDeep([readNesting(text, 0, text.length)]);

const longestQuoted = 500;
const newline = 10;
const backslash = 92;

/** Where what the quote opens ends on the same line; the quote itself where it does not. */
function quoteEnd(text: string, start: number, quoted: number): number {
  const most = Math.min(text.length, start + longestQuoted);
  for (let at = start + 1; at < most; at++) {
    const code = text.charCodeAt(at);
    if (code === quoted) return at;
    if (code === newline) return start;
    if (code === backslash) at++;
  }
  return start;
}
