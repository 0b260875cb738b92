import type { Prompt, Span } from '../finding.ts';
import type { Literal } from '../syntax/readLiteral.ts';
import type { Context, Step } from '../syntax/step.ts';
import { readFlow } from './candidate.ts';
import type { PromptVerdict } from './promptVerdict.ts';
import { askedOfPerson } from './promptWords.ts';
import { countWords } from './wording.ts';

/** What holds a text: a variable, perhaps a list that the text is in, or a function that returns it. */
export interface Holder {
  readonly name: string;
  /** Seen in the whole source, and not only where it is assigned. */
  readonly isFunction: boolean;
  readonly isList: boolean;
}

/** A text in something whose name says nothing. What becomes of that decides. */
export interface PendingText {
  readonly literal: Literal;
  readonly holder: Holder;
  /** Too short to be a prompt itself, but it puts other variables together. */
  readonly isCarrier: boolean;
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
  /** What what stands here goes into: the variable `request` of `request += advice`. */
  readonly into: Holder | undefined;
}

/** What is followed, and what is known before. */
export interface Flows {
  /** Texts whose variable decides. */
  readonly texts: readonly PendingText[];
  readonly prompts: readonly Prompt[];
  /** Of those prompts the ones that are assigned to a variable, with its name. */
  readonly targets: ReadonlyMap<Prompt, string>;
  /** By name, each in the order of the source. */
  readonly places: ReadonlyMap<string, readonly UsePlace[]>;
  /** Where a variable that is assigned at a span is seen. */
  readonly scopeOf: (span: Span) => Span;
}

/** Fewer words are a label or a separator, wherever they end up. */
const fewestWords = 3;
/** A file of data has more variables than prompts; the first hundred are looked at. */
export const mostPending = 100;
/** Constants are put together in other constants, those in a prompt: so many links are followed. */
const mostRounds = 3;

/** The variable that a value is assigned to; empty where it goes elsewhere. */
export function targetOf({ steps }: Context): string {
  const [first] = readFlow(steps).steps;
  return first?.kind === 'assigned' && first.form === 'variable' ? first.target : '';
}

/** Functions that many types have: which of them is called cannot be told by the name. */
const commonFunction =
  /^(?:(?:to_?string|toStr|__\w+__|render|main|init|new|call|get|execute|handle\w*|format|name|description|describe|value|text|content|message|apply|process|build|create|default|invoke|forward|fn|test\w*)$|error)/i;

const addsToList =
  /^([\w$@.:>-]*?)([\w$]+)(?:\.|->)(?:push|append|push_str|add|extend|unshift|append_line|AppendLine|Append|Add|WriteString|write|writeln)$/;

/** What the value goes into: `name` of `name = …`, `name = […]`, `name.push(…)`, `for name in …`, or the function that returns it. */
export function holderOf({ steps }: Context): Holder | undefined {
  const flow = readFlow(steps).steps;
  const past = flow.findIndex(({ kind }) => kind !== 'element');
  const [first, second, third] = flow.slice(Math.max(0, past));
  if (past < 0 || !first) return undefined;
  const held = (name: string, isFunction: boolean, isList: boolean): Holder | undefined =>
    name === '' ? undefined : { name, isFunction, isList };
  if (first.kind === 'assigned') return first.form === 'variable' ? held(first.target, false, past > 0) : undefined;
  if (past > 0) return undefined;
  if (first.kind === 'loop') return held(first.target, false, false);
  if (first.kind === 'argument' && second?.kind === 'call') return held(listAddedTo(second), false, true);
  const owner = first.kind === 'returned' ? (second?.kind === 'lambda' ? third : second) : second;
  if (first.kind !== 'returned' && first.kind !== 'lambda') return undefined;
  if (owner?.kind !== 'function' && owner?.kind !== 'assigned') return undefined;
  return commonFunction.test(owner.target) ? undefined : held(owner.target, true, false);
}

const listAddedTo = ({ callee }: Step & { kind: 'call' }): string => addsToList.exec(callee)?.[2] ?? '';

/** The text of a literal that is held by something, where that is all that is known of it. */
export function pendingText(literal: Literal, context: Context): PendingText | undefined {
  const holder = holderOf(context);
  const words = countWords(literal.text);
  if (!holder || (words < fewestWords && literal.holes.length === 0)) return undefined;
  if (words < 12 && /(?:^|_)err(?:or|Msg|$)/i.test(holder.name)) return undefined;
  if (words < 8 && /\?\s*$/.test(literal.text) && askedOfPerson.test(literal.text)) return undefined;
  if (holder.isFunction && (words < 4 || /^\W*(?:error|failed|invalid)\b/i.test(literal.text))) return undefined;
  return { literal, holder, isCarrier: words < 2 };
}

/** Prompts among the pending texts: those whose variable is used as LLM input, or becomes part of a prompt already found. */
export function followVariables({ texts, prompts, targets, places, scopeOf }: Flows): Prompt[] {
  const scopes = new Map<number, Span>();
  const scopeAt = (span: Span): Span => {
    const scope = scopes.get(span.start) ?? scopeOf(span);
    scopes.set(span.start, scope);
    return scope;
  };
  const seenPlaces = new Map<PendingText, readonly UsePlace[]>();
  const placesOf = (text: PendingText): readonly UsePlace[] => {
    const known = seenPlaces.get(text) ?? placesReached(text, places, scopeAt);
    seenPlaces.set(text, known);
    return known;
  };
  const found = new Map<PendingText, Prompt>();
  const add = (text: PendingText, verdict: PromptVerdict, call: Span | undefined): void => {
    const { span, parts, holes } = text.literal;
    found.set(text, { kind: 'prompt', span, parts, holes, ...verdict, ...(call ? { call } : {}) });
  };
  for (const text of texts) {
    const taken = placesOf(text)
      .map(({ use }) => use(text.literal.text))
      .find((use) => use !== undefined);
    if (taken) add(text, taken.verdict, taken.call);
  }
  const offsets = [...places.values()].flatMap((list) => list.map(({ at }) => at)).sort((a, b) => a - b);
  for (let round = 0, before = -1; round < mostRounds && found.size > before; round++) {
    before = found.size;
    const known: Known[] = prompts.map((prompt) => ({ prompt, target: targets.get(prompt) }));
    for (const [{ holder }, prompt] of found) known.push({ prompt, target: holder.name });
    const filled = promptsFilled(known, offsets);
    for (const text of texts) {
      if (found.has(text)) continue;
      const uses = placesOf(text);
      const into =
        firstOf(uses.map(({ at }) => filled.get(at))) ??
        addedTo(uses, known, scopeAt) ??
        besideIn(text, known, scopeAt);
      const prompt = into === undefined ? undefined : known[into]?.prompt;
      if (prompt) add(text, prompt.role ? { role: prompt.role } : {}, prompt.call);
    }
  }
  return [...found].filter(([text]) => !text.isCarrier).map(([, prompt]) => prompt);
}

/** What holds a text goes into other things, those into others: so many links are followed. */
export const mostLinks = 3;

/** The places at which a text is, in what holds it or in what that went into. */
function placesReached(
  { literal: { span }, holder }: PendingText,
  places: Flows['places'],
  scopeAt: (span: Span) => Span,
): UsePlace[] {
  const reached: UsePlace[] = [];
  const visited = new Set<string>();
  let next = [{ name: holder.name, within: holder.isFunction ? undefined : scopeAt(span) }];
  for (let link = 0; link <= mostLinks && next.length > 0; link++) {
    const seen = next.flatMap(({ name, within }) =>
      (places.get(name) ?? []).filter(({ at }) => !isWithin(at, span) && (!within || isWithin(at, within))),
    );
    reached.push(...seen);
    next = [];
    for (const { at, into } of seen) {
      if (!into) continue;
      const within = into.isFunction ? undefined : scopeAt({ start: at, end: at + 1 });
      const link = `${into.name} ${within?.start ?? ''}`;
      if (!visited.has(link)) next.push({ name: into.name, within });
      visited.add(link);
    }
  }
  return reached;
}

/** A prompt and the variable it is in. */
interface Known {
  readonly prompt: Prompt;
  readonly target: string | undefined;
}

const firstOf = (indices: readonly (number | undefined)[]): number | undefined => {
  const all = indices.filter((index) => index !== undefined);
  return all.length === 0 ? undefined : Math.min(...all);
};

/**
 * By the offset of a place, the first of the prompts that it stands in a hole of.
 * @param offsets of all places, ascending
 */
function promptsFilled(known: readonly Known[], offsets: readonly number[]): ReadonlyMap<number, number> {
  const filled = new Map<number, number>();
  for (const [index, { prompt }] of known.entries()) {
    for (const { start, end } of prompt.holes) {
      for (let next = firstFrom(offsets, start); next < offsets.length; next++) {
        const at = offsets[next] ?? end;
        if (at >= end) break;
        if (!filled.has(at)) filled.set(at, index);
      }
    }
  }
  return filled;
}

/** The index of the first of ascending numbers that is not below `least`. */
function firstFrom(numbers: readonly number[], least: number): number {
  let low = 0;
  for (let high = numbers.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first of the prompts whose variable one of the places adds to, in the same function. */
function addedTo(
  uses: readonly UsePlace[],
  known: readonly Known[],
  scopeAt: (span: Span) => Span,
): number | undefined {
  const adding = uses.filter(({ into }) => into !== undefined);
  if (adding.length === 0) return undefined;
  const index = known.findIndex(({ prompt, target }) =>
    adding.some(
      ({ at, into }) =>
        into?.name === target && scopeAt({ start: at, end: at + 1 }).start === scopeAt(prompt.span).start,
    ),
  );
  return index < 0 ? undefined : index;
}

/** The first of the prompts that the same variable or list holds, in the same function. */
function besideIn(
  { literal, holder }: PendingText,
  known: readonly Known[],
  scopeAt: (span: Span) => Span,
): number | undefined {
  if (holder.isFunction) return undefined;
  const index = known.findIndex(
    ({ prompt, target }) => target === holder.name && scopeAt(prompt.span).start === scopeAt(literal.span).start,
  );
  return index < 0 ? undefined : index;
}

const isWithin = (at: number, span: Span): boolean => at >= span.start && at < span.end;
