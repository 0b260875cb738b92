import type { Finding, SourceText, Span } from '../../../detect/finding.ts';

/** A string that an alias could stand in, and the source as it would be with one. */
export interface Probe {
  readonly source: SourceText;
  /** Of what is written in the string, without quotes: what a completion replaces. */
  readonly span: Span;
}

const nameBefore = /[\w.:/@-]{0,120}$/;
const nameAfter = /^[\w.:/@-]{0,120}/;

/**
 * Puts an alias where the cursor is, if that is in a string of one word or in an unquoted value. Whether a model is
 * chosen there is then for the detector to say, so that what is offered is what will be recognised.
 */
export function probeAt(source: SourceText, offset: number, alias: string): Probe | undefined {
  const { text } = source;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const start = offset - (nameBefore.exec(before)?.[0].length ?? 0);
  const end = offset + (nameAfter.exec(text.slice(offset, offset + 120))?.[0].length ?? 0);
  const opened = text.charAt(start - 1);
  const quoted = start > lineStart && /["'`]/.test(opened);
  if (!quoted && !/[:=][ \t]*$/.test(text.slice(lineStart, start))) return undefined;
  const closing = quoted && text.charAt(end) !== opened ? opened : '';
  return {
    source: { ...source, text: text.slice(0, start) + alias + closing + text.slice(end) },
    span: { start, end },
  };
}

/** Whether the detector took the probe's alias for a model. */
export function selectsModelAt(findings: readonly Finding[], { span }: Probe, alias: string): boolean {
  return findings.some(
    (finding) => finding.kind === 'model' && finding.text === alias && finding.span.start === span.start,
  );
}
