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

/**
 * Brackets stand in each other so deep that a tree would be as deep: everything that goes from a node outward takes time
 * by the square of that. What stands in quotes on one line does not count.
 */
export function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? kinds[code] : other;
    if (kind === other) continue;
    if (kind === opening) {
      if (++depth > deepest) return true;
    } else if (kind === closing) depth = Math.max(0, depth - 1);
    else at = quoteEnd(text, at, code);
  }
  return false;
}

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
