import type { Evidence } from '../evidence.ts';
import type { Finding, ModelConstant, Prompt, Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import { callOf, judgeLiteral } from '../judgeLiteral.ts';
import type { Candidate } from '../rules/candidate.ts';
import { followVariables, holderOf, mostPending, type PendingText, pendingText } from '../rules/flows.ts';
import { constantSearch, isModelConstant, judgeConstant } from '../rules/judgeConstant.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import type { Ask } from '../syntax/askSource.ts';
import { candidateOffsets, lookBehind } from '../syntax/candidates.ts';
import type { ParsedSource } from '../syntax/parsedSource.ts';
import { readElements } from '../syntax/readElements.ts';
import type { Literal } from '../syntax/readLiteral.ts';
import { type Answers, AskedSource, type IsStale, noting } from './askedSource.ts';
import { type Mark, Marks } from './marks.ts';
import { movedFinding, movedLiteral } from './movedFinding.ts';
import { type Edit, mergedSpans, movedSpan, wholeLines } from './textEdit.ts';
import { VariableUses } from './variableUses.ts';

interface JudgedMark extends Mark {
  /** Where the mark stood when the finding or text was made. */
  base: number;
  finding?: Finding | undefined;
  pending?: PendingText | undefined;
  /** The variable or list that holds the literal, if any. */
  target?: string;
  readonly answers: Answers;
}

/**
 * What was judged in a source with one evidence. After edits only what stands where the text or the tree changed, or was
 * judged by what stands there, is judged again; the rest moves along. The findings are those of a source never seen before.
 */
export class JudgedSource {
  readonly evidence: Evidence;
  readonly #models: ModelTextReader;
  readonly #literals = new Marks<JudgedMark>();
  readonly #constants = new Marks<JudgedMark>();
  readonly #uses = new VariableUses();
  readonly #asked = new AskedSource();
  /** Edited since the last findings; undefined before the first. */
  #edited: Span[] | undefined;
  #droppedLiterals: Span[] = [];
  #droppedConstants: Span[] = [];

  constructor(models: ModelTextReader, evidence: Evidence) {
    this.#models = models;
    this.evidence = evidence;
  }

  /**
   * Follows an edit of the text; the tree comes with `findings`.
   * @param before what stood in its place, with what was nearby
   */
  edit(edit: Edit, before: string): void {
    this.#asked.edit(before);
    const move = (spans: readonly Span[]): Span[] => spans.map((span) => movedSpan(span, edit));
    this.#edited = this.#edited && [...move(this.#edited), { start: edit.start, end: edit.newEnd }];
    this.#droppedLiterals = [...move(this.#droppedLiterals), ...this.#literals.edit(edit)];
    this.#droppedConstants = [...move(this.#droppedConstants), ...this.#constants.edit(edit)];
    this.#uses.edit(edit);
  }

  /**
   * Findings in document order.
   * @param reshaped where the tree has other nodes than before the edits
   */
  findings(read: ParsedSource, reshaped: readonly Span[]): Finding[] {
    const { evidence } = this;
    const edited = this.#edited ?? [{ start: 0, end: read.source.length }];
    const { ask, isStale } = this.#asked.read(read.source, edited);
    const parsed = { ...read, ask };
    const changed = mergedSpans([...edited, ...reshaped]);
    this.#judgeLiterals(parsed, edited, reshaped, isStale);
    if (evidence.llm) this.#judgeConstants(parsed, changed, isStale);
    this.#edited = [];

    const literals = this.#literals.sorted();
    const findings = findingsOf(literals, this.#constants.sorted());
    if (evidence.markup) findings.push(...readElements(parsed.root, parsed.grammar, parsed.source));
    const texts = pendingTexts(literals);
    const places = this.#uses.update(texts, changed, parsed, evidence, isStale);
    if (texts.length > 0) {
      const scopeOf = (span: Span): Span => parsed.scopeOf(span);
      const prompts = findings.filter(isPrompt);
      findings.push(...followVariables({ texts, prompts, targets: targetsOf(literals), places, scopeOf }));
    }
    return withoutNested(findings.sort((a, b) => a.span.start - b.span.start));
  }

  #judgeLiterals(parsed: ParsedSource, edited: readonly Span[], reshaped: readonly Span[], isStale: IsStale): void {
    const { source, grammar } = parsed;
    const marks = this.#literals;
    // What stands before a quote has a say in whether it is looked at.
    const searched = edited.map(({ start, end }) => wholeLines(source, { start, end: end + lookBehind }));
    const unanswered = isStale ? marks.dropWhere(({ answers }) => isStale(answers)) : [];
    const dropped = [...this.#droppedLiterals, ...unanswered, ...marks.drop(reshaped), ...marks.dropWithin(searched)];
    this.#droppedLiterals = [];
    const lines = [...reshaped, ...dropped].map((span) => wholeLines(source, span));
    const { prompts, llm } = this.evidence;
    const isWord = (word: string): boolean => /^(?:alias|known|shaped|word)$/.test(this.#models.read(word));
    const search = { table: grammar.table, prompts, isWord };
    for (const within of mergedSpans([...searched, ...lines])) {
      parsed.visitLiterals(
        candidateOffsets(source, search, within),
        (literal, context) => {
          const { ask, answers } = noting(parsed.ask);
          const finding = judgeLiteral(this.#candidate(parsed, ask, literal, context), this.#models);
          const pending = finding || !llm ? undefined : pendingText(literal, context);
          const holder = holderOf(context);
          const target = holder && !holder.isFunction ? holder.name : '';
          marks.add({ ...markOf(literal.span, context), finding, pending, target, answers });
        },
        (start) => marks.has(start),
      );
    }
  }

  /** References to enums and constants that are named after a model. */
  #judgeConstants(parsed: ParsedSource, changed: readonly Span[], isStale: IsStale): void {
    const { source } = parsed;
    const marks = this.#constants;
    const unanswered = isStale ? marks.dropWhere(({ answers }) => isStale(answers)) : [];
    const dropped = [...this.#droppedConstants, ...unanswered, ...marks.drop(changed)];
    this.#droppedConstants = [];
    const spans = [...changed, ...dropped].map((span) => wholeLines(source, withBlanksBefore(source, span)));
    for (const { start, end } of mergedSpans(spans)) {
      parsed.visitNames(constantOffsets(source, start, end), (span, context, at) => {
        if (marks.has(at)) return;
        const text = source.slice(span.start, span.end);
        const literal: Literal = { span, parts: [], holes: [], text, bytes: false };
        const { ask, answers } = noting(parsed.ask);
        const candidate = this.#candidate(parsed, ask, literal, context);
        const finding: ModelConstant | undefined = judgeConstant(candidate)
          ? { kind: 'const', span, text, ...callOf(candidate) }
          : undefined;
        const { from, to } = markOf(span, context);
        marks.add({
          start: at,
          end: span.end,
          from: Math.min(from, at),
          to: Math.max(to, span.end),
          base: at,
          finding,
          answers,
        });
      });
    }
  }

  #candidate({ grammar, keysOf }: ParsedSource, ask: Ask, literal: Literal, context: Candidate['context']): Candidate {
    return { literal, context, evidence: this.evidence, table: grammar.table, keysOf, ask };
  }
}

/** A prompt in a hole of another is what that one is filled with. */
function withoutNested(findings: readonly Finding[]): Finding[] {
  let outer: Prompt | undefined;
  return findings.filter((finding) => {
    if (finding.kind !== 'prompt') return true;
    const { start, end } = finding.span;
    if (outer?.holes.some((hole) => start >= hole.start && end <= hole.end)) return false;
    if (!outer || end > outer.span.end) outer = finding;
    return true;
  });
}

const isPrompt = (finding: Finding): finding is Prompt => finding.kind === 'prompt';

function targetsOf(marks: readonly JudgedMark[]): Map<Prompt, string> {
  const targets = new Map<Prompt, string>();
  for (const { finding, target } of marks)
    if (finding?.kind === 'prompt' && target !== undefined && target !== '') targets.set(finding, target);
  return targets;
}

function markOf(span: Span, { extent }: Candidate['context']): Omit<JudgedMark, 'answers'> {
  const from = Math.min(span.start, extent.start);
  return { ...span, from, to: Math.max(span.end, extent.end), base: span.start };
}

/** What follows a constant, after any white space, has a say in whether it is one. */
function withBlanksBefore(source: string, { start, end }: Span): Span {
  let at = start;
  while (at > 0 && /\s/.test(source.charAt(at - 1))) at--;
  return { start: at, end };
}

function* constantOffsets(source: string, start: number, end: number): Generator<number> {
  const search = new RegExp(constantSearch);
  search.lastIndex = start;
  // Not searched to the end of the source where there is no other: to the end of what has a say in the last.
  let last = end;
  while (last < source.length && /\s/.test(source.charAt(last))) last++;
  const searched = source.slice(0, last + 2);
  for (let match = search.exec(searched); match && match.index < end; match = search.exec(searched))
    if (isModelConstant(identifierWords(match[0]))) yield match.index;
}

function findingsOf(...lists: readonly (readonly JudgedMark[])[]): Finding[] {
  const findings: Finding[] = [];
  for (const marks of lists)
    for (const mark of marks) {
      if (!mark.finding) continue;
      settle(mark);
      findings.push(mark.finding);
    }
  return findings;
}

/** As many as are followed. */
function pendingTexts(marks: readonly JudgedMark[]): PendingText[] {
  const texts: PendingText[] = [];
  for (const mark of marks) {
    if (texts.length === mostPending) break;
    if (!mark.pending) continue;
    settle(mark);
    texts.push(mark.pending);
  }
  return texts;
}

/** Brings what was made when the mark stood elsewhere to where it stands now. */
function settle(mark: JudgedMark): void {
  const delta = mark.start - mark.base;
  if (delta === 0) return;
  mark.base = mark.start;
  if (mark.finding) mark.finding = movedFinding(mark.finding, delta);
  if (mark.pending) mark.pending = { ...mark.pending, literal: movedLiteral(mark.pending.literal, delta) };
}
