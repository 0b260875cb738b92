import { Range, type TextDocument } from 'vscode';
import type { Span } from '../../detect/finding.ts';

/** A span of the document's text as editor positions; clamped when the document has become shorter. */
export function rangeOf(document: TextDocument, span: Span): Range {
  return new Range(document.positionAt(span.start), document.positionAt(span.end));
}
