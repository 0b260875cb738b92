import type { Evidence } from '../evidence.ts';
import type { Prompt, Span } from '../finding.ts';
import type { ParsedSource } from '../syntax/parsedSource.ts';
import type { Literal } from '../syntax/readLiteral.ts';
import type { Context } from '../syntax/step.ts';
import { readFlow, requestSpan } from './candidate.ts';
import { countWords, judgeUse, type PromptVerdict } from './judgePrompt.ts';

/** A text in a variable whose name says nothing. What becomes of the variable decides. */
export interface PendingText {
  readonly literal: Literal;
  readonly context: Context;
  readonly target: string;
}

/** Fewer words are a label or a separator, wherever they end up. */
const fewestWords = 4;
/** A file of data has more variables than prompts; the first hundred are looked at. */
const mostPending = 100;
/** Constants are put together in other constants, those in a prompt: so many links are followed. */
const mostRounds = 3;

/** The variable that a literal is assigned to, where that is all that is known of it. */
export function pendingText(literal: Literal, context: Context): PendingText | undefined {
  const [first] = readFlow(context.steps).steps;
  if (first?.kind !== 'assigned' || first.form !== 'variable' || first.target === '') return undefined;
  return countWords(literal.text) < fewestWords ? undefined : { literal, context, target: first.target };
}

/** Prompts among the pending texts: those whose variable is used as LLM input, or filled into a prompt already found. */
export function followVariables(
  pending: readonly PendingText[],
  prompts: readonly Prompt[],
  parsed: ParsedSource,
  evidence: Evidence,
): Prompt[] {
  const texts = pending.slice(0, mostPending);
  const places = placesOf(new Set(texts.map(({ target }) => target)), parsed.source);
  const seen = (text: PendingText, at: number): boolean =>
    at >= text.context.scope.start && at < text.context.scope.end && !isWithin(at, text.literal.span);
  const found = new Map<PendingText, Prompt>();
  const add = (text: PendingText, verdict: PromptVerdict, call: Span | undefined): void => {
    const { span, parts, holes } = text.literal;
    found.set(text, { kind: 'prompt', span, parts, holes, ...verdict, ...(call ? { call } : {}) });
  };

  const offsets = [...places.values()].flat().sort((a, b) => a - b);
  parsed.visitNames(offsets, (span, context) => {
    const name = parsed.source.slice(span.start, span.end).match(lastName)?.[0] ?? '';
    for (const text of texts) {
      if (text.target !== name || found.has(text) || !seen(text, span.start)) continue;
      const use = { literal: text.literal, context, evidence, table: parsed.grammar.table, keysOf: parsed.keysOf };
      const verdict = judgeUse(use);
      if (verdict) add(text, verdict, requestSpan(use));
    }
  });

  for (let round = 0, before = -1; round < mostRounds && found.size > before; round++) {
    before = found.size;
    const known = [...prompts, ...found.values()];
    for (const text of texts) {
      if (found.has(text)) continue;
      const uses = places.get(text.target) ?? [];
      const into = known.find(({ holes }) =>
        holes.some((hole) => uses.some((at) => isWithin(at, hole) && seen(text, at))),
      );
      if (into) add(text, into.role ? { role: into.role } : {}, into.call);
    }
  }
  return [...found.values()];
}

const lastName = /[\w$]+$/;
const isWithin = (at: number, span: Span): boolean => at >= span.start && at < span.end;

/** Where each name stands in the source. */
function placesOf(names: ReadonlySet<string>, source: string): ReadonlyMap<string, number[]> {
  const places = new Map([...names].map((name): [string, number[]] => [name, []]));
  if (names.size === 0) return places;
  const anyName = [...names].map((name) => name.replaceAll('$', '\\$')).join('|');
  for (const match of source.matchAll(new RegExp(`(?<![\\w$])(?:${anyName})(?![\\w$])`, 'g')))
    places.get(match[0])?.push(match.index);
  return places;
}
