import type { BlockRules, EscapeRules } from '../language/languageTable.ts';

/** Escapes that mean the same wherever they are known. */
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

function escapedValue(sequence: string, { values, keepsUnknown }: EscapeRules): string {
  if (/^[\r\n]/.test(sequence)) return '';
  const value = values?.[sequence] ?? simple[sequence];
  if (value !== undefined) return value;
  if (/^[0-7]+$/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8));
  // The name table of Unicode is not worth its size here: one character stands for one character.
  if (/^N\{/.test(sequence)) return '\uFFFD';
  if (/^[xuU]./.test(sequence)) return fromCodePoint(sequence.replace(/^[xuU]+\{?|\}$/g, ''));
  return keepsUnknown && !/[\\'"]/.test(sequence) ? `\\${sequence}` : sequence;
}

/**
 * The value of a stretch of literal source.
 * @param opening the literal's prefix and opening quotes, `rb"""`, which decide what is an escape
 */
export function decode(source: string, opening: string, rules: EscapeRules): string {
  const isRaw = rules.raw?.test(opening) || !source.includes('\\');
  let text = isRaw
    ? source
    : source.replace(rules.sequence, (_whole, sequence: string) => escapedValue(sequence, rules));
  for (const { opening: doubling, pair } of rules.doubled ?? [])
    if (doubling.test(opening)) text = text.replace(pair, '$1');
  return text.replace(/\r\n?/g, '\n');
}

/** Between parts of one text, where something stands that is not text. */
const hole = '\0';

/**
 * Removes the indentation common to all lines, as `textwrap.dedent` does. The parts belong to one text,
 * with something that is not indentation between each two of them.
 */
export function dedent(parts: readonly string[]): string[] {
  const joined = parts.join(hole);
  return withoutMargin(joined, commonIndent(joined)).split(hole);
}

/** Removes a blank first and last line and either common indentation or a margin of `|`, as Kotlin does. */
export function trimLayout(parts: readonly string[], layout: 'trimIndent' | 'trimMargin'): string[] {
  const joined = parts.join(hole).replace(/^[ \t]*\n|\n[ \t]*$/g, '');
  if (layout === 'trimMargin') return joined.replace(/^[ \t]*\|/gm, '').split(hole);
  return withoutMargin(joined, commonIndent(joined)).split(hole);
}

/** Removes what belongs to the layout of a block literal and not to its text. `parts` is source, not yet decoded. */
export function unindentBlock(parts: readonly string[], { keepsLastBreak, trimsLines }: BlockRules): string[] {
  const joined = parts.join(hole).replace(/\r\n?/g, '\n');
  const lastLine = /\n([ \t]*)$/.exec(joined);
  const opened = joined.replace(/^[ \t]*\n/, '');
  const indent = Math.min(commonIndent(opened), lastLine?.[1]?.length ?? Number.POSITIVE_INFINITY);
  const lines = withoutMargin(opened, indent);
  const closed = lastLine ? lines.replace(/\n[ \t]*$/, keepsLastBreak ? '\n' : '') : lines;
  return (trimsLines ? closed.replace(/[ \t]+$/gm, '') : closed).split(hole);
}

function commonIndent(text: string): number {
  const indents = [...text.matchAll(/^([ \t]*)[^\s]/gm)].map((match) => match[1]?.length ?? 0);
  return indents.length > 0 ? Math.min(...indents) : 0;
}

function withoutMargin(text: string, indent: number): string {
  return indent > 0 && Number.isFinite(indent) ? text.replace(new RegExp(`^[ \\t]{${indent}}`, 'gm'), '') : text;
}
