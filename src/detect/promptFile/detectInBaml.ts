import type { Finding, Span } from '../finding.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import { trimLayout } from '../syntax/decode.ts';
import { readTemplate } from './readTemplate.ts';

/** A function or a client: what is at the margin of the file. */
const block = /^(?:function|client(?:<\w+>)?|retry_policy|template_string|class|enum|test|generator)\b[^\n]*\{/gm;
const mention = /^[ \t]*(?:client|model)[ \t]+("?)([\w.:@/-]+)\1[ \t]*(?:\/\/[^\n]*)?\r?$/gm;
const prompt = /^[ \t]*prompt[ \t]+(#{1,3})"/gm;
const templateString = /^template_string\s+\w+[^\n]*?(#{1,3})"/gm;

interface RawText {
  /** With its hashes and quotes. */
  readonly span: Span;
  readonly body: Span;
}

/** The raw texts behind a pattern that ends with their opening. */
function rawTexts(source: string, opening: RegExp): RawText[] {
  const texts: RawText[] = [];
  const search = new RegExp(opening);
  for (let match = search.exec(source); match; match = search.exec(source)) {
    const [whole, hashes = ''] = match;
    const start = match.index + whole.length;
    const end = source.indexOf(`"${hashes}`, start);
    // What is not closed goes on to the end of the file, and so does what is looked for in it.
    if (end < 0) break;
    search.lastIndex = end + 1 + hashes.length;
    texts.push({ span: { start: start - 1 - hashes.length, end: search.lastIndex }, body: { start, end } });
  }
  return texts;
}

/** The last of ascending offsets that is not behind `at`. */
function lastFrom(offsets: readonly number[], at: number): number {
  let low = 0;
  for (let high = offsets.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Findings of a BAML file: clients and functions with their models, and the functions' prompts. */
export function detectInBaml(source: string, models: ModelTextReader): Finding[] {
  const findings: Finding[] = [];
  const starts = [...source.matchAll(block)].map(({ index }) => index);
  const callOf = (at: number): { call?: Span } => {
    const index = lastFrom(starts, at);
    const start = starts[index];
    return start === undefined ? {} : { call: { start, end: starts[index + 1] ?? source.length } };
  };
  for (const { span, body } of [...rawTexts(source, prompt), ...rawTexts(source, templateString)]) {
    const { parts, holes } = readTemplate(source, body, 'template');
    // Common indentation and the blank first and last line are no part of the text.
    const texts = trimLayout(
      parts.map((part) => part.text),
      'trimIndent',
    );
    const trimmed = parts.map((part, index) => ({ ...part, text: texts[index] ?? part.text }));
    if (source.slice(body.start, body.end).trim() !== '')
      findings.push({ kind: 'prompt', span, parts: trimmed, holes, ...callOf(span.start) });
  }
  const prompts = findings.map(({ span }) => span).sort((a, b) => a.start - b.start);
  const promptStarts = prompts.map(({ start }) => start);
  const isInPrompt = (at: number): boolean => at < (prompts[lastFrom(promptStarts, at)]?.end ?? 0);
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
