import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { LanguageTable, NodeRole } from '../language/languageTable.ts';
import {
  after,
  before,
  end,
  ends,
  go,
  insideBefore,
  type Place,
  type Reader,
  readBeside,
  readElement,
  spanOf,
} from './place.ts';
import { readCall, readConstruction, readMember, readTokens } from './readCall.ts';
import { readOperator } from './readOperators.ts';
import {
  annotatedName,
  functionName,
  loopVariable,
  nameBefore,
  ownerBefore,
  targetBefore,
  withoutAnnotations,
} from './sourceNames.ts';
import type { Context, Step } from './step.ts';
import { itemIndex, lastItem } from './tokens.ts';
import type { Frame } from './visitOffsets.ts';

function readNamed(place: Place): boolean {
  const { source, frames, index, frame, child } = place;
  if (!child.isValue) return end(place, 'key');
  // An argument in a wrapper of its own that has no name.
  if (frame.role === 'keyword' && child.start === frame.start) return true;
  const outer = frames[index - 1] ?? frame;
  const container = spanOf(outer);
  if (frame.role === 'pair' && child.start === frame.start) return readUnnamed(place, container);
  return go(place, {
    kind: 'named',
    form: frame.role === 'keyword' || outer.role === 'arguments' ? 'keyword' : 'property',
    name: nameBefore(before(place)),
    container,
    before: source.slice(container.start + 1, frame.start),
  });
}

/** A pair that begins with the literal: its key, or an entry of a list. */
function readUnnamed(place: Place, container: Span): boolean {
  if (/^\s*(?:=>|:)/.test(after(place))) return end(place, 'key');
  const { source, frame } = place;
  return go(place, { kind: 'element', list: container, before: source.slice(container.start + 1, frame.start) });
}

/** `{ model, prompt }`: a name is its own value. */
function readObject(place: Place): boolean {
  const { source, frame, child } = place;
  if (child.role !== 'identifier') return true;
  const name = identifierWords(source.slice(child.start, child.end));
  return go(place, { kind: 'named', form: 'property', name, container: spanOf(frame), before: insideBefore(place) });
}

/** Arguments in a list; one with a name has added its step. */
function readArguments(place: Place): boolean {
  const { frame, child, steps } = place;
  const innermost = steps.at(-1);
  const isNamed = innermost?.kind === 'named' && innermost.container.start === frame.start;
  return (
    ((child.role === 'keyword' || child.role === 'pair') && isNamed) ||
    go(place, { kind: 'argument', before: insideBefore(place), list: spanOf(frame) })
  );
}

const isPair = ({ role }: Frame): boolean => role === 'pair' || role === 'assignment';

/** `{ Model = "…" }` of an initialiser and `{ model = "…" }` of a block that builds: properties, not variables. */
function isProperty({ source, frames, index }: Place): boolean {
  const owner = frames[index - 1];
  return owner?.role === 'braces' || (owner?.role === 'lambda' && source.charAt(owner.start) === '{');
}

function readAssignment(place: Place): boolean {
  const isReturned = place.steps.at(-1)?.kind === 'returned';
  if (!place.child.isValue && !isReturned) return end(place, 'key');
  if (isProperty(place)) return readNamed(place);
  if (place.frame.role === 'declaration') return readDeclaration(place);
  const header =
    place.frame.role === 'parameters' ? lastItem(before(place).slice(1)) : withoutAnnotations(before(place));
  const text = ownTarget(place, header);
  const form = place.frame.role?.startsWith('parameter') ? 'parameter' : 'variable';
  const owner = ownerBefore(text);
  const step: Step = { kind: 'assigned', name: nameBefore(text), target: targetBefore(text), form };
  place.steps.push(owner === '' ? step : { ...step, owner });
  return false;
}

const severalNames = /^\s*[\w.$]+(?:\s*,\s*[\w.$]+)+(?=\s*:?=)/;

/** `user = ` of `system, user = "…", "…"` for the second value. */
function ownTarget({ source, steps }: Place, header: string): string {
  const names = severalNames.exec(header)?.[0].split(',');
  if (!names) return header;
  const value = steps.at(-1);
  const isBeside = value?.kind === 'element' && !/[[({]/.test(source.charAt(value.list.start));
  if (isBeside) steps.pop();
  return `${names[isBeside ? itemIndex(value.before) : 0] ?? ''} = `;
}

/** The first of several values goes where a single one would. */
function readValues(place: Place): boolean {
  const text = before(place);
  return itemIndex(text) === 0 || go(place, { kind: 'element', list: spanOf(place.frame), before: text });
}

function readDeclaration(place: Place): boolean {
  const target = /^[\w$]+/.exec(before(place))?.[0] ?? '';
  place.steps.push({ kind: 'assigned', name: identifierWords(target), target, form: 'variable' });
  return false;
}

/** `"gpt-4o" -> "…"`: what stands before the arrow is compared. */
function readArm(place: Place): boolean {
  return /->|=>|:/.test(before(place)) ? go(place, { kind: 'branch' }) : end(place, 'case');
}

/** A `return` goes on to its function, and so does the last expression where blocks have values. */
function readBlock(place: Place): boolean {
  const { source, table, frames, index, frame, child, steps } = place;
  if (steps.at(-1)?.kind === 'returned') return true;
  if (!table.tailValues || child.role === 'statement') return end(place, 'statement');
  const rest = source.slice(child.end, frame.end);
  readBeside(place, { start: child.end, end: child.end + rest.search(/\S|$/) + 1 });
  const isTail = /^\s*\}$/.test(rest);
  if (!isTail) return end(place, 'statement');
  return frames[index - 1]?.role === 'function' ? go(place, { kind: 'returned' }) : true;
}

/** The last statement is the value of all. */
function readBody(place: Place): boolean {
  const { source, child, steps } = place;
  if (steps.at(-1)?.kind === 'returned') return true;
  const rest = after(place).trim();
  const tag = /^<<[~-]?["'`]?(\w+)/.exec(source.slice(child.start, child.start + 40))?.[1];
  const isLast = rest === '' || rest === 'end' || (tag !== undefined && rest.endsWith(tag));
  return isLast ? go(place, { kind: 'returned' }) : end(place, 'statement');
}

/** `@SystemMessage("…")`, or a default that is given to what the annotation stands before. */
function readDecorator(place: Place): boolean {
  const { source, table, frame, steps } = place;
  const name = identifierWords(/^[@#[\s]*([\w.]+)/.exec(source.slice(frame.start, frame.start + 80))?.[1] ?? '');
  const innermost = steps.at(-1);
  const call = innermost?.kind === 'call' ? steps.at(-2) : innermost;
  if (call?.kind === 'named' && /^default(?:_value)?$/.test(call.name)) {
    const beside = { start: frame.end, end: Math.min(source.length, frame.end + 400) };
    readBeside(place, beside);
    const target = annotatedName(source.slice(beside.start, beside.end));
    steps.splice(0, steps.length, { kind: 'assigned', name: identifierWords(target), target, form: 'parameter' });
    return false;
  }
  if (!table.promptAnnotations?.test(name)) return end(place, 'decorator');
  steps.splice(0, steps.length, { kind: 'argument', before: '' }, { kind: 'call', callee: name, span: spanOf(frame) });
  return false;
}

function readFunction(place: Place): boolean {
  // `def model = "gpt-4o"`
  const isValue = place.steps.at(-1)?.kind === 'returned' || /\w\s*(?:\([^()]*\))?\s*=\s*$/.test(before(place));
  if (!isValue) return end(place, 'statement');
  const target = functionName(place.source, place.frame);
  const name = isAskedForAnswer(place) ? 'user_prompt' : identifierWords(target);
  place.steps.push({ kind: 'function', name, target });
  return false;
}

/** `@llm.call("gpt-4o")` before a function: what it returns is sent to the model. */
function isAskedForAnswer(place: Place): boolean {
  const { source, table, frame } = place;
  if (!table.askingDecorators) return false;
  const beside = { start: Math.max(0, frame.start - decoratorReach), end: frame.start };
  readBeside(place, beside);
  return table.askingDecorators.test(source.slice(beside.start, beside.end));
}

const decoratorReach = 300;

function readLoop(place: Place): boolean {
  if (!place.child.isValue) return end(place, 'statement');
  const target = loopVariable(before(place));
  place.steps.push({ kind: 'loop', name: identifierWords(target), target });
  return false;
}

function readAttribute(place: Place): boolean {
  const { source, frames, index, child, steps } = place;
  const tag = frames[index - 1]?.start ?? 0;
  const element = /^<\s*([\w.]+)/.exec(source.slice(tag, tag + 80))?.[1] ?? '';
  const form = child.role === 'string' ? 'literal' : 'expression';
  steps.push({ kind: 'attribute', name: nameBefore(before(place)), element, form });
  return false;
}

const isLiteral = ({ role }: Frame): boolean => role === 'string' || role === 'juxtaposed';

function readStatement(place: Place): boolean {
  if (place.frames[place.index - 1]?.role === 'arm') return true;
  if (!isLiteral(place.child)) return end(place, 'statement');
  if (!isSentDocumentation(place)) return end(place, 'documentation');
  place.steps.push({ kind: 'assigned', name: 'instructions', target: '', form: 'variable' });
  return false;
}

/** The documentation of a class that says itself to the model: `class Answer(dspy.Signature)`. */
function isSentDocumentation({ source, table: { sentClasses }, frames, index }: Place): boolean {
  const [owner, body, statement] = frames.slice(index - 2, index + 1);
  if (!sentClasses || owner?.role !== 'class' || !body || !statement) return false;
  return statement.start === body.start && sentClasses.test(source.slice(owner.start, body.start));
}

const readers: Readonly<Partial<Record<NodeRole, Reader>>> = {
  pair: readNamed,
  keyword: readNamed,
  object: readObject,
  arguments: readArguments,
  braces: (place) => isPair(place.child) || readElement(place),
  construction: readConstruction,
  tokens: readTokens,
  call: readCall,
  member: readMember,
  list: readElement,
  values: readValues,
  assignment: readAssignment,
  declaration: readAssignment,
  parameter: readAssignment,
  parameters: readAssignment,
  return: (place) => go(place, { kind: 'returned' }),
  lambda: (place) => (place.child.isValue ? go(place, { kind: 'lambda' }) : end(place, 'statement')),
  function: readFunction,
  binary: readOperator,
  ternary: (place) => go(place, { kind: 'branch' }),
  subscript: (place) => (place.child.isValue && place.frame.start === place.child.start) || end(place, 'subscript'),
  loop: readLoop,
  attribute: readAttribute,
  statement: readStatement,
  block: readBlock,
  body: readBody,
  class: ends('statement'),
  element: ends('statement'),
  comparison: ends('comparison'),
  // What a case returns goes on to the function.
  case: (place) => place.steps.at(-1)?.kind === 'returned' || end(place, 'case'),
  arm: readArm,
  type: ends('type'),
  enum: ends('enum'),
  import: ends('import'),
  decorator: readDecorator,
  assertion: ends('assertion'),
  raise: ends('raise'),
  hole: ends('hole'),
};

/** What goes farther out than this goes nowhere that we know: each literal of a deep nest would be read through all of it. */
const mostFrames = 200;

/** Where the value of an expression goes. `at` is the index of the expression's frame. */
export function readContext(source: string, table: LanguageTable, frames: readonly Frame[], at: number): Context {
  const steps: Step[] = [];
  const beside: Span[] = [];
  const outermost = Math.max(0, at - mostFrames);
  let index = at - 1;
  for (; index >= outermost; index--) {
    const child = frames[index + 1];
    const frame = frames[index];
    const read = frame?.role && readers[frame.role];
    if (frame && child && read && !read({ source, table, frames, index, frame, child, steps, beside })) break;
  }
  if (index >= 0 && index < outermost) steps.push({ kind: 'end', by: 'operator' });
  const extent = extentOf(frames, index, steps);
  return {
    steps,
    extent: {
      start: Math.min(extent.start, ...beside.map(({ start }) => start)),
      end: Math.max(extent.end, ...beside.map((span) => span.end)),
    },
  };
}

/** Around these nodes nothing of them was read: that the value does not leave them was enough. */
const closed: ReadonlySet<NodeRole | undefined> = new Set<NodeRole>(['block', 'class', 'element']);

/** What was read on the way outward that ended at the frame of that index. */
function extentOf(frames: readonly Frame[], last: number, steps: readonly Step[]): Span {
  const frame = frames[Math.max(0, last)];
  const child = frames[last + 1];
  if (!frame || !child) return { start: 0, end: 0 };
  if (last < 0) return spanOf(frame);
  const end = steps.at(-1);
  if (closed.has(frame.role) || (frame.role === 'function' && end?.kind === 'end')) return spanOf(child);
  // The element's name stands before its attributes, the header of the class before its documentation.
  if (frame.role === 'attribute') return spanOf(frames[last - 1] ?? frame);
  if (frame.role === 'statement' && isLiteral(child))
    return { start: (frames[last - 2] ?? frame).start, end: frame.end };
  return spanOf(frame);
}
