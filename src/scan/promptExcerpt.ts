import type { Prompt } from '../detect/finding.ts';

/** The beginning of a prompt in one line, with `…` where a variable stands and where it is cut. */
export function promptExcerpt({ parts, holes }: Prompt, length: number): string {
  const pieces = [
    ...parts.map(({ span, text }) => ({ start: span.start, text: text.slice(0, 4 * length) })),
    ...holes.map(({ start }) => ({ start, text: '…' })),
  ].sort((a, b) => a.start - b.start);
  const line = pieces
    .map(({ text }) => text)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
