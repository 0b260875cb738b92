import type { Finding, ModelMention } from './finding.ts';
import { identifierWords } from './identifierWords.ts';
import { lastSegment, selectsModel } from './rules/candidate.ts';
import type { ModelText, ModelTextReader } from './rules/modelText.ts';
import { catalogueName, modelCallee, providerCallee, refusedModelCallee } from './rules/modelWords.ts';

// Every pattern here has bounds, so that a line of a megabyte takes time by its length and no more.

/** What may be an id, with or without quotes. */
const id = /[\w.:@/-]{2,120}/y;
/** `model = "`, `"model": "`, `OPENAI_MODEL=`, `model => '` before a value. */
const assignedBefore = /(?:^|[^\w.$-])(["'`]?)([\w.$-]{2,60})\1[ \t]{0,20}(?::=|=>|[:=])[ \t]{0,20}$/;
/** `.model("`, `ChatOpenAI("`, `openai('` before a value: the first argument of a call. */
const calledBefore = /(?:^|[^\w.$])([\w.$]{2,60})\([ \t]{0,20}$/;
const lookBehind = 110;
/** Where a value may begin: behind a quote, or behind the sign of an assignment. */
const opening = /["'`]|(?<=[\w"'`-][ \t]{0,20}(?::=|=>|[:=])[ \t]{0,20})(?=[\w@])(?<![\w.@/-])/g;

const commentLine = /^\s*(?:\/\/|#(?!\w*\[)|\*|--|;|%|<!--|\/\*|"""|''')/;
/** A comment behind code; `https://` is none. */
const commentBehind = /(?:^|[^:\w])\/\/|(?:^|\s)(?:#|--)\s|\/\*/;
/** Beside these a model is described or expected, not selected. */
const describedBeside =
  /(?:price|pricing|cost|context_?(?:window|length)|max_?(?:input|output)_?tokens|supports?_?\w*|deprecated|assert\w*|expect\w*|should)["'`]?\s{0,20}[:=(]/i;
const beside = 160;

/**
 * Findings without a syntax tree, for languages that have no table and for sources too large for one: only what
 * the catalogue or a family knows, assigned to a name that selects a model or handed to a call that does, outside
 * comments and price tables. Prompts are not looked for.
 */
export function detectByPatterns(source: string, models: ModelTextReader): Finding[] {
  const findings: Finding[] = [];
  for (let start = 0; start < source.length; ) {
    const newline = source.indexOf('\n', start);
    const end = newline < 0 ? source.length : newline;
    const line = source.slice(start, end);
    if (!commentLine.test(line)) addMentions(findings, line, start, models);
    start = end + 1;
  }
  return findings;
}

function addMentions(findings: Finding[], line: string, start: number, models: ModelTextReader): void {
  opening.lastIndex = 0;
  for (let match = opening.exec(line); match; match = opening.exec(line)) {
    const [quote] = match;
    const from = match.index + quote.length;
    id.lastIndex = from;
    const value = id.exec(line)?.[0] ?? '';
    if (quote === '') opening.lastIndex = from + Math.max(1, value.length);
    const text = quote === '' ? value.replace(/[.:]+$/, '') : value;
    if (!isClosed(line, from + text.length, quote)) continue;
    const kind = models.read(text);
    if (kind !== 'known' && kind !== 'shaped') continue;
    const before = line.slice(Math.max(0, match.index - lookBehind), match.index);
    if (!selects(before, quote, kind, text) || isDescribed(line, match.index)) continue;
    findings.push(mentionAt(start + match.index, text, quote));
    opening.lastIndex = from + text.length + quote.length;
  }
}

/** A quoted value ends with its quote, another where a value can end. */
function isClosed(line: string, at: number, quote: string): boolean {
  return quote === '' ? /^(?:[\s,;)}\]]|$)/.test(line.slice(at, at + 1)) : line.charAt(at) === quote;
}

function selects(before: string, quote: string, kind: ModelText, text: string): boolean {
  const [, , name] = assignedBefore.exec(before) ?? [];
  if (name !== undefined) {
    const words = identifierWords(name);
    return selectsModel(words) && !catalogueName.test(words) && words !== identifierWords(text);
  }
  const callee = quote === '' ? undefined : calledBefore.exec(before)?.[1];
  if (callee === undefined) return false;
  const last = lastSegment(callee);
  return !refusedModelCallee.test(last) && (modelCallee.test(last) || (kind === 'known' && providerCallee.test(last)));
}

/** In a comment behind code, or in a row of a price table, or in an assertion. */
function isDescribed(line: string, at: number): boolean {
  const around = line.slice(Math.max(0, at - beside), at + beside);
  return commentBehind.test(line.slice(Math.max(0, at - 2_000), at)) || describedBeside.test(around);
}

function mentionAt(at: number, text: string, quote: string): ModelMention {
  const span = { start: at + quote.length, end: at + quote.length + text.length };
  const literal = { start: at, end: span.end + quote.length };
  return { kind: 'model', span, literal, text, replaceable: false };
}
