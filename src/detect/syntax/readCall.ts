import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { LanguageTable, NodeRole } from '../language/languageTable.ts';
import { after, before, end, go, insideBefore, type Place, readBeside, readElement, spanOf } from './place.ts';
import { calleeName, declaredType } from './sourceNames.ts';
import type { Step } from './step.ts';
import { lastItem } from './tokens.ts';
import type { Frame } from './visitOffsets.ts';

// Calls, chains of calls and what is like a call: where a value goes that is handed to something.

/** `let(:model) { "gpt-4o" }` */
function readNamingBlock(place: Place): boolean {
  const { table, steps } = place;
  const [, callee = '', argument = ''] = /^([\w.]+[!?]?)[\s(]*:(\w+)/.exec(before(place)) ?? [];
  if (steps.at(-1)?.kind !== 'lambda' || !table.namingCalls?.test(callee)) return end(place, 'statement');
  // What the block returns is the value.
  while (/^(?:lambda|returned)$/.test(steps.at(-1)?.kind ?? '')) steps.pop();
  steps.push({ kind: 'assigned', name: identifierWords(argument), target: argument, form: 'variable' });
  return false;
}

const argumentRoles: ReadonlySet<NodeRole | undefined> = new Set(['arguments', 'string', 'braces', 'tokens']);

const otherTags =
  /^(?:gql|graphql|sql|css|html|svg|xml|styled|keyframes|createGlobalStyle|injectGlobal|regex|glob|cypher|groq|t|msg|i18n|l10n|localize)$/i;

const receivedMethod = /^\s*(?:\?|!!|&)?(?:\.|->|::)\s*(\w+)/;

export function readCall(place: Place): boolean {
  const { source, table, frame, child, steps } = place;
  // The grammar has no node for `"…".trim` in `"…".trim()`.
  const method = child.start === frame.start ? receivedMethod.exec(after(place)) : null;
  if (method) return readMethod(place, method[1] ?? '');
  // In the callee: a receiver, whose steps the member has added.
  const innermost = steps.at(-1);
  if (table.namingCalls && child.role === 'lambda') return readNamingBlock(place);
  if (!argumentRoles.has(child.role))
    return isCalledName(place) || innermost?.kind === 'method' || innermost?.kind === 'call';
  const callee = calleeName(before(place)).replace(/!$/, '');
  // A tagged template is the text again, but for the tags that make something else of it.
  if (source.charAt(child.start) === '`' && /^\w+$/.test(callee) && !otherTags.test(callee) && !table.textCalls[callee])
    return go(place, { kind: 'method', name: callee });
  return callWith(place, callee, frame);
}

/** A name that is called: what the call returns goes where the call goes. */
const isCalledName = ({ frame, child, steps }: Place): boolean =>
  steps.length === 0 && child.start === frame.start && (child.role === 'identifier' || child.role === 'member');

/** The value is an argument of the call at `frame`, or part of what its braces hold. */
function callWith(place: Place, called: string, frame: Frame): boolean {
  const { table, child, steps } = place;
  const innermost = steps.at(-1);
  // `id.start_with?("gpt-4")` of Ruby asks about the value.
  if (/\?$/.test(called)) return end(place, 'comparison');
  const callee = madeType(place, called);
  const name = callee.split(/[.:]+/).at(-1) ?? '';
  const key = table.textCalls[callee] ? callee : name;
  if (table.textCalls[key] && (steps.length === 0 || isWholeText(table, key, innermost))) {
    // What is filled into a format string is not the text.
    if (table.formats?.[key] && innermost?.kind === 'argument' && /["`]/.test(innermost.before))
      return end(place, 'operator');
    if (innermost?.kind === 'argument') steps.pop();
    return go(place, { kind: 'method', name: key });
  }
  if (
    table.listCalls?.has(name) ||
    table.listCalls?.has(called) ||
    (child.role === 'braces' && !/^[\w.:&*]+$/.test(callee))
  ) {
    if (innermost?.kind !== 'argument') return true;
    steps.pop();
    return go(place, { kind: 'element', list: spanOf(child), before: innermost.before });
  }
  const chain = table.builders && child.role !== 'braces' ? chainOf(place) : undefined;
  const filled = child.role === 'braces';
  const step: Step = { kind: 'call', callee, span: spanOf(frame), ...(chain ? { chain } : {}) };
  return go(place, filled ? { ...step, filled } : step);
}

/** Of a call with several arguments the first is the text, unless the text is put together of them. */
function isWholeText({ textCalls, formats }: LanguageTable, key: string, innermost: Step | undefined): boolean {
  if (innermost?.kind !== 'argument') return false;
  if (/(?:^|\.)(?:join|implode)$/i.test(key)) return true;
  return formats?.[key] !== undefined || textCalls[key] !== 'same' || !innermost.before.includes(',');
}

/** `SystemMessage.from` → `SystemMessage`; `new` alone takes the type that it is declared as. */
function madeType(place: Place, callee: string): string {
  const { table } = place;
  if (callee === 'new') return typeOfTarget(place) || callee;
  const made = /^(.*\w)(?:\.|::)(\w+)$/.exec(callee);
  return made?.[1] !== undefined && table.constructors?.has(made[2] ?? '') ? made[1] : callee;
}

function typeOfTarget(place: Place): string {
  const { source, frames, index } = place;
  const at = frames.findLastIndex(({ role }, position) => position < index && role === 'assignment');
  const [owner, assignment] = [frames[at - 1], frames[at]];
  if (!owner || !assignment) return '';
  readBeside(place, { start: owner.start, end: assignment.start });
  return declaredType(source, owner, assignment);
}

/** The whole of `a.b("…").c("…")`, where the call is a link of such a chain. */
function chainOf({ source, frames, index, frame, child }: Place): Span | undefined {
  let outermost = index;
  while (frames[outermost - 1]?.start === frame.start && linkRoles.has(frames[outermost - 1]?.role)) outermost--;
  const whole = frames[outermost];
  const isLink = outermost < index || source.slice(frame.start, child.start).includes(')');
  return whole && isLink ? spanOf(whole) : undefined;
}

const linkRoles: ReadonlySet<NodeRole | undefined> = new Set(['call', 'member', 'transparent']);

/** `openai.Request{…}`; a type with brackets, `[]string{…}`, makes a list or a map. */
export function readConstruction(place: Place): boolean {
  const type = before(place).trim().replace(/^&/, '');
  return place.child.role !== 'braces' && place.child.role !== 'object' ? true : constructs(place, type);
}

function constructs(place: Place, type: string): boolean {
  if (!/^[\w.:]+$/.test(type)) return true;
  return go(place, { kind: 'call', callee: type, span: spanOf(place.frame), filled: true });
}

/** Tokens of a macro: what a grammar says by nodes is read from the source beside the value. */
export function readTokens(place: Place): boolean {
  const { source, frame, child } = place;
  const bracket = source.charAt(frame.start);
  const item = lastItem(insideBefore(place));
  const behind = source.slice(child.end, child.end + 20);
  if (/[=!]=\s*$/.test(item) || /^\s*[=!]=/.test(behind)) return end(place, 'comparison');
  if (/^\s*=>/.test(behind)) return end(place, 'case');
  if (/^\s*:(?!:)/.test(behind) && bracket === '{') return end(place, 'key');
  const named = /^\s*("?)([\w$]+)\1\s*(?::(?!:)|=(?![=>]))/.exec(item);
  const rest = named ? item.slice(named[0].length) : item;
  if (child.role === 'tokens' && /[\w!>]\s*$/.test(rest)) {
    const called = { ...frame, start: child.start - rest.trimStart().length, end: child.end };
    if (!callWith(place, calleeName(rest).replace(/!$/, ''), called)) return false;
  }
  if (named) {
    const name = identifierWords(named[2] ?? '');
    const form = bracket === '(' ? 'keyword' : 'property';
    return go(place, { kind: 'named', form, name, container: spanOf(frame), before: insideBefore(place) });
  }
  return bracket === '(' ? go(place, { kind: 'argument', before: insideBefore(place) }) : readElement(place);
}

export function readMember(place: Place): boolean {
  const { source, frames, index, frame, child } = place;
  // The member itself, `self.guide`: its value goes where the whole goes.
  if (child.end === frame.end) return true;
  const name = source.slice(child.end, frame.end).replace(/^[\s?.:)&>-]+/, '');
  return readMethod(place, frames[index - 1]?.role === 'call' || place.table.textMethods.has(name) ? name : '');
}

/** A method called on the value. */
function readMethod(place: Place, name: string): boolean {
  const { table, steps } = place;
  if (table.textMethods.has(name)) return go(place, { kind: 'method', name });
  // A call chain goes on with another method: `openai("gpt-4o").chat(…)`.
  return steps.at(-1)?.kind === 'call' || end(place, 'operator');
}
