import type { Prompt, Span } from '../finding.ts';
import type { Literal } from '../syntax/readLiteral.ts';
import type { Context } from '../syntax/step.ts';
import { readFlow } from './candidate.ts';
import { countWords, type PromptVerdict } from './judgePrompt.ts';

/** A text in a variable whose name says nothing. What becomes of the variable decides. */
export interface PendingText {
  readonly literal: Literal;
  readonly target: string;
}

/** What a place that names the variable makes of a text in it. */
export interface VariableUse {
  readonly verdict: PromptVerdict;
  readonly call?: Span;
}

/** A place where a variable is named. */
export interface UsePlace {
  readonly at: number;
  /** Undefined where the place takes no LLM input, or is no use of a variable at all. */
  readonly use: (text: string) => VariableUse | undefined;
}

/** Fewer words are a label or a separator, wherever they end up. */
const fewestWords = 4;
/** A file of data has more variables than prompts; the first hundred are looked at. */
export const mostPending = 100;
/** Constants are put together in other constants, those in a prompt: so many links are followed. */
const mostRounds = 3;

/** The variable that a literal is assigned to, where that is all that is known of it. */
export function pendingText(literal: Literal, context: Context): PendingText | undefined {
  const [first] = readFlow(context.steps).steps;
  if (first?.kind !== 'assigned' || first.form !== 'variable' || first.target === '') return undefined;
  return countWords(literal.text) < fewestWords ? undefined : { literal, target: first.target };
}

/**
 * Prompts among the pending texts: those whose variable is used as LLM input, or filled into a prompt already found.
 * @param places by name, each in the order of the source
 * @param scopeOf where a variable that is assigned at a span is seen
 */
export function followVariables(
  texts: readonly PendingText[],
  prompts: readonly Prompt[],
  places: ReadonlyMap<string, readonly UsePlace[]>,
  scopeOf: (span: Span) => Span,
): Prompt[] {
  const scopes = new Map<PendingText, Span>();
  const seen = (text: PendingText, at: number): boolean => {
    if (isWithin(at, text.literal.span)) return false;
    const scope = scopes.get(text) ?? scopeOf(text.literal.span);
    scopes.set(text, scope);
    return isWithin(at, scope);
  };
  const found = new Map<PendingText, Prompt>();
  const add = (text: PendingText, verdict: PromptVerdict, call: Span | undefined): void => {
    const { span, parts, holes } = text.literal;
    found.set(text, { kind: 'prompt', span, parts, holes, ...verdict, ...(call ? { call } : {}) });
  };

  for (const text of texts) {
    for (const { at, use } of places.get(text.target) ?? []) {
      const taken = use(text.literal.text);
      if (!taken || !seen(text, at)) continue;
      add(text, taken.verdict, taken.call);
      break;
    }
  }

  for (let round = 0, before = -1; round < mostRounds && found.size > before; round++) {
    before = found.size;
    const known = [...prompts, ...found.values()];
    for (const text of texts) {
      if (found.has(text)) continue;
      const uses = places.get(text.target) ?? [];
      const into = known.find(({ holes }) =>
        holes.some((hole) => uses.some(({ at }) => isWithin(at, hole) && seen(text, at))),
      );
      if (into) add(text, into.role ? { role: into.role } : {}, into.call);
    }
  }
  return [...found.values()];
}

const isWithin = (at: number, span: Span): boolean => at >= span.start && at < span.end;
