import type { Prompt, SourceText, Span } from '../detect/finding.ts';
import type { TextEdit } from './aliasEdit.ts';

/** `Today's date: {today}`: a fact under its own label, which means the same anywhere in the prompt. */
const label = /^[ \t]*[A-Z][\w' ,()-]{0,40}:[ \t]*$/;
const openings = /^(?:[fF][rR]?|[rR][fF])?("""|''')|^(`)/;

/**
 * Moves the line of a hole to the end of its prompt. Only where the prompt is one literal over several lines and the
 * line is a label with the hole behind it; undefined otherwise.
 */
export function moveHoleToEnd({ text }: SourceText, { span }: Prompt, hole: Span): readonly TextEdit[] | undefined {
  const literal = text.slice(span.start, span.end);
  const opening = openings.exec(literal);
  const quote = opening?.[1] ?? opening?.[2];
  if (!opening || quote === undefined || !literal.endsWith(quote)) return undefined;
  const first = span.start + opening[0].length;
  const last = span.end - quote.length;
  if (text.slice(first, last).includes(quote)) return undefined;
  const start = text.lastIndexOf('\n', hole.start - 1) + 1;
  const end = text.indexOf('\n', hole.end);
  if (start <= first || end < 0 || end >= last) return undefined;
  if (!label.test(text.slice(start, hole.start)) || !/^[.\s]*$/.test(text.slice(hole.end, end))) return undefined;
  const line = text.slice(start, end).trimEnd();
  const eol = text.charAt(end - 1) === '\r' ? '\r\n' : '\n';
  const tail = first + text.slice(first, last).trimEnd().length;
  if (tail <= end) return undefined;
  return [
    { span: { start, end: end + 1 }, newText: '' },
    { span: { start: tail, end: tail }, newText: eol + line },
  ];
}
