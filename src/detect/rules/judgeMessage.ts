import type { Span } from '../finding.ts';
import type { Step } from '../syntax/step.ts';
import { type Candidate, calleeSegments, type Flow, lastSegment } from './candidate.ts';
import { type PromptVerdict, roleOf, verdictOf } from './promptVerdict.ts';
import { contentKey, directive, messageRole, shownCallee } from './promptWords.ts';
import { roleBeside } from './roleBeside.ts';
import { asksForSomething, countWords } from './wording.ts';

// A role says that a text is LLM input: that of its message, of the argument before it, or of the callee.

type Named = Step & { kind: 'named' };
type Call = Step & { kind: 'call' };

/** `{ role: "user", content: "…" }`, and the parts of a content list. */
export function judgeMessage(candidate: Candidate, { steps }: Flow): PromptVerdict | undefined {
  const [said] = steps;
  if (said?.kind === 'named' && isSaidByKey(candidate, said)) return verdictOf(roleOf(said.name));
  for (let index = 0; index < Math.min(steps.length, 6); index++) {
    const step = steps[index];
    // `content=[TextPart(text="…")]`
    if (step?.kind === 'element' || (step?.kind === 'call' && partCallee.test(step.callee))) continue;
    // `system: [{ type: "text", text: "…" }]`
    if (index > 1 && step?.kind === 'named' && systemKey.test(step.name)) return verdictOf('system');
    if (step?.kind !== 'named' || !contentKey.test(step.name)) return undefined;
    const keys = candidate.keysOf(step.container);
    const role = keys.get('role');
    if (role !== undefined) {
      const value = /^[A-Za-z]{0,2}["'`](\w+)["'`]/.exec(role)?.[1];
      if (value === undefined ? /error|status|notice/i.test(role) : !messageRole.test(value)) return undefined;
      return verdictOf(roleOf(value ?? role));
    }
    // `{ from: "user", content: "…" }`
    const from = /^["'](user|human|system|assistant)["']$/.exec(keys.get('from') ?? '')?.[1];
    if (from !== undefined) return verdictOf(roleOf(from));
    const next = steps[index + 1];
    if (index > 0 && next?.kind === 'call' && roleMessage.test(calleeSegments(next.callee).at(-1) ?? ''))
      return verdictOf(roleOf(next.callee));
  }
  return undefined;
}

/** `{ user: "…" }`, `{ system: "…", user: "…" }`: an object with nothing but roles is a message. */
function isSaidByKey({ literal: { text }, evidence, keysOf }: Candidate, { name, container }: Named): boolean {
  if (!evidence.llm || !saidKey.test(name) || countWords(text) < 3) return false;
  const isSaid = asksForSomething(text) || directive.test(text) || /^[A-Z].*\s.*\s.*[.!?]\s*$/s.test(text);
  return isSaid && [...keysOf(container).keys()].every((key) => saidKey.test(key));
}

const saidCallee = /^(?:system|developer|user|assistant)(?:_with_\w+)?$/;
const saidKey = /^(?:system|developer|user|assistant)$/;
const systemKey = /^system(?:_instructions?|_prompt)?$/;
const partCallee = /(?:part|text|content|block)\w*$/i;
const roleMessage = /^(?:system|human|user|ai|assistant|developer)_message$/;

/** `("system", "…")` in a list of messages. */
export function judgeTuple({ steps }: Flow): PromptVerdict | undefined {
  const [first, second] = steps;
  if (first?.kind !== 'element' || second?.kind !== 'element') return undefined;
  const role = /^\s*["'](system|human|user|ai|assistant|developer)["']\s*,\s*$/.exec(first.before)?.[1];
  return role === undefined ? undefined : verdictOf(roleOf(role));
}

/** `Turn::new(Role::User, "…")`, `history.add("user", "…")`: the role before a text says what it is. */
export function besideRole(
  { evidence }: Candidate,
  { callee }: Call,
  before: string,
  words: number,
): PromptVerdict | undefined {
  const last = lastSegment(callee);
  if (!evidence.llm || words < 2 || shownCallee.test(last)) return undefined;
  const role = roleBeside(before, evidence.test ? '' : last);
  return role === undefined || (role === 'tool' && words < 8) ? undefined : verdictOf(role);
}

/** `Message.builder().role(USER).content("…")`, `SystemMessageArgs::default().content("…")`. */
export function judgeBuiltMessage(
  { keysOf }: Candidate,
  segments: readonly string[],
  chain: Span,
  words: number,
): PromptVerdict | undefined {
  const role = keysOf(chain).get('role');
  if (role !== undefined) return words >= 1 ? verdictOf(roleOf(role)) : undefined;
  const message = segments.slice(0, -1).find((segment) => /(?:^|_)message(?:_|$)/.test(segment));
  return message !== undefined && words >= 2 ? verdictOf(roleOf(message)) : undefined;
}

const roleCallee =
  /^(?:of_|from_|add_|with_|new_|create_|create_from_)?(?:system|developer|user|assistant|human|ai)(?:_text|_content|_string|_with_\w+)?$/;
/** `os.system("…")` runs a command. */
const runningReceiver = /^(?:os|sys|kernel|std|subprocess|process|shell|posix|lib|util|utils|logger|log)$/;
const messageReceiver = /(?:^|_)(?:messages?|msg|contents?(?:_blocks?)?|prompts?|chat|parts?|turn)$/;

/** Callees that name a role: `Message::user("…")`, `.system("…").user("…")`. */
export function judgeRoleCallee(
  segments: readonly string[],
  words: number,
  chained: boolean,
): PromptVerdict | undefined {
  const last = segments.at(-1) ?? '';
  const receiver = segments.at(-2);
  if (words < 2) return undefined;
  const isText = /^(?:from_)?(?:text|string)$/.test(last);
  if (receiver !== undefined && messageReceiver.test(receiver) && (isText || roleCallee.test(last)))
    return verdictOf(roleOf(isText ? receiver : last));
  const isSaid = words >= 3 && receiver !== undefined && !runningReceiver.test(receiver) && saidCallee.test(last);
  return isSaid || (chained && roleCallee.test(last)) ? verdictOf(roleOf(last)) : undefined;
}

/** `.user(u -> u.text("…"))`, `raw_chat do |m| m.user "…" end`: what a block builds with by a short name. */
const blockText = /^[a-z]{1,3}\.(?:text|content)$/;
const blockReceiver = /(?:^|\.)\w+\.(?:system|user|assistant|developer)$/;

/** Blocks that build messages: `user { +"…" }`, `prompt("id") { system("…") }`, `system { markdown { item("…") } }`. */
export function judgeBlock({ steps, fallbackFor }: Flow, words: number): PromptVerdict | undefined {
  if (words < 2 || fallbackFor !== undefined || !steps.some(({ kind }) => kind === 'lambda')) return undefined;
  for (const step of steps) {
    if (step.kind === 'lambda' || step.kind === 'argument') continue;
    if (step.kind === 'call' && blockText.test(step.callee)) continue;
    if (step.kind !== 'call') return undefined;
    if (blockReceiver.test(step.callee) && roleCallee.test(lastSegment(step.callee)))
      return verdictOf(roleOf(lastSegment(step.callee)));
    // `client.messages.create { +"…" }`
    if (/(?:^|\.)(?:messages|completions)\.(?:create|stream)$/.test(step.callee)) return verdictOf('user');
    if (!/^\w+$/.test(step.callee)) return undefined;
    const name = calleeSegments(step.callee)[0] ?? '';
    if (roleCallee.test(name) || /(?:^|_)(?:message|content)$/.test(name)) return verdictOf(roleOf(name) ?? 'user');
    if (/^(?:print|log|error|require|check|throw)/.test(name)) return undefined;
  }
  return undefined;
}
