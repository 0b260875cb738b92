import type { Evidence } from './evidence.ts';
import type { Finding, ModelConstant, ModelMention, Prompt } from './finding.ts';
import { identifierWords } from './identifierWords.ts';
import { type Candidate, requestSpan } from './rules/candidate.ts';
import { followVariables, type PendingText, pendingText } from './rules/flows.ts';
import { constantSearch, isModelConstant, judgeConstant } from './rules/judgeConstant.ts';
import { judgeModel } from './rules/judgeModel.ts';
import { judgePrompt, type PromptVerdict } from './rules/judgePrompt.ts';
import type { ModelTextReader } from './rules/modelText.ts';
import { candidateOffsets } from './syntax/candidates.ts';
import type { Grammar } from './syntax/createSyntax.ts';
import { type ParsedSource, readParsedSource } from './syntax/parsedSource.ts';
import { readElements } from './syntax/readElements.ts';
import type { Literal } from './syntax/readLiteral.ts';

/** Findings of a source in a language that has a table, in document order. */
export function detectInSyntax(
  source: string,
  grammar: Grammar,
  models: ModelTextReader,
  evidence: Evidence,
): Finding[] {
  const tree = grammar.parse(source);
  try {
    const parsed = readParsedSource(source, grammar, tree);
    const findings: Finding[] = [];
    const pending = judgeLiterals(parsed, models, evidence, findings);
    if (evidence.llm) findings.push(...readConstants(parsed, evidence));
    if (evidence.markup) findings.push(...readElements(parsed.root, grammar, source));
    if (pending.length > 0) findings.push(...followVariables(pending, findings.filter(isPrompt), parsed, evidence));
    return findings.sort((a, b) => a.span.start - b.span.start);
  } finally {
    tree.delete();
  }
}

const isPrompt = (finding: Finding): finding is Prompt => finding.kind === 'prompt';

/** Adds what is decided, returns the texts whose variable decides. */
function judgeLiterals(
  parsed: ParsedSource,
  models: ModelTextReader,
  evidence: Evidence,
  findings: Finding[],
): PendingText[] {
  const pending: PendingText[] = [];
  const { table } = parsed.grammar;
  const isWord = (word: string): boolean => /^(?:alias|known|shaped|word)$/.test(models.read(word));
  const offsets = candidateOffsets(parsed.source, { table, prompts: evidence.prompts, isWord });
  parsed.visitLiterals(offsets, (literal, context) => {
    const candidate: Candidate = { literal, context, evidence, table, keysOf: parsed.keysOf };
    const finding = judge(candidate, models);
    const text = finding || !evidence.llm ? undefined : pendingText(literal, context);
    if (finding) findings.push(finding);
    else if (text) pending.push(text);
  });
  return pending;
}

function judge(candidate: Candidate, models: ModelTextReader): Finding | undefined {
  const { literal, context, evidence } = candidate;
  if (literal.bytes) return undefined;
  if (literal.content) {
    const kind = models.read(literal.text);
    if (kind !== 'no' && judgeModel(candidate, kind)) return mentionOf(candidate, literal.content);
  }
  // Text inside an interpolation of another literal is part of that one.
  const isNested = context.steps.some((step) => step.kind === 'end' && step.by === 'hole');
  const verdict = evidence.prompts && !isNested ? judgePrompt(candidate) : undefined;
  return verdict && promptOf(candidate, verdict);
}

function mentionOf(candidate: Candidate, span: ModelMention['span']): ModelMention {
  const [first] = candidate.context.steps;
  const { literal } = candidate;
  return {
    kind: 'model',
    span,
    literal: literal.span,
    text: literal.text,
    replaceable: true,
    ...(first?.kind === 'attribute' && first.form === 'literal' ? { inMarkup: true } : {}),
    ...callOf(candidate),
  };
}

function promptOf(candidate: Candidate, verdict: PromptVerdict): Prompt {
  const { span, parts, holes } = candidate.literal;
  return { kind: 'prompt', span, parts, holes, ...verdict, ...callOf(candidate) };
}

function callOf(candidate: Candidate): Pick<Prompt, 'call'> {
  const call = requestSpan(candidate);
  return call ? { call } : {};
}

/** References to enums and constants that are named after a model. */
function readConstants(parsed: ParsedSource, evidence: Evidence): ModelConstant[] {
  const { source, grammar, keysOf } = parsed;
  const offsets: number[] = [];
  for (const match of source.matchAll(constantSearch)) {
    if (isModelConstant(identifierWords(match[0]))) offsets.push(match.index);
  }
  const found: ModelConstant[] = [];
  parsed.visitNames(offsets, (span, context) => {
    const text = source.slice(span.start, span.end);
    const literal: Literal = { span, parts: [], holes: [], text, bytes: false };
    const candidate: Candidate = { literal, context, evidence, table: grammar.table, keysOf };
    if (judgeConstant(candidate)) found.push({ kind: 'const', span, text, ...callOf(candidate) });
  });
  return found;
}
