import type { Span } from '../finding.ts';
import type { PlaceholderStyle } from '../language/languageTable.ts';

/** What a format string is made of; pairs stand for the character they double. */
const patterns: Readonly<Record<PlaceholderStyle, RegExp>> = {
  percent: /%%|%(?:\d+\$|\[\d+\])?[-+# 0,(]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[a-zA-Z]/g,
  braces: /\{\{|\}\}|\{[^{}\n"]*\}/g,
  dollar: /(?<!\\)\$[A-Za-z_]\w*/g,
};

/** A stretch of a format string. */
export interface FormatPiece {
  readonly span: Span;
  readonly isHole: boolean;
}

/** Cuts the format string at `span` into text and placeholders. A doubled sign is cut so that it stands once. */
export function cutPlaceholders(source: string, span: Span, style: PlaceholderStyle): FormatPiece[] {
  const pieces: FormatPiece[] = [];
  let from = span.start;
  const addText = (end: number): void => {
    if (end > from) pieces.push({ span: { start: from, end }, isHole: false });
  };
  for (const match of source.slice(span.start, span.end).matchAll(patterns[style])) {
    const start = span.start + match.index;
    const end = start + match[0].length;
    if (/^(?:%%|\{\{|\}\})$/.test(match[0])) {
      addText(start + 1);
    } else {
      addText(start);
      pieces.push({ span: { start, end }, isHole: true });
    }
    from = end;
  }
  addText(span.end);
  return pieces;
}
