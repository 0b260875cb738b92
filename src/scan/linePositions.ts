/** 0-based line and 0-based UTF-16 column. */
export interface LinePosition {
  readonly line: number;
  readonly col: number;
}

/** Turns offsets of a text into lines and columns; `\n`, `\r\n` and lone `\r` end a line, as in an editor. */
export function createLinePositions(text: string): (offset: number) => LinePosition {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, col: offset - (starts[low] ?? 0) };
  };
}
