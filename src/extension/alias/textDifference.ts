import type { Span } from '../../detect/finding.ts';

/** One replacement. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/**
 * The smallest single replacement that makes `after` of `before`, so that cursors, folds and comments elsewhere stay.
 * Undefined when the texts are the same. Never cuts a surrogate pair or a CRLF in two.
 */
export function textDifference(before: string, after: string): TextEdit | undefined {
  if (before === after) return undefined;
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let kept = 0;
  while (kept < shorter - start && before.at(-1 - kept) === after.at(-1 - kept)) kept++;
  start -= pairBefore(before, start) || pairBefore(after, start) ? 1 : 0;
  kept -= pairBefore(before, before.length - kept) || pairBefore(after, after.length - kept) ? 1 : 0;
  return { span: { start, end: before.length - kept }, newText: after.slice(start, after.length - kept) };
}

/** True when `offset` lies between the halves of a surrogate pair or of a CRLF. */
function pairBefore(text: string, offset: number): boolean {
  const before = text.charCodeAt(offset - 1);
  const after = text.charCodeAt(offset);
  const surrogates = before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
  return surrogates || (text[offset - 1] === '\r' && text[offset] === '\n');
}
