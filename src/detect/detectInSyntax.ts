import type { Evidence } from './evidence.ts';
import type { Finding, ModelMention, Prompt, Span } from './finding.ts';
import type { Candidate } from './rules/candidate.ts';
import { requestSpan } from './rules/candidate.ts';
import { judgeModel } from './rules/judgeModel.ts';
import { judgePrompt } from './rules/judgePrompt.ts';
import type { ModelTextReader } from './rules/modelText.ts';
import { candidateOffsets } from './syntax/candidates.ts';
import type { Grammar } from './syntax/createSyntax.ts';
import { type Keys, readKeys } from './syntax/readKeys.ts';
import { readLiteral } from './syntax/readLiteral.ts';
import { literalFrameIndex, readContext } from './syntax/steps.ts';
import { type Frame, visitOffsets } from './syntax/visitLiterals.ts';

/** Findings of a source in a language that has a table. */
export function detectInSyntax(
  source: string,
  grammar: Grammar,
  models: ModelTextReader,
  evidence: Evidence,
): Finding[] {
  const tree = grammar.parse(source);
  try {
    const root = tree.rootNode;
    const keys = new Map<number, Keys>();
    const keysOf = (container: Span): Keys => {
      const known = keys.get(container.start);
      if (known) return known;
      const read = readKeys(root, grammar, source, container);
      keys.set(container.start, read);
      return read;
    };
    const findings: Finding[] = [];
    let judgedUntil = -1;
    const offsets = candidateOffsets(source, {
      table: grammar.table,
      prompts: evidence.prompts,
      isWord: (word) => {
        const kind = models.read(word);
        return kind !== 'no' && kind !== 'idLike';
      },
    });
    visitOffsets(tree, grammar, offsets, (frames) => {
      const top = frames.at(-1);
      if (top?.role === 'comment') return 'done';
      if (top?.role !== 'string') return 'descend';
      if (top.start < judgedUntil) return 'done';
      const at = literalFrameIndex(source, frames);
      const frame = frames[at] ?? top;
      judgedUntil = frame.end;
      const candidate = readCandidate(source, grammar, root, evidence, keysOf, frames, at, frame);
      const finding = judge(candidate, models);
      if (finding) findings.push(finding);
      return 'done';
    });
    return findings;
  } finally {
    tree.delete();
  }
}

function readCandidate(
  source: string,
  grammar: Grammar,
  root: Parameters<typeof readLiteral>[0],
  evidence: Evidence,
  keysOf: (container: Span) => Keys,
  frames: readonly Frame[],
  at: number,
  frame: Frame,
): Candidate {
  const context = readContext(source, grammar.table, frames, at);
  const { textCalls } = grammar.table;
  const dedented = context.steps.some((step) => step.kind === 'method' && textCalls[step.name] === 'dedent');
  const literal = readLiteral(root, grammar, source, { start: frame.start, end: frame.end }, dedented);
  return { literal, context, evidence, table: grammar.table, keysOf };
}

function judge(candidate: Candidate, models: ModelTextReader): Finding | undefined {
  const { literal } = candidate;
  if (literal.content) {
    const kind = models.read(literal.text);
    if (kind !== 'no' && judgeModel(candidate, kind)) return mentionOf(candidate, literal.content);
  }
  const verdict = candidate.evidence.prompts ? judgePrompt(candidate) : undefined;
  return verdict && promptOf(candidate, verdict);
}

function mentionOf(candidate: Candidate, span: Span): ModelMention {
  const call = requestSpan(candidate);
  return {
    kind: 'model',
    span,
    literal: candidate.literal.span,
    text: candidate.literal.text,
    replaceable: true,
    ...(candidate.context.steps[0]?.kind === 'attribute' && candidate.context.steps[0].form === 'literal'
      ? { inMarkup: true }
      : {}),
    ...(call ? { call } : {}),
  };
}

function promptOf(candidate: Candidate, verdict: { readonly role?: Prompt['role'] }): Prompt {
  const call = requestSpan(candidate);
  const { span, parts, holes } = candidate.literal;
  return {
    kind: 'prompt',
    span,
    parts,
    holes,
    ...(verdict.role ? { role: verdict.role } : {}),
    ...(call ? { call } : {}),
  };
}
