import type { Span } from '../finding.ts';

/** A scalar of a header: its key path and its value, without quotes and comment. */
export interface HeaderValue {
  /** `model.configuration.azure_deployment`; list entries add nothing. */
  readonly path: string;
  readonly text: string;
  readonly span: Span;
}

export interface PromptDocument {
  readonly header: readonly HeaderValue[];
  /** What goes to the model: the rest, without surrounding white space. */
  readonly body: Span;
}

const fence = /^---[ \t]*\r?$/gm;
const entry = /^([ \t]*)(?:-[ \t]+)?(?:(["']?)([\w.$-]+)\2[ \t]*:(?=[ \t\r]|$))?[ \t]*(.*?)[ \t]*\r?$/gm;

function trimmed(source: string, start: number, end: number): Span {
  const text = source.slice(start, end);
  const lead = text.length - text.trimStart().length;
  return lead === text.length ? { start: end, end } : { start: start + lead, end: start + text.trimEnd().length };
}

const blockComment = /\{\{!--[\s\S]*?--\}\}|\{\{![^}]*\}\}|<!--[\s\S]*?-->/g;

/** Nothing, or a licence above the header. */
const isPreamble = (text: string): boolean =>
  text
    .replace(blockComment, '')
    .split('\n')
    .every((line) => /^\s*(?:#|$)/.test(line));

/** Where the header lies; `.prompt` files of Continue have a closing fence only. */
function headerSpan(source: string): { header: Span; bodyAt: number } | undefined {
  const from = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  fence.lastIndex = from;
  const first = fence.exec(source);
  if (!first) return undefined;
  const firstEnd = first.index + first[0].length;
  if (!isPreamble(source.slice(from, first.index))) {
    const header = { start: from, end: first.index };
    return looksLikeHeader(source.slice(from, first.index)) ? { header, bodyAt: firstEnd } : undefined;
  }
  const second = fence.exec(source);
  if (!second) return undefined;
  return { header: { start: firstEnd, end: second.index }, bodyAt: second.index + second[0].length };
}

/** Keys at the margin and nothing else at it. */
function looksLikeHeader(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:#.*)?$|^[\w.-]+:(?:\s|$)|^[ \t]+\S|^- /.test(line));
}

/** The value's text and place: quotes and a trailing comment are not part of it. */
function scalarAt(raw: string, at: number): { text: string; span: Span } | undefined {
  const quoted = /^(["'])(.*?)\1/.exec(raw);
  if (quoted) {
    const text = quoted[2] ?? '';
    return { text, span: { start: at + 1, end: at + 1 + text.length } };
  }
  const text = raw.replace(/\s+#.*$/, '').trimEnd();
  return text === '' || /^[|>&*!{[]/.test(text) ? undefined : { text, span: { start: at, end: at + text.length } };
}

/** The scalars of a YAML header by indentation: all that prompt files use of YAML, with exact offsets. */
function readScalars(source: string, header: Span): HeaderValue[] {
  const values: HeaderValue[] = [];
  const open: { indent: number; key: string }[] = [];
  entry.lastIndex = header.start;
  for (let match = entry.exec(source); match && match.index < header.end; match = entry.exec(source)) {
    const [whole, indent = '', , key, raw = ''] = match;
    if (whole === '') entry.lastIndex++;
    if (key === undefined && !/^[ \t]*-/.test(whole)) continue;
    const depth = indent.length;
    while ((open.at(-1)?.indent ?? -1) >= depth + (key === undefined ? 1 : 0)) open.pop();
    if (key !== undefined) open.push({ indent: depth, key });
    const at = match.index + whole.lastIndexOf(raw);
    const scalar = raw === '' ? undefined : scalarAt(raw, at);
    if (scalar) values.push({ path: open.map((one) => one.key).join('.'), ...scalar });
  }
  return values;
}

/** Splits a prompt file into the scalars of its header and its body. */
export function readPromptDocument(source: string): PromptDocument {
  const found = headerSpan(source);
  if (!found) return { header: [], body: trimmed(source, 0, source.length) };
  return { header: readScalars(source, found.header), body: trimmed(source, found.bodyAt, source.length) };
}
