/** A line longer than this is no request or answer of a provider: 200 MB is a whole batch. */
export const maxLineBytes = 200_000_000;

/** A line of a file that is longer than its limit. */
export class LineTooLong extends Error {
  constructor(maxBytes: number) {
    super(`a line of more than ${maxBytes} bytes`);
    this.name = 'LineTooLong';
  }
}

/**
 * The lines of a UTF-8 text that comes in pieces, without their ends and without empty ones; a leading byte order mark
 * is dropped. Characters cut by a piece's edge come whole. Throws `LineTooLong`.
 * @param fatal throw a TypeError where the bytes are not UTF-8
 */
export async function* readLines(
  pieces: AsyncIterable<Uint8Array>,
  { fatal = false, maxBytes = maxLineBytes }: { readonly fatal?: boolean; readonly maxBytes?: number } = {},
): AsyncGenerator<{ readonly line: string; readonly number: number }> {
  const decoder = new TextDecoder('utf-8', { fatal });
  let parts: string[] = [];
  let length = 0;
  let number = 0;
  const finish = (last: string): string => {
    const line = parts.length === 0 ? last : [...parts, last].join('');
    parts = [];
    length = 0;
    number += 1;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  for await (const piece of pieces) {
    const text = decoder.decode(piece, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = finish(text.slice(from, end));
      from = end + 1;
      if (line.trim() !== '') yield { line, number };
    }
    parts.push(text.slice(from));
    length += text.length - from;
    if (length > maxBytes) throw new LineTooLong(maxBytes);
  }
  const line = finish(decoder.decode());
  if (line.trim() !== '') yield { line, number };
}
