import { type Candidate, calleeSegments, type Flow } from './candidate.ts';
import { familyAnywhere } from './modelText.ts';
import {
  calledModel,
  llmReceiver,
  madeAsModel,
  maybePromptCallee,
  messageRole,
  notPromptName,
  notPromptSetter,
  promptCallee,
  promptName,
  shownCallee,
} from './promptWords.ts';

export const isPromptName = (name: string): boolean => promptName.test(name) && !notPromptName.test(name);

/** `NewUserMessage` makes a `UserMessage`; `RunAsync` is `Run`. */
const plainCallee = (name: string): string => name.replace(/^new_(?=.)|_(?:streaming_)?async$/g, '');

/** What a positional argument is to a callee that asks a model: a name that says the role. Undefined where it asks none. */
export function takenAs(candidate: Candidate, callee: string, words: number): string | undefined {
  const segments = calleeSegments(callee);
  const last = plainCallee(segments.at(-1) ?? '');
  if (!candidate.evidence.llm || words < 2) return undefined;
  if (candidate.table.promptCallees?.test(last)) return last;
  if (shownCallee.test(last) && !promptCallee.test(last)) return undefined;
  if (promptCallee.test(last) || (words >= 4 && isPromptName(last) && !notPromptSetter.test(last))) return last;
  if (segments.length === 1) return words >= 3 && isCalledModel(candidate, callee, last) ? 'user' : undefined;
  const asks = maybePromptCallee.test(last) && (isLlmReceiver(candidate, callee) || followsModel(candidate));
  if (!asks) return undefined;
  return messageRole.test(last) ? last : 'user';
}

/** `platform.invoke("gpt-4o", "…")` */
function followsModel({ context: { steps } }: Candidate): boolean {
  const [first] = steps;
  return (
    first?.kind === 'argument' && /^\s*["'][^"'\s]+["']\s*,\s*$/.test(first.before) && familyAnywhere.test(first.before)
  );
}

/** The last segment of the call that a named argument or property goes into, where that call asks a model. */
export function askingCallee(candidate: Candidate, { steps }: Flow): string | undefined {
  const call = steps.find((step) => step.kind === 'call' || step.kind === 'assigned');
  if (call?.kind !== 'call') return undefined;
  const segments = calleeSegments(call.callee);
  const last = plainCallee(segments.at(-1) ?? '');
  if (promptCallee.test(last)) return last;
  if (segments.length === 1)
    return maybePromptCallee.test(last) || isCalledModel(candidate, call.callee, last) ? last : undefined;
  return maybePromptCallee.test(last) && isLlmReceiver(candidate, call.callee) ? last : undefined;
}

/** `llm("…")`, or `clerk("…")` where `clerk = Agent(…)`. */
function isCalledModel({ madeBy }: Candidate, callee: string, last: string): boolean {
  return calledModel.test(last) || madeAsModel.test(lastWords(madeBy(callee)));
}

/** `agent.run("…")`, or `clerk.run("…")` where `clerk = Agent(…)`. `runner.invoke` is how command lines are tested. */
function isLlmReceiver({ madeBy }: Candidate, callee: string): boolean {
  const segments = calleeSegments(callee);
  const receiver = segments.at(-2) ?? '';
  if (segments.at(-1) === 'invoke' && /(?:^|_)runner$/.test(receiver)) return false;
  return llmReceiver.test(receiver) || madeAsModel.test(lastWords(madeBy(callee.split(/[.:>-]+/).at(-2) ?? '')));
}

const lastWords = (callee: string): string => calleeSegments(callee).at(-1) ?? '';
