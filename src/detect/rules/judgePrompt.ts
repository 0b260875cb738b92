import { identifierWords } from '../identifierWords.ts';
import { type Keys, setterName } from '../syntax/readKeys.ts';
import type { Literal } from '../syntax/readLiteral.ts';
import type { Step } from '../syntax/step.ts';
import { askingCallee, isPromptName, takenAs } from './askingCallee.ts';
import {
  type Candidate,
  calleeSegments,
  type Flow,
  isAsserted,
  isReply,
  isRequest,
  isUsedUp,
  lastSegment,
  readFlow,
  selectsModel,
} from './candidate.ts';
import {
  besideRole,
  judgeBlock,
  judgeBuiltMessage,
  judgeMessage,
  judgeRoleCallee,
  judgeTuple,
} from './judgeMessage.ts';
import { type PromptVerdict, type Role, roleOf, verdictOf } from './promptVerdict.ts';
import {
  answerKey,
  askedKey,
  askedOfPerson,
  contentKey,
  directive,
  inputKey,
  messageRole,
  notPromptName,
  personKey,
  reportKey,
  shownCallee,
  shownKey,
  spokenRole,
  spokenTo,
  strongInputKey,
  unmistakable,
  weakInputKey,
} from './promptWords.ts';
import { roleBeside } from './roleBeside.ts';
import { asksForSomething, asksPerson, countWords } from './wording.ts';

type Named = Step & { kind: 'named' };

/** Of texts in a locale, the short ones named `prompt` are labels. */
const fewestWordsOfLocale = 7;

/** Judges a literal as LLM input; undefined where it is none. */
export function judgePrompt(candidate: Candidate): PromptVerdict | undefined {
  const { context, literal } = candidate;
  const words = countWords(literal.text);
  if (words < (candidate.evidence.locale ? fewestWordsOfLocale : 1) || isUsedUp(context) || isAsserted(context))
    return undefined;
  const flow = readFlow(context.steps);
  const [first] = flow.steps;
  if (!first || asksPerson(literal.text, words)) return undefined;
  const verdict =
    judgeMessage(candidate, flow) ??
    judgeTuple(flow) ??
    judgeCall(candidate, flow, words) ??
    judgeName(candidate, flow, words) ??
    judgeJoined(candidate, flow, words) ??
    judgeWording(candidate, flow, words);
  const isAnswer = verdict?.role === 'assistant' && isStandIn(candidate, 'returned');
  return verdict && !isAnswer && !isReply(candidate) ? verdict : undefined;
}

/** What a test's own stand-in returns is an answer. */
const isStandIn = ({ evidence, context }: Candidate, ...by: readonly Step['kind'][]): boolean =>
  evidence.test && context.steps.some(({ kind }) => by.includes(kind));

/**
 * Judges the use of a variable that holds a text: its place decides alone.
 * @param words of the text
 */
export function judgeUse(candidate: Candidate, words: number): PromptVerdict | undefined {
  const { context } = candidate;
  if (isUsedUp(context) || isAsserted(context)) return undefined;
  if (isStandIn(candidate, 'returned', 'lambda')) return undefined;
  const flow = readFlow(context.steps);
  const verdict =
    judgeMessage(candidate, flow) ?? judgeTuple(flow) ?? judgeCall(candidate, flow, words) ?? judgeHolder(flow, words);
  return verdict && !isReply(candidate) ? verdict : undefined;
}

/** Put into something whose name says prompt: `prompt = "\n".join(lines)`, `return parts.join("\n")` of `buildPrompt`. */
function judgeHolder({ steps, fallbackFor }: Flow, words: number): PromptVerdict | undefined {
  // `add_argument("--question", default=…)`
  const setting = identifierWords(/["'`]([\w.-]+)["'`]/.exec(fallbackFor ?? '')?.[1] ?? '');
  if (words >= 3 && (isPromptName(setting) || /^(?:question|query)$/.test(setting))) return verdictOf(roleOf(setting));
  const [first] = steps.filter(({ kind }) => kind !== 'returned' && kind !== 'lambda');
  if (words < 3 || (first?.kind !== 'assigned' && first?.kind !== 'function')) return undefined;
  return isPromptName(first.name) ? verdictOf(roleOf(first.name)) : undefined;
}

/** Argument, keyword or property of a call to a model. */
function judgeCall(candidate: Candidate, flow: Flow, words: number): PromptVerdict | undefined {
  const [first, second] = flow.steps;
  if (first?.kind === 'argument' && second?.kind === 'call') return judgeCalled(candidate, flow, second, words);
  // `template: ({ genre }) => "…"`
  if (first?.kind === 'lambda' && second?.kind === 'named')
    return judgeNamed(candidate, flow, second, flow.steps[2], words);
  if (first?.kind === 'lambda') return candidate.evidence.llm ? judgeBlock(flow, words) : undefined;
  // `system: () => ["…", "…"].join("\n")`
  const outside = flow.steps.findIndex(({ kind }) => kind !== 'element' && kind !== 'returned' && kind !== 'lambda');
  const key = flow.steps[outside];
  if (words >= 3 && key?.kind === 'named' && flow.steps[outside - 1]?.kind === 'lambda')
    return judgeNamed(candidate, flow, key, flow.steps[outside + 1], words);
  if (first?.kind === 'element') {
    // `invoke([ "…" ])`, `contents=["…", image]`
    if (second?.kind === 'named') return judgeNamed(candidate, flow, second, flow.steps[2], words);
    const third = flow.steps[2];
    if (second?.kind === 'argument' && third?.kind === 'call') return judgeCalled(candidate, flow, third, words);
  }
  if (first?.kind === 'named') return judgeNamed(candidate, flow, first, second, words);
  return undefined;
}

type Call = Step & { kind: 'call' };

/** Argument of a function, or of a link in a chain that builds a request. */
function judgeCalled(candidate: Candidate, flow: Flow, call: Call, words: number): PromptVerdict | undefined {
  const before = beforeIn(flow);
  const verdict =
    verdictOfCallee(candidate, call.callee, before, words) ??
    besideRole(candidate, call, before, words) ??
    besideNamed(candidate, flow, call, words);
  if (verdict || !candidate.evidence.llm) return verdict;
  const segments = calleeSegments(call.callee);
  const last = segments.at(-1) ?? '';
  const setter = setterName(last);
  if (shownCallee.test(last) && !contentKey.test(last) && !(call.chain && inputKey.test(setter))) return undefined;
  // `prompt("id") { … }` begins a chain and sets nothing.
  const chain = segments.length > 1 ? call.chain : undefined;
  const isSetter = chain !== undefined || setter !== last;
  if (isSetter && isPromptName(setter) && words >= 3) return verdictOf(roleOf(last));
  const role = judgeRoleCallee(segments, words, chain !== undefined) ?? judgeBlock(flow, words);
  if (role || !chain) return role ?? judgeWrapped(candidate, flow, call, words);
  const named: Named = { kind: 'named', form: 'keyword', name: setter, container: chain, before: '' };
  const isAsked = words >= 2 && [...candidate.keysOf(chain).keys()].some(selectsModel);
  if (contentKey.test(named.name) && !isAsked) return judgeBuiltMessage(candidate, segments, chain, words);
  return judgeNamed(candidate, { ...flow, steps: flow.steps.slice(flow.steps.indexOf(call) + 1) }, named, call, words);
}

/** `Message("…", role="user")`, `text_generation("…", model="…")`: what is named beside a positional text says what it is. */
function besideNamed(candidate: Candidate, flow: Flow, call: Call, words: number): PromptVerdict | undefined {
  const list = flow.steps.find((step) => step.kind === 'argument')?.list;
  if (!list || !candidate.evidence.llm || words < 3 || shownCallee.test(lastSegment(call.callee))) return undefined;
  const keys = candidate.keysOf(list);
  const role = /^["'](\w+)["']$/.exec(keys.get('role') ?? '')?.[1];
  if (role !== undefined && messageRole.test(role)) return verdictOf(roleOf(role));
  const isAsked = words >= 4 && [...keys.keys()].some((key) => selectsModel(key));
  return isAsked && !notPromptCallee.test(lastSegment(call.callee)) ? verdictOf('user') : undefined;
}

/** What only describes or measures, although a model is named beside. */
const notPromptCallee = /(?:count|encode|embed|token|describe|tool|span|trace|log|metric|info|spec|card|field)/;

/** `prompt: cut("…", 4000)`: a call between a long text and the key that says what it is. */
function judgeWrapped(candidate: Candidate, flow: Flow, call: Call, words: number): PromptVerdict | undefined {
  const rest = flow.steps.slice(flow.steps.indexOf(call) + 1);
  const [named, next] = rest;
  if (words < 8 || named?.kind !== 'named' || !(strongInputKey.test(named.name) || isPromptName(named.name)))
    return undefined;
  return judgeNamed(candidate, { ...flow, steps: rest }, named, next, words);
}

/** What stands before a positional argument in its call. */
function beforeIn({ steps }: Flow): string {
  const argument = steps.find((step) => step.kind === 'argument');
  return argument?.kind === 'argument' ? argument.before : '';
}

/** Positional input of a callee that asks a model. */
function verdictOfCallee(
  candidate: Candidate,
  callee: string,
  before: string,
  words: number,
): PromptVerdict | undefined {
  // `@prompt("Say hello to {name}")`: what the function asks a model.
  const isDecorator = candidate.context.steps.some((step) => step.kind === 'end' && step.by === 'decorator');
  if (isDecorator && words >= 3 && isPromptName(lastSegment(callee))) return verdictOf(roleOf(lastSegment(callee)));
  const taken = takenAs(candidate, callee, before, words);
  return taken === undefined ? undefined : verdictOf(roleBeside(before, lastSegment(callee)) ?? roleOf(taken));
}

/** `prompt="…"` where the call or object around it is a request. */
function judgeNamed(
  candidate: Candidate,
  flow: Flow,
  named: Named,
  next: Step | undefined,
  words: number,
): PromptVerdict | undefined {
  const { name } = named;
  if (!candidate.evidence.llm) return undefined;
  const keys = candidate.keysOf(named.container);
  // CrewAI's tasks call their instructions a description.
  if (name === 'description' && (keys.has('expected_output') || isTask(next, words))) return verdictOf('user');
  if (next?.kind === 'call' && words >= 4 && isPartOfPrompt(name, next)) return verdictOf(roleOf(next.callee));
  const isInput = inputKey.test(name);
  if ((!isInput && !isPromptName(name)) || (!isInput && words < 2)) return undefined;
  if (isForPerson(keys) || isShown(flow) || (name === 'message' && isReport(keys))) return undefined;
  const isArgument = next?.kind === 'call' || next?.kind === 'argument';
  const asked = isArgument ? askingCallee(candidate, flow) : undefined;
  if (asked === undefined && ![...keys.keys()].some(selectsModel)) {
    // `session.Send(ctx, MessageOptions{Prompt: "…"})`
    if (next?.kind === 'call' && next.filled && strongInputKey.test(name)) return verdictOf(roleOf(name));
    if (isAskedByName(candidate, named, keys, isArgument, words)) return verdictOf(roleOf(name));
    // Only the keys beside it say that this is a request: the name has to say the rest.
    if (!isRequest(keys, name) || weakInputKey.test(name)) return undefined;
    if (!strongInputKey.test(name) && !isPromptName(name) && words < 3) return undefined;
  }
  return verdictOf((asked === undefined ? undefined : messageCalleeRole(asked)) ?? roleOf(name));
}

/** `Task(description="…")` of agents; a tracker of work has a line there. */
const isTask = (next: Step | undefined, words: number): boolean =>
  next?.kind === 'call' && words >= 12 && lastSegment(next.callee) === 'task';

/** `agent.with(message: "What is …?")`: the name says input, and the words ask. */
function isAskedByName(
  { literal: { text }, evidence }: Candidate,
  { name }: Named,
  keys: Keys,
  isArgument: boolean,
  words: number,
): boolean {
  if (words < 2 || !askedKey.test(name) || !asksForSomething(text) || askedOfPerson.test(text)) return false;
  if ([...keys.keys()].some((key) => answerKey.test(key))) return false;
  // `prompts({ type: "text", name: "key", message: "…" })`
  if (name === 'message' && keys.has('name')) return false;
  return isArgument && !(evidence.test && /\b(?:mock|fake|stub)/i.test(text));
}

/** `SystemPromptGenerator(steps=["…"])`: what a prompt is put together of. */
const isPartOfPrompt = (name: string, { callee }: Call): boolean =>
  isPromptName(lastSegment(callee)) && !shownKey.test(name) && !notPromptName.test(name);

/** `SystemMessage(content="…")` says the role itself. */
const messageCalleeRole = (callee: string): Role | undefined => (/message$/.test(callee) ? roleOf(callee) : undefined);

/** Assigned to, returned from, listed under or keyed by a name that says prompt. */
function judgeName(candidate: Candidate, flow: Flow, words: number): PromptVerdict | undefined {
  const isPutTogether = words === 2 && candidate.literal.holes.length > 1;
  if (!candidate.evidence.prompts || (words < 3 && !isPutTogether) || isShown(flow)) return undefined;
  // `flag.String("prompt", "…", …)`, `getenv("SYSTEM_PROMPT", "…")`
  const setting = identifierWords(/["'`]([\w.-]+)["'`]/.exec(flow.fallbackFor ?? '')?.[1] ?? '');
  if (isPromptName(setting) && looksWritten(candidate, words)) return verdictOf(roleOf(setting));
  for (const [index, step] of flow.steps.entries()) {
    if (step.kind === 'named') {
      if (isForPerson(candidate.keysOf(step.container))) return undefined;
      if (isPromptName(step.name)) return looksWritten(candidate, words) ? verdictOf(roleOf(step.name)) : undefined;
      if (shownKey.test(step.name)) return undefined;
    } else if (step.kind === 'assigned' || step.kind === 'function') {
      const owner = step.kind === 'assigned' ? (step.owner ?? '') : '';
      const named =
        isPromptName(step.name) ||
        isPromptName(owner) ||
        (candidate.evidence.llm && spokenTo.test(step.name)) ||
        (candidate.evidence.promptFile && isTextOfPromptFile(step, words));
      return named && looksWritten(candidate, words) ? verdictOf(roleOf(step.name)) : undefined;
    } else if (step.kind === 'call' && /^\w+$/.test(step.callee) && isInBlock(flow, index)) {
      // `prompt = markdown { item("…") }`
    } else if (step.kind === 'call') {
      // `promptParts.push("…")`
      const segments = calleeSegments(step.callee);
      // `promptBuilder.append(…).append("…")`
      const receiver =
        segments.findLast((segment, at) => at < segments.length - 1 && segment !== segments.at(-1)) ?? '';
      if (
        /^(?:push|push_str|append|append_line|append_format|extend|add|add_line|write|write_line|write_string|unshift|insert)$/.test(
          segments.at(-1) ?? '',
        ) &&
        isPromptName(receiver)
      )
        return verdictOf(roleOf(receiver));
      if (!/^(?:push|append|join|concat|freeze|list|tuple|map|filter)$/.test(segments.at(-1) ?? '')) return undefined;
    }
  }
  return undefined;
}

/** The call at `index`, or the block that it takes, is part of a block that builds. */
function isInBlock({ steps }: Flow, index: number): boolean {
  return (
    steps[index + 1]?.kind === 'lambda' ||
    (steps[index - 1]?.kind === 'argument' && steps[index - 2]?.kind === 'lambda')
  );
}

/** In `prompts.py`, whatever is written out at length is a prompt. */
function isTextOfPromptFile(step: Step & { kind: 'assigned' | 'function' }, words: number): boolean {
  return words >= 6 && !notPromptName.test(step.name) && !shownKey.test(step.name);
}

/** A sentence, not a label: short texts must begin like an instruction. */
function looksWritten({ literal, evidence }: Candidate, words: number): boolean {
  if (/\bpress (?:enter|return|any key|ctrl)|\[?y\/n\]?/i.test(literal.text)) return false;
  if (words < 8 && literal.holes.length === 0 && !/\{\{?\s*[a-z]/i.test(literal.text)) {
    if (/\?\s*$/.test(literal.text) && askedOfPerson.test(literal.text)) return false;
    if (/[:>\]]\s*$/.test(literal.text)) return directive.test(literal.text);
  }
  if (evidence.llm || evidence.promptFile || words >= 12) return true;
  const isLabel = /[:?>\]]\s*$/.test(literal.text) && !endsInHole(literal);
  return words >= 6 && !isLabel && !askedOfPerson.test(literal.text);
}

/** `"Compare these:\n" + rows`: what looks like the end of a label is followed by something. */
function endsInHole({ parts, holes }: Literal): boolean {
  const end = parts.at(-1)?.span.end ?? 0;
  return holes.some((hole) => hole.start >= end);
}

/** `systemPrompt + "\n\nAnswer in …"`: the name that it is joined to says it. */
function judgeJoined({ evidence, literal }: Candidate, flow: Flow, words: number): PromptVerdict | undefined {
  const name = identifierWords(/[\w$]+$/.exec(literal.follows ?? '')?.[0] ?? '');
  if (!evidence.llm || evidence.test || words < 4 || !isPromptName(name) || isShown(flow)) return undefined;
  return flow.steps.some((step) => step.kind === 'named' && shownKey.test(step.name))
    ? undefined
    : verdictOf(roleOf(name));
}

/** No name says it, the words do. */
function judgeWording(candidate: Candidate, flow: Flow, words: number): PromptVerdict | undefined {
  const { evidence, literal } = candidate;
  if (
    !(evidence.llm ? words >= (spokenRole.test(literal.text) ? 4 : 8) : evidence.prompts && words >= 20) ||
    !(unmistakable.test(literal.text) || (isTemplate(flow) && directive.test(literal.text))) ||
    isShown(flow)
  )
    return undefined;
  if (flow.steps.some((step) => step.kind === 'attribute' || (step.kind === 'named' && shownKey.test(step.name))))
    return undefined;
  return verdictOf('system');
}

const isTemplate = ({ steps: [first] }: Flow): boolean =>
  (first?.kind === 'assigned' || first?.kind === 'named') && /(?:^|_)template$/.test(first.name);

/** `{ message: "…", code: "…" }` tells what went wrong. */
const isReport = (keys: Keys): boolean => [...keys.keys()].some((key) => reportKey.test(key));

function isForPerson(keys: Keys): boolean {
  for (const key of keys.keys()) if (personKey.test(key)) return true;
  return false;
}

function isShown({ steps }: Flow): boolean {
  return steps.some((step) => step.kind === 'call' && shownCallee.test(calleeSegments(step.callee).at(-1) ?? ''));
}
