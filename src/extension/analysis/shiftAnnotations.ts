import type { Span } from '../../detect/finding.ts';
import type { Annotation } from './annotation.ts';

/** One change of a document: `length` characters from `start` became `inserted` characters. In offsets before the change. */
export interface TextChange {
  readonly start: number;
  readonly length: number;
  readonly inserted: number;
}

/**
 * Moves annotations along with edits, so that the last good ones can stay while the user types.
 * @param changes of one event: they do not overlap and are all in offsets of the text before the event
 * @returns those whose text was not deleted altogether; what was replaced keeps its place until the next analysis
 */
export function shiftAnnotations(annotations: readonly Annotation[], changes: readonly TextChange[]): Annotation[] {
  // From the end, so that no change moves the offsets of one that is still to come.
  const ordered = changes.toSorted((a, b) => b.start - a.start);
  return annotations.flatMap((annotation) => {
    let span: Span | undefined = annotation.span;
    for (const change of ordered) span = span && shiftSpan(span, change);
    return span === undefined ? [] : [{ ...annotation, span }];
  });
}

/** Where a span is after a change; undefined when its text is gone and nothing came in its place. */
export function shiftSpan(span: Span, { start, length, inserted }: TextChange): Span | undefined {
  const end = start + length;
  const delta = inserted - length;
  if (end <= span.start) return { start: span.start + delta, end: span.end + delta };
  if (start >= span.end) return span;
  if (start <= span.start && end >= span.end) return inserted === 0 ? undefined : { start, end: start + inserted };
  return {
    start: start <= span.start ? start + inserted : span.start,
    end: end >= span.end ? start : span.end + delta,
  };
}
