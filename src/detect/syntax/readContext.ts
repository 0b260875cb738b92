import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { LanguageTable, NodeRole } from '../language/languageTable.ts';
import { calleeName, functionName, loopVariable, nameBefore, operatorBeside, targetBefore } from './sourceNames.ts';
import type { Context, EndedBy, Step } from './step.ts';
import type { Frame } from './visitOffsets.ts';

/** One node on the way outward, with the node of it that the value comes from. */
interface Place {
  readonly source: string;
  readonly table: LanguageTable;
  readonly frames: readonly Frame[];
  readonly index: number;
  readonly frame: Frame;
  readonly child: Frame;
  readonly steps: Step[];
}

/**
 * Adds the steps of one kind of node; false where the way outward ends. A reader looks at the source of its own node and
 * at nothing outside it: what is kept of a source rests on that (`extentOf` names the exceptions).
 */
type Reader = (place: Place) => boolean;

const spanOf = ({ start, end }: Frame): Span => ({ start, end });

function end({ steps }: Place, by: EndedBy): false {
  steps.push({ kind: 'end', by });
  return false;
}

function go({ steps }: Place, step: Step): true {
  steps.push(step);
  return true;
}

const ends =
  (by: EndedBy): Reader =>
  (place) =>
    end(place, by);

/** Source of the node up to the value: its name, key or target stands there. */
const before = ({ source, frame, child }: Place): string => source.slice(frame.start, child.start);
/** Source between the opening bracket and the value. */
const insideBefore = ({ source, frame, child }: Place): string => source.slice(frame.start + 1, child.start);

function readNamed(place: Place): boolean {
  const { source, frames, index, frame, child } = place;
  if (!child.isValue) return end(place, 'key');
  const container = spanOf(frames[index - 1] ?? frame);
  return go(place, {
    kind: 'named',
    form: frame.role === 'pair' ? 'property' : 'keyword',
    name: nameBefore(before(place)),
    container,
    before: source.slice(container.start + 1, frame.start),
  });
}

/** `{ model, prompt }`: a name is its own value. */
function readObject(place: Place): boolean {
  const { source, frame, child } = place;
  if (child.role !== 'identifier') return true;
  const name = identifierWords(source.slice(child.start, child.end));
  return go(place, { kind: 'named', form: 'property', name, container: spanOf(frame), before: insideBefore(place) });
}

function readAssignment(place: Place): boolean {
  if (!place.child.isValue) return end(place, 'key');
  const text = before(place);
  const form = place.frame.role === 'parameter' ? 'parameter' : 'variable';
  place.steps.push({ kind: 'assigned', name: nameBefore(text), target: targetBefore(text), form });
  return false;
}

function readFunction(place: Place): boolean {
  if (place.steps.at(-1)?.kind !== 'returned') return end(place, 'statement');
  place.steps.push({ kind: 'function', name: functionName(place.source, place.frame) });
  return false;
}

function readLoop(place: Place): boolean {
  if (!place.child.isValue) return end(place, 'statement');
  place.steps.push({ kind: 'loop', name: loopVariable(before(place)) });
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

const fallbackOperators = new Set(['or', '||', '??', '?:']);
const comparisonOperators = /^(?:==|!=|===|!==|<|>|<=|>=|in|instanceof|=~|eq|ne|not|is)$/;

function readOperator(place: Place): boolean {
  const { source, frame, child } = place;
  const operator = operatorBeside(source, frame, child);
  if (fallbackOperators.has(operator))
    return go(place, { kind: 'fallback', left: before(place).replace(/\s*\S+\s*$/, '') });
  if (operator === '%' && frame.start === child.start) return go(place, { kind: 'method', name: 'format' });
  if (comparisonOperators.test(operator)) return end(place, 'comparison');
  return operator === '+' || operator === '&&' || operator === 'and' || end(place, 'operator');
}

function readCall(place: Place): boolean {
  const { table, frame, child, steps } = place;
  const innermost = steps.at(-1);
  // In the callee: a receiver, whose steps the member has added.
  if (child.role !== 'arguments' && child.role !== 'string')
    return innermost?.kind === 'method' || innermost?.kind === 'call';
  const callee = calleeName(before(place));
  const name = callee.split(/[.:]+/).at(-1) ?? '';
  if (table.textCalls[name] && (steps.length === 0 || innermost?.kind === 'argument')) {
    if (innermost?.kind === 'argument') steps.pop();
    return go(place, { kind: 'method', name });
  }
  return go(place, { kind: 'call', callee, span: spanOf(frame) });
}

function readMember(place: Place): boolean {
  const { source, table, frames, index, frame, child, steps } = place;
  // The member itself, `self.guide`: its value goes where the whole goes.
  if (child.end === frame.end) return true;
  const name = source.slice(child.end, frame.end).replace(/^[\s?.:)]+/, '');
  if (frames[index - 1]?.role === 'call' && table.textMethods.has(name)) return go(place, { kind: 'method', name });
  // A call chain goes on with another method: `openai("gpt-4o").chat(…)`.
  return steps.at(-1)?.kind === 'call' || end(place, 'operator');
}

const readers: Readonly<Partial<Record<NodeRole, Reader>>> = {
  pair: readNamed,
  keyword: readNamed,
  object: readObject,
  arguments: (place) => place.child.role === 'keyword' || go(place, { kind: 'argument', before: insideBefore(place) }),
  call: readCall,
  member: readMember,
  list: (place) => go(place, { kind: 'element', list: spanOf(place.frame), before: insideBefore(place) }),
  assignment: readAssignment,
  parameter: readAssignment,
  return: (place) => go(place, { kind: 'returned' }),
  lambda: (place) => (place.child.isValue ? go(place, { kind: 'lambda' }) : end(place, 'statement')),
  function: readFunction,
  binary: readOperator,
  ternary: (place) => go(place, { kind: 'branch' }),
  subscript: (place) => (place.child.isValue && place.frame.start === place.child.start) || end(place, 'subscript'),
  loop: readLoop,
  attribute: readAttribute,
  statement: readStatement,
  // A `return` goes on to its function; anything else ends with its statement.
  block: (place) => place.steps.at(-1)?.kind === 'returned' || end(place, 'statement'),
  class: ends('statement'),
  element: ends('statement'),
  comparison: ends('comparison'),
  case: ends('case'),
  type: ends('type'),
  enum: ends('enum'),
  import: ends('import'),
  decorator: ends('decorator'),
  assertion: ends('assertion'),
  raise: ends('raise'),
  hole: ends('hole'),
};

/** Where the value of an expression goes. `at` is the index of the expression's frame. */
export function readContext(source: string, table: LanguageTable, frames: readonly Frame[], at: number): Context {
  const steps: Step[] = [];
  let index = at - 1;
  for (; index >= 0; index--) {
    const child = frames[index + 1];
    const frame = frames[index];
    const read = frame?.role && readers[frame.role];
    if (frame && child && read && !read({ source, table, frames, index, frame, child, steps })) break;
  }
  return { steps, extent: extentOf(frames, index, steps) };
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

/** The frame of the whole literal expression: up through implicit and `+` concatenation. */
export function literalFrameIndex(source: string, frames: readonly Frame[]): number {
  let top = frames.length - 1;
  for (let index = top - 1; index >= 0; index--) {
    const frame = frames[index];
    const child = frames[index + 1];
    if (!frame || !child) break;
    if (frame.role === 'juxtaposed') top = index;
    else if (frame.role === 'binary' && operatorBeside(source, frame, child) === '+') top = index;
    else if (frame.role !== 'transparent' || source.charAt(frame.start) !== '(') break;
  }
  return top;
}
