/** Where one member of a JSON object stands in its bytes; ends exclusive. */
export interface JsonMember {
  /** Decoded, so that `"mod\u0065l"` is found too. */
  readonly key: string;
  /** The opening quote of the key. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

export interface JsonObjectSpan {
  /** Offset of `{` and of `}`. */
  readonly open: number;
  readonly close: number;
  readonly members: readonly JsonMember[];
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * Finds the members of the outermost object without building it. Nested objects are skipped, not read.
 * @param bytes UTF-8 of a JSON text that `JSON.parse` has accepted
 * @param from where to start looking for the `{`
 * @returns undefined where the outermost value is no object, or the text is not JSON after all
 */
export function jsonMembers(bytes: Buffer, from = 0): JsonObjectSpan | undefined {
  const open = skipSpace(bytes, from);
  if (bytes[open] !== openBrace) return undefined;
  const members: JsonMember[] = [];
  let at = skipSpace(bytes, open + 1);
  while (at < bytes.length && bytes[at] !== closeBrace) {
    const member = readMember(bytes, at);
    if (member === undefined) return undefined;
    members.push(member);
    at = skipSpace(bytes, member.valueEnd);
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1);
  }
  return at < bytes.length ? { open, close: at, members } : undefined;
}

function readMember(bytes: Buffer, start: number): JsonMember | undefined {
  if (bytes[start] !== quote) return undefined;
  const keyEnd = stringEnd(bytes, start);
  const at = skipSpace(bytes, keyEnd);
  if (bytes[at] !== colon) return undefined;
  const valueStart = skipSpace(bytes, at + 1);
  const valueEnd = skipValue(bytes, valueStart);
  if (valueEnd === valueStart) return undefined;
  return { key: decodeKey(bytes.toString('utf8', start, keyEnd)), start, valueStart, valueEnd };
}

function decodeKey(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  const key: unknown = JSON.parse(literal);
  return String(key);
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at++;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** One past the closing quote of the string that opens at `open`. */
function stringEnd(bytes: Buffer, open: number): number {
  let end = bytes.indexOf(quote, open + 1);
  while (end > 0 && isEscaped(bytes, end, open)) end = bytes.indexOf(quote, end + 1);
  return end < 0 ? bytes.length : end + 1;
}

function isEscaped(bytes: Buffer, at: number, open: number): boolean {
  let slashes = 0;
  for (let before = at - 1; before > open && bytes[before] === backslash; before--) slashes++;
  return slashes % 2 === 1;
}

function skipValue(bytes: Buffer, from: number): number {
  const first = bytes[from];
  if (first === quote) return stringEnd(bytes, from);
  if (first === openBrace || first === openBracket) return skipNested(bytes, from);
  let at = from;
  while (at < bytes.length && !endsScalar(bytes[at])) at++;
  return at;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === comma || byte === closeBrace || byte === closeBracket || isSpace(byte);
}

function skipNested(bytes: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === quote) {
      at = stringEnd(bytes, at);
      continue;
    }
    at++;
    if (byte === openBrace || byte === openBracket) depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      depth--;
      if (depth === 0) return at;
    }
  }
  return at;
}
