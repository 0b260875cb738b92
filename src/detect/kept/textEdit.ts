import type { Span } from '../finding.ts';

/** One change of a text: `length` characters from `start` became `text`. */
export interface TextChange {
  readonly start: number;
  readonly length: number;
  readonly text: string;
}

/** Where a text changed: what was at `start` to `oldEnd` is now at `start` to `newEnd`. */
export interface Edit {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

export const editOf = ({ start, length, text }: TextChange): Edit => ({
  start,
  oldEnd: start + length,
  newEnd: start + text.length,
});

export function applyChange(before: string, { start, length, text }: TextChange): string {
  return before.slice(0, start) + text + before.slice(start + length);
}

/** Characters compared at once: comparing slices is far cheaper than comparing characters. */
const block = 2048;

/** The one change that turns a text into another; undefined where they are the same. */
export function differenceOf(before: string, after: string): TextChange | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start + block <= shorter && before.slice(start, start + block) === after.slice(start, start + block))
    start += block;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  const most = shorter - start;
  let tail = 0;
  const same = (length: number): boolean =>
    before.slice(before.length - tail - length, before.length - tail) ===
    after.slice(after.length - tail - length, after.length - tail);
  while (tail + block <= most && same(block)) tail += block;
  while (tail < most && same(1)) tail++;
  return { start, length: before.length - tail - start, text: after.slice(start, after.length - tail) };
}

/** Where a span is after an edit; an edge inside what was replaced goes to the edge of the replacement. */
export function movedSpan(span: Span, { start, oldEnd, newEnd }: Edit): Span {
  const delta = newEnd - oldEnd;
  return {
    start: span.start >= oldEnd ? span.start + delta : Math.min(span.start, start),
    end: span.end >= oldEnd ? span.end + delta : span.end > start ? newEnd : span.end,
  };
}

/** Spans in order, those that overlap or touch made one. */
export function mergedSpans(spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** The span widened to whole lines. */
export function wholeLines(text: string, { start, end }: Span): Span {
  const newline = text.indexOf('\n', end);
  return { start: start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1, end: newline < 0 ? text.length : newline };
}
