import type { Evidence } from '../evidence.ts';
import type { Prompt, Span } from '../finding.ts';
import type { ParsedSource } from '../syntax/parsedSource.ts';
import type { Literal } from '../syntax/readLiteral.ts';
import type { Context } from '../syntax/steps.ts';
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

interface Use {
  readonly verdict: PromptVerdict;
  readonly call: Span | undefined;
}

/** Prompts among the pending texts: those whose variable is used as LLM input, or filled into a prompt already found. */
export function followVariables(
  pending: readonly PendingText[],
  prompts: readonly Prompt[],
  parsed: ParsedSource,
  evidence: Evidence,
): Prompt[] {
  const found: Prompt[] = [];
  let open = pending.slice(0, mostPending);
  for (let round = 0; round < mostRounds && open.length > 0; round++) {
    const known = [...prompts, ...found];
    const rest: PendingText[] = [];
    const before = found.length;
    for (const text of open) {
      const use = findUse(text, known, parsed, evidence);
      if (use) found.push(promptOf(text, use));
      else rest.push(text);
    }
    if (found.length === before) break;
    open = rest;
  }
  return found;
}

function promptOf({ literal: { span, parts, holes } }: PendingText, { verdict, call }: Use): Prompt {
  return { kind: 'prompt', span, parts, holes, ...verdict, ...(call ? { call } : {}) };
}

/** Where the variable goes, within the scope it is seen in. */
function findUse(
  { target, context, literal }: PendingText,
  prompts: readonly Prompt[],
  parsed: ParsedSource,
  evidence: Evidence,
): Use | undefined {
  const offsets = usesOf(target, context.scope, literal.span, parsed.source);
  const filled = prompts.find(({ holes }) =>
    holes.some((hole) => offsets.some((at) => at >= hole.start && at < hole.end)),
  );
  if (filled) return { verdict: filled.role ? { role: filled.role } : {}, call: filled.call };
  let use: Use | undefined;
  parsed.visitNames(offsets, (_span, usedIn) => {
    if (use) return;
    const candidate = { literal, context: usedIn, evidence, table: parsed.grammar.table, keysOf: parsed.keysOf };
    const verdict = judgeUse(candidate);
    if (verdict) use = { verdict, call: requestSpan(candidate) };
  });
  return use;
}

function usesOf(name: string, scope: Span, except: Span, source: string): number[] {
  const pattern = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g');
  const offsets: number[] = [];
  pattern.lastIndex = scope.start;
  for (let match = pattern.exec(source); match && match.index < scope.end; match = pattern.exec(source))
    if (match.index < except.start || match.index >= except.end) offsets.push(match.index);
  return offsets;
}
