import type { Finding, Span } from '../finding.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import { trimLayout } from '../syntax/decode.ts';
import { readTemplate } from './readTemplate.ts';

/** A function or a client: what is at the margin of the file. */
const block = /^(?:function|client(?:<\w+>)?|retry_policy|template_string|class|enum|test|generator)\b[^\n]*\{/gm;
const mention = /^[ \t]*(?:client|model)[ \t]+("?)([\w.:@/-]+)\1[ \t]*(?:\/\/[^\n]*)?\r?$/gm;
const prompt = /^[ \t]*prompt[ \t]+((#{1,3})"([\s\S]*?)"\2)/gm;
const templateString = /^template_string\s+\w+[^\n]*?((#{1,3})"([\s\S]*?)"\2)/gm;

/** Findings of a BAML file: clients and functions with their models, and the functions' prompts. */
export function detectInBaml(source: string, models: ModelTextReader): Finding[] {
  const findings: Finding[] = [];
  const starts = [...source.matchAll(block)].map(({ index }) => index);
  const callOf = (at: number): { call?: Span } => {
    const start = starts.findLast((one) => one <= at);
    return start === undefined ? {} : { call: { start, end: starts.find((one) => one > at) ?? source.length } };
  };
  const texts = [...source.matchAll(prompt), ...source.matchAll(templateString)];
  for (const match of texts) {
    const [whole, literal = '', hashes = '', inner = ''] = match;
    const start = match.index + whole.length - literal.length;
    const body = { start: start + hashes.length + 1, end: start + hashes.length + 1 + inner.length };
    const { parts, holes } = readTemplate(source, body, 'template');
    // Common indentation and the blank first and last line are no part of the text.
    const texts = trimLayout(
      parts.map((part) => part.text),
      'trimIndent',
    );
    const trimmed = parts.map((part, index) => ({ ...part, text: texts[index] ?? part.text }));
    const span = { start, end: start + literal.length };
    if (inner.trim() !== '') findings.push({ kind: 'prompt', span, parts: trimmed, holes, ...callOf(start) });
  }
  const isInPrompt = (at: number): boolean =>
    findings.some(({ kind, span }) => kind === 'prompt' && at >= span.start && at < span.end);
  for (const match of source.matchAll(mention)) {
    const [whole, quote = '', text = ''] = match;
    const start = match.index + whole.indexOf(text, /^[ \t]*(?:client|model)[ \t]+/.exec(whole)?.[0].length ?? 0);
    const read = models.read(text);
    // `client Fast` names a client of the file.
    if (isInPrompt(start) || (read !== 'known' && read !== 'shaped' && (quote === '' || read === 'no'))) continue;
    const span = { start, end: start + text.length };
    const literal = { start: span.start - quote.length, end: span.end + quote.length };
    findings.push({ kind: 'model', span, literal, text, replaceable: false, ...callOf(start) });
  }
  return findings.sort((a, b) => a.span.start - b.span.start);
}
