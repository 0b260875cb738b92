/** Zero-based line and UTF-16 column. */
export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

/** Turns offsets of a text into positions, for files that are not open in an editor. Line ends are LF, CRLF and CR. */
export function positionReader(text: string): (offset: number) => TextPosition {
  const lineStarts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((match) => match.index + match[0].length)];
  return (offset) => {
    const line = lineStarts.findLastIndex((start) => start <= Math.max(0, offset));
    return { line, character: Math.max(0, offset) - (lineStarts[line] ?? 0) };
  };
}
