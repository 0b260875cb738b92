import { identifierWords } from '../identifierWords.ts';
import { type Candidate, calleeSegments, type Flow } from './candidate.ts';
import { familyAnywhere } from './modelText.ts';
import {
  askedOfPerson,
  calledModel,
  inputKey,
  llmReceiver,
  madeAsModel,
  makingCallee,
  maybePromptCallee,
  messageRole,
  notPromptName,
  notPromptSetter,
  promptCallee,
  promptName,
  saidParameter,
  shownCallee,
  speaksToModel,
} from './promptWords.ts';
import { asksForSomething } from './wording.ts';

export const isPromptName = (name: string): boolean => promptName.test(name) && !notPromptName.test(name);

/** `NewUserMessage` makes a `UserMessage`; `RunAsync` is `Run`. */
const plainCallee = (name: string): string => name.replace(/^new_(?=.)|_(?:streaming_)?async$/g, '');

/** `new Prompt("…")`, `gollm.NewPrompt("…")`: a type and not the verb, which asks a person as often. */
const promptType = /(?:^|[.:])(?:New)?(?:Chat)?Prompt$/;

/** `Answer: {{request}}` is more than its one word. */
const placeholder = /^[^{]{1,100}\{\{\w+\}\}/;

/** What a positional argument is to a callee that asks a model: a name that says the role. Undefined where it asks none. */
export function takenAs(candidate: Candidate, callee: string, before: string, words: number): string | undefined {
  const segments = calleeSegments(callee);
  const last = plainCallee(segments.at(-1) ?? '');
  if (!candidate.evidence.llm || (words < 2 && !placeholder.test(candidate.literal.text))) return undefined;
  if (candidate.evidence.messenger && sendingCallee.test(last)) return undefined;
  if (candidate.table.promptCallees?.test(last)) return last;
  if (promptType.test(callee)) return 'prompt';
  if (shownCallee.test(last) && !promptCallee.test(last)) return undefined;
  if (promptCallee.test(last) || (words >= 4 && isPromptName(last) && !notPromptSetter.test(last))) return last;
  // `with instructions("…"):`
  if (words >= 8 && last === 'instructions') return last;
  const isStandIn = candidate.evidence.test && /response|reply|chunk|mock|fake|stub/.test(last);
  if (words >= 12 && speaksToModel.test(last) && !isStandIn && !isQuery(candidate)) return 'user';
  if (words >= 3 && isAskedInWords(candidate, segments, last)) return 'user';
  const afterModel = maybePromptCallee.test(last) && followsModel(candidate);
  if (segments.length === 1) {
    if (words >= 3 && (afterModel || isCalledModel(candidate, callee, last))) return 'user';
    if (words >= 4 && lonelyVerb.test(last) && isAskedElsewhere(candidate, callee)) return 'user';
    return words >= 4 && !isStandIn && !isQuery(candidate)
      ? parameterTaken(candidate, callee, last, before)
      : undefined;
  }
  const asks =
    afterModel ||
    (maybePromptCallee.test(last) && isLlmReceiver(candidate, callee)) ||
    (words >= 12 && tellingCallee.test(last) && isProse(candidate));
  if (!asks) return undefined;
  return messageRole.test(last) ? last : 'user';
}

/** `platform.invoke("gpt-4o", "…")`, `chains.Run(ctx, llm, "…")` */
function followsModel({ context: { steps } }: Candidate): boolean {
  const [first] = steps;
  if (first?.kind !== 'argument') return false;
  if (/^\s*["'][^"'\s]+["']\s*,\s*$/.test(first.before))
    return familyAnywhere.test(first.before) && /\d/.test(first.before);
  return (
    /^[\w\s.,&*]+,\s*$/.test(first.before) &&
    first.before.split(',').some((name) => llmReceiver.test(identifierWords(name)))
  );
}

/** How a program that talks to people by a messenger does so. */
const sendingCallee = /^(?:reply|send|send_message|respond|answer|edit|message|follow_?up|say|\w*_respond)$/;

/** Who takes several sentences by these is told what to do, whatever the receiver is called: `coder.run("…")`. */
const tellingCallee = /^(?:run|ask|chat|invoke|predict|complete|generate)$/;

const isProse = ({ literal: { text } }: Candidate): boolean =>
  /^\W*[A-Z]/.test(text) && /[a-z][.?!]["')]*\s+[A-Z]/.test(text) && !/[;{}=]\s*(?:\n|$)/.test(text);

/** `pipeline.query("What is …?")`, `ask_llm_again("List the …")`: the verb asks, and so do the words. */
function isAskedInWords(candidate: Candidate, segments: readonly string[], last: string): boolean {
  const { text } = candidate.literal;
  const receiver = segments.at(-2);
  if (receiver === undefined || personReceiver.test(receiver) || askedOfPerson.test(text) || isQuery(candidate))
    return false;
  return (askingVerb.test(last) || speaksToModel.test(last)) && asksForSomething(text);
}

/** `ask("Write a test for …")`, where `ask` comes from elsewhere, as from another cell of a notebook. */
function isAskedElsewhere(candidate: Candidate, callee: string): boolean {
  const { text } = candidate.literal;
  return (
    candidate.ask('parameters', callee) === '' &&
    !candidate.evidence.test &&
    asksForSomething(text) &&
    !askedOfPerson.test(text) &&
    !/\byou(?:r)?\b/i.test(text)
  );
}

const lonelyVerb = /^(?:ask|chat|query|complete|generate|answer|ask_question|answer_question)$/;

const askingVerb =
  /^(?:query|ask|chat|invoke|run|predict|complete|generate|prompt|answer|stream|kickoff|a(?:query|chat|invoke|sk|run|predict|complete|generate))(?:_(?:a?sync|stream|streaming|chat|once|response))?$/;
/** Who is asked is the person at the keyboard. */
const personReceiver =
  /(?:^|_)(?:console|prompt|prompts|prompter|cli|io|inquirer|questionary|rl|readline|terminal|term|tty|ui|screen|window|dialog|this|self|command|shell|input|typer|click|interaction|runner|subprocess|process|db|connection|cursor)$/;

/** A query in another language than ours. */
const isQuery = ({ literal }: Candidate): boolean =>
  /^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|WITH|MATCH|MERGE|PRAGMA)\b/.test(literal.text);

/** The parameter of a function of the same source that the argument is for, where its name says LLM input. */
function parameterTaken({ ask }: Candidate, callee: string, last: string, before: string): string | undefined {
  const parameters = ask('parameters', callee);
  if (parameters === '') return undefined;
  const index = topLevelCommas(before);
  const parameter = identifierWords(parameters.split(',')[index] ?? '');
  if (isPromptName(parameter) || saidParameter.test(parameter)) return parameter;
  return speaksToModel.test(last) && inputKey.test(parameter) ? parameter : undefined;
}

function topLevelCommas(source: string): number {
  const flat = source.replace(/"[^"\n]*"|'[^'\n]*'|`[^`]*`/g, '').replace(/\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}/g, '');
  return flat.split(',').length - 1;
}

/** The last segment of the call that a named argument or property goes into, where that call asks a model. */
export function askingCallee(candidate: Candidate, { steps }: Flow): string | undefined {
  const call = steps.find((step) => step.kind === 'call' || step.kind === 'assigned');
  if (call?.kind !== 'call') return undefined;
  const segments = calleeSegments(call.callee);
  const last = plainCallee(segments.at(-1) ?? '');
  if (candidate.evidence.messenger && sendingCallee.test(last)) return undefined;
  if (promptCallee.test(last) || candidate.table.promptCallees?.test(last)) return last;
  if (segments.length === 1)
    return maybePromptCallee.test(last) || isCalledModel(candidate, call.callee, last) ? last : undefined;
  return maybePromptCallee.test(last) && isLlmReceiver(candidate, call.callee) ? last : undefined;
}

/** `llm("…")`, or `clerk("…")` where `clerk = Agent(…)`. */
function isCalledModel({ ask }: Candidate, callee: string, last: string): boolean {
  return (calledModel.test(last) && !makingCallee.test(last)) || madeAsModel.test(lastWords(ask('maker', callee)));
}

/** `agent.run("…")`, or `clerk.run("…")` where `clerk = Agent(…)`. `runner.invoke` is how command lines are tested. */
function isLlmReceiver({ ask }: Candidate, callee: string): boolean {
  const segments = calleeSegments(callee);
  const receiver = segments.at(-2) ?? '';
  if (segments.at(-1) === 'invoke' && /(?:^|_)runner$/.test(receiver)) return false;
  return llmReceiver.test(receiver) || madeAsModel.test(lastWords(ask('maker', callee.split(/[.:>-]+/).at(-2) ?? '')));
}

const lastWords = (callee: string): string => calleeSegments(callee).at(-1) ?? '';
