import type { EscapeStyle } from '../language/languageTable.ts';

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
};

const fromCodePoint = (hex: string): string => {
  const code = Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
};

const escapePatterns: Readonly<Record<EscapeStyle, RegExp>> = {
  python: /\\(\r\n|N\{[^}]*\}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3}|[\s\S])/g,
  ecma: /\\(\r\n|x[\da-fA-F]{2}|u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|[\s\S])/g,
};

function escapedValue(sequence: string, style: EscapeStyle): string {
  const first = sequence.charAt(0);
  if (first === '\n' || first === '\r') return '';
  if (style === 'python') {
    if (/^[0-7]/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8));
    // The name table of Unicode is not worth its size here: one character stands for one character.
    if (/^N\{/.test(sequence)) return '\uFFFD';
    if (first === 'a' && sequence.length === 1) return '\x07';
  }
  if (/^[xuU]./.test(sequence)) return fromCodePoint(sequence.replace(/^[xuU]\{?|\}$/g, ''));
  const value = simple[sequence];
  if (value !== undefined) return value;
  // Python keeps the backslash of an sequence it does not know.
  return style === 'python' && !/[\\'"]/.test(sequence) ? `\\${sequence}` : sequence;
}

/**
 * The value of a stretch of literal source.
 * @param opening the literal's prefix and opening quotes, `rb"""`, which decide what is an escape
 */
export function decode(source: string, opening: string, style: EscapeStyle): string {
  const raw = style === 'python' ? /r/i.test(opening) : /raw/.test(opening);
  const unescaped =
    raw || !source.includes('\\')
      ? source
      : source.replace(escapePatterns[style], (_whole, sequence: string) => escapedValue(sequence, style));
  const doubled = style === 'python' && /[ft]/i.test(opening) ? unescaped.replace(/([{}])\1/g, '$1') : unescaped;
  return doubled.replace(/\r\n?/g, '\n');
}

/**
 * Removes the indentation common to all lines, as `textwrap.dedent` does. The parts belong to one text,
 * with something that is not indentation between each two of them.
 */
export function dedent(parts: readonly string[]): string[] {
  const joined = parts.join('\0');
  const indents = [...joined.matchAll(/^([ \t]*)[^\s]/gm)].map((match) => match[1]?.length ?? 0);
  const common = indents.length > 0 ? Math.min(...indents) : 0;
  if (common === 0) return [...parts];
  const margin = new RegExp(`^[ \\t]{${common}}`, 'gm');
  return joined.replace(margin, '').split('\0');
}
