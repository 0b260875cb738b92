import type { Finding } from '../finding.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import { readTemplate } from './readTemplate.ts';

const runtime = /<runtime\b[^>]*?\bmodel\s*=\s*(["'])([^"']+)\1/g;

/** Findings of a POML file: the model of its `runtime` element, and the text between its tags as one prompt. */
export function detectInPoml(source: string, models: ModelTextReader): Finding[] {
  const findings: Finding[] = [];
  const file = { start: 0, end: source.length };
  for (const match of source.matchAll(runtime)) {
    const [whole, , text = ''] = match;
    if (models.read(text) === 'no') continue;
    const end = match.index + whole.length - 1;
    const span = { start: end - text.length, end };
    const literal = { start: span.start - 1, end: span.end + 1 };
    findings.push({ kind: 'model', span, literal, text, replaceable: false, call: file });
  }
  const lead = source.length - source.trimStart().length;
  const body = { start: Math.min(lead, source.length), end: Math.max(lead, source.trimEnd().length) };
  const { parts, holes } = readTemplate(source, body, 'markup');
  if (parts.some((part) => /\w/.test(part.text)))
    findings.push({ kind: 'prompt', span: body, parts, holes, call: file });
  return findings.sort((a, b) => a.span.start - b.span.start);
}
