import type { Evidence } from '../evidence.ts';
import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { LanguageTable } from '../language/languageTable.ts';
import type { Ask } from '../syntax/askSource.ts';
import type { Keys } from '../syntax/readKeys.ts';
import type { Literal } from '../syntax/readLiteral.ts';
import type { Context, EndedBy, Step } from '../syntax/step.ts';
import { assertionCallee, defaultCallee, modelName, notModelName, replyKey, requestKey } from './modelWords.ts';
import { llmReceiver, maybePromptCallee, promptCallee, promptName } from './promptWords.ts';

/** A literal with all that the rules may ask about it. */
export interface Candidate {
  readonly literal: Literal;
  readonly context: Context;
  readonly evidence: Evidence;
  readonly table: LanguageTable;
  /** Keys of the object or call at a span of the context. */
  readonly keysOf: (container: Span) => Keys;
  /** Asks about a name in the source as a whole. */
  readonly ask: Ask;
}

/** The context without what only passes the value on. */
export interface Flow {
  readonly steps: readonly Step[];
  /** What the literal stands in for, where it is a fallback: source of the left side, or the name of the setting read. */
  readonly fallbackFor: string | undefined;
}

/** Segments of a callee, each in the spelling of `identifierWords`: `client.chat.completions.create`. */
export function calleeSegments(callee: string): string[] {
  return callee
    .split(/[.:>-]+/)
    .filter(Boolean)
    .map(identifierWords);
}

export const lastSegment = (callee: string): string => calleeSegments(callee).at(-1) ?? '';

const valueKey = /^(?:default|default_value|value|fallback|initial_value)$/;

/** Drops what hands the value on: `.strip()`, `x or "…"`, `a if b else "…"`, `Field(default="…")`, `os.getenv("X", "…")`. */
export function readFlow(steps: readonly Step[]): Flow {
  const rest: Step[] = [];
  let fallbackFor: string | undefined;
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index];
    const next = steps[index + 1];
    if (!step || step.kind === 'method' || step.kind === 'branch') continue;
    if (step.kind === 'fallback') {
      // `isModel("o1") || …`: the literal went into the call, not into the choice.
      if (rest.length === 0) fallbackFor ??= step.left;
    } else if (next?.kind === 'call' && handsOn(step, next)) {
      if (rest.length === 0) fallbackFor ??= firstArgument(step);
      index++;
    } else rest.push(step);
  }
  return { steps: rest, fallbackFor };
}

/** `"MODEL"` of `getenv("MODEL", …)`, `"--model"` of `add_argument("--model", default=…)`. */
function firstArgument(step: Step): string | undefined {
  return step.kind === 'argument' || step.kind === 'named' ? step.before.slice(0, 80) : undefined;
}

/** Reads a setting by name: its first argument is that name, the default comes after. */
const keyedCallee = /^(?:get|fetch|getenv|get_env|env|get_or_default|getattr|setdefault|config_value|get_\w+)$/;

/** Declares a flag: its name, perhaps a letter, the default, what it is for. */
const flagCallee = /^string(?:_var)?(?:_p)?$/;
const flagDefault = /^\s*(?:&[\w.]+\s*,\s*)?"[^"]*"\s*,\s*(?:"\w?"\s*,\s*)?$/;

function handsOn(step: Step, call: Step & { kind: 'call' }): boolean {
  const callee = lastSegment(call.callee);
  if (!defaultCallee.test(callee)) return false;
  if (step.kind === 'argument' && flagCallee.test(callee)) return flagDefault.test(step.before);
  // `option('--prompts', 'Whether to …')` says what it is for.
  if (step.kind === 'argument' && /^\s*["'`]-[^,]*,\s*$/.test(step.before) && callee === 'option') return false;
  if (step.kind === 'argument') return step.before.includes(',') || !keyedCallee.test(callee);
  return step.kind === 'named' && valueKey.test(step.name);
}

export const selectsModel = (name: string): boolean => modelName.test(name) && !notModelName.test(name);

const passingEnds: ReadonlySet<EndedBy> = new Set(['statement', 'operator', 'hole']);

/** The value is compared, typed, a key …: it is not used as a value at all. */
export function isUsedUp({ steps }: Context): boolean {
  return steps.some(
    (step) =>
      step.kind === 'end' && !passingEnds.has(step.by) && !(step.by === 'decorator' && isAskingDecorator(steps)),
  );
}

/** `@llm.call(model="gpt-4o")`, `@prompt("…")`, `@chat(UserMessage("…"))`: the decorator asks a model, and the function is its answer. */
function isAskingDecorator(steps: readonly Step[]): boolean {
  const calls = steps.filter((step) => step.kind === 'call');
  const [call] = calls;
  if (!call || calls.length > 1) return call !== undefined;
  if (steps.some((step) => step.kind === 'named' && selectsModel(step.name))) return true;
  const segments = calleeSegments(call.callee);
  const last = segments.at(-1) ?? '';
  if (promptCallee.test(last) || (segments.length === 1 && promptName.test(last))) return true;
  return maybePromptCallee.test(last) && llmReceiver.test(segments.at(-2) ?? '');
}

export function isAsserted({ steps }: Context): boolean {
  return steps.some(
    (step) => step.kind === 'call' && calleeSegments(step.callee).some((name) => assertionCallee.test(name)),
  );
}

/** Types of what a model gives back: `new Generation(new AssistantMessage("…"))`. */
const replyCallee =
  /^(?!(?:get|send|create|generate|stream|fetch|ask|add|set)_)(?:(?:\w+_)?(?:llm_response|chat_response|model_response|chat_completion_response|candidate|chat_result|llm_result|completion_result)|generation|model_turn)$/;

/** Stands in the made-up reply of a model. */
export function isReply({ context, keysOf }: Candidate): boolean {
  return context.steps.some((step, index) => {
    if (step.kind === 'call') return index > 0 && calleeSegments(step.callee).some((name) => replyCallee.test(name));
    if (step.kind === 'assigned') return /^(?:return_value|side_effect)$/.test(step.name);
    if (step.kind !== 'named') return false;
    if (/^(?:responses?|expected|mock_response|want(?:_\w+)?)$/.test(step.name)) return true;
    const keys = keysOf(step.container);
    // A message that names its model was written by it.
    if (keys.has('model') && /^[A-Za-z]?["'`](?:assistant|model)\b/.test(keys.get('role') ?? '')) return true;
    const telling = [...keys.keys()].filter((key) => replyKey.test(key));
    // `choices=["a", "b"]` of an option parser is no list of answers.
    const answers = /^\[\]|^\[\s*(?:\{|\[|\w*Choice\b|dict\()/.test(keys.get('choices') ?? '');
    return answers || telling.length > 1 || telling.some((key) => /^(?:(?:finish|stop)_reason|usage)$/.test(key));
  });
}

/** Keys beside the literal say that a model is asked here. */
export function isRequest(keys: Keys, except: string): boolean {
  for (const key of keys.keys()) if (key !== except && requestKey.test(key)) return true;
  return false;
}

/** The call or object that the literal is part of the request of. */
export function requestSpan({ context, keysOf }: Candidate): Span | undefined {
  let outermost: Span | undefined;
  for (const step of context.steps) {
    if (step.kind === 'named') {
      if ([...keysOf(step.container).keys()].some(selectsModel)) return step.container;
      outermost = step.container;
    } else if (step.kind === 'call') {
      outermost = step.chain ?? step.span;
      if (step.chain && [...keysOf(step.chain).keys()].some(selectsModel)) return step.chain;
    }
  }
  return outermost;
}
