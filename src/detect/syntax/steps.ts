import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { LanguageTable } from '../language/languageTable.ts';
import type { Frame } from './visitLiterals.ts';

/**
 * One step outward from a literal: where its value goes. A literal's context is the list of its steps, innermost first,
 * until the value reaches a variable, leaves a function, or is used up.
 */
export type Step =
  /** Value of `name: …`, `name=…` in the object or call at `container`. */
  | {
      readonly kind: 'named';
      readonly form: 'property' | 'keyword';
      readonly name: string;
      readonly container: Span;
      /** Source between the container's opening and the name: what stands before it in the same call. */
      readonly before: string;
    }
  /** Positional argument; `before` is the source between the opening parenthesis and the value. */
  | { readonly kind: 'argument'; readonly before: string }
  /** The result of the call that the step before was an argument of. */
  | { readonly kind: 'call'; readonly callee: string; readonly span: Span }
  | { readonly kind: 'element'; readonly list: Span; readonly before: string }
  /** Assigned to a variable, field or property, or default of a parameter. */
  | {
      readonly kind: 'assigned';
      readonly name: string;
      /** The name as it is spelt, without what it is a member of. */
      readonly target: string;
      readonly form: 'variable' | 'parameter';
    }
  | { readonly kind: 'returned' }
  /** What an anonymous function yields. */
  | { readonly kind: 'lambda' }
  /** Enclosing named function that the value is returned from. */
  | { readonly kind: 'function'; readonly name: string }
  /** Right side of `or`, `||`, `??`; `left` is what it stands in for. */
  | { readonly kind: 'fallback'; readonly left: string }
  | { readonly kind: 'branch' }
  /** Receiver of a method whose result is the text again: `.strip()`. */
  | { readonly kind: 'method'; readonly name: string }
  /** Attribute of a markup element, written `name="…"` or `name={…}`. */
  | {
      readonly kind: 'attribute';
      readonly name: string;
      readonly element: string;
      readonly form: 'literal' | 'expression';
    }
  /** Run over by a loop whose variable has the name. */
  | { readonly kind: 'loop'; readonly name: string }
  /** Used up: compared, looked up, documented, typed …; never a finding. */
  | { readonly kind: 'end'; readonly by: EndedBy };

export type EndedBy =
  | 'comparison'
  | 'key'
  | 'subscript'
  | 'case'
  | 'documentation'
  | 'type'
  | 'enum'
  | 'import'
  | 'decorator'
  | 'assertion'
  | 'raise'
  | 'hole'
  | 'operator'
  | 'statement';

export interface Context {
  readonly steps: readonly Step[];
  /** The innermost enclosing function, else the file: where a variable assigned here is seen. */
  readonly scope: Span;
}

const fallbackOperators = new Set(['or', '||', '??', '?:']);
const formatOperators = new Set(['%']);
const comparisonOperators = /^(?:==|!=|===|!==|<|>|<=|>=|in|instanceof|=~|eq|ne|not|is)$/;

/** The operator between the child and its sibling, read from the source beside the child. */
export function operatorBeside(source: string, parent: Frame, child: Frame): string {
  const isLeft = source.slice(parent.start, child.start).trim() === '';
  const beside = isLeft
    ? source.slice(child.end, child.end + 40)
    : source.slice(Math.max(0, child.start - 40), child.start);
  const match = isLeft ? /^[\s)]*([^\s\w"'`(]+|\w+)/.exec(beside) : /([^\s\w"'`()]+|\w+)[\s(]*$/.exec(beside);
  return match?.[1] ?? '';
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

/** Reads a name that stands before its value: `"content": `, `model: string = `, `self.model = `. */
function nameBefore(source: string): string {
  const text = source.trim().replace(/[\s:=>+?|&]+$/, '');
  const quoted = /^["'`]([^"'`]*)["'`]/.exec(text);
  if (quoted) return identifierWords(quoted[1] ?? '');
  const subscript = /\[\s*["']([^"']+)["']\s*\]$/.exec(text);
  if (subscript) return identifierWords(subscript[1] ?? '');
  // Type annotation, modifiers and keywords before the name.
  const bare = (/^[^:=<({[]*/.exec(text)?.[0] ?? '').trim();
  return identifierWords(bare.split(/\s+/).at(-1) ?? '');
}

/** The name assigned to, as it is spelt: `self.guide: str = ` → `guide`. */
function targetBefore(source: string): string {
  const bare = (/^[^:=<({[]*/.exec(source.trim())?.[0] ?? '').replace(/[\s+]+$/, '');
  return /[\w$]+$/.exec(bare)?.[0] ?? '';
}

/** `for (const model of `, `for index, model in ` → `model`. */
const loopVariable = (source: string): string => identifierWords(/([\w$]+)\W*\s(?:of|in)\s*$/.exec(source)?.[1] ?? '');

/** `new Foo<T>` → `Foo`; arguments of earlier calls in a chain are dropped. */
export function calleeName(source: string): string {
  let text = source.length > 400 ? source.slice(-400) : source;
  for (let previous = ''; previous !== text; ) {
    previous = text;
    text = text.replace(/\([^()]*\)|\{[^{}]*\}|\[[^[\]]*\]|<[^<>()]*>/g, '');
  }
  return text
    .replace(/\s+/g, ' ')
    .replace(/^.*\b(?:new|await)\s/, '')
    .replace(/\s|\?(?=\.)|\?\.$/g, '');
}

function functionName(source: string, frame: Frame): string {
  const header = source.slice(frame.start, Math.min(frame.end, frame.start + 160));
  const match =
    /\b(?:def|function\*?|class|func|fn|fun|sub)\s+([\w$]+)/.exec(header) ?? /([\w$#]+)\s*[<(]/.exec(header);
  return identifierWords(match?.[1] ?? '');
}

const endRoles: Readonly<Partial<Record<NonNullable<Frame['role']>, EndedBy>>> = {
  comparison: 'comparison',
  case: 'case',
  type: 'type',
  enum: 'enum',
  import: 'import',
  decorator: 'decorator',
  assertion: 'assertion',
  raise: 'raise',
  hole: 'hole',
};

/** Where the value of the literal goes. `at` is the index of the literal expression's frame. */
export function readContext(source: string, table: LanguageTable, frames: readonly Frame[], at: number): Context {
  const steps: Step[] = [];
  for (let index = at - 1; index >= 0; index--) {
    const child = frames[index + 1];
    const frame = frames[index];
    if (!frame || !child) break;
    if (!addSteps(steps, source, table, frames, index, frame, child)) break;
  }
  return { steps, scope: scopeOf(source, frames) };
}

/** Adds the steps of one frame; false where the way outward ends. */
function addSteps(
  steps: Step[],
  source: string,
  table: LanguageTable,
  frames: readonly Frame[],
  index: number,
  frame: Frame,
  child: Frame,
): boolean {
  const end = (by: EndedBy): false => {
    steps.push({ kind: 'end', by });
    return false;
  };
  const endedBy = frame.role && endRoles[frame.role];
  if (endedBy) return end(endedBy);
  switch (frame.role) {
    case 'pair':
    case 'keyword': {
      if (!child.isValue) return end('key');
      const form = frame.role === 'pair' ? 'property' : 'keyword';
      const outer = frames[index - 1];
      const name = nameBefore(source.slice(frame.start, child.start));
      const container = { start: outer?.start ?? frame.start, end: outer?.end ?? frame.end };
      steps.push({ kind: 'named', form, name, container, before: source.slice(container.start + 1, frame.start) });
      return true;
    }
    case 'arguments':
      if (child.role !== 'keyword')
        steps.push({ kind: 'argument', before: source.slice(frame.start + 1, child.start) });
      return true;
    case 'call':
      return addCall(steps, source, table, frame, child);
    case 'member':
      return addMember(steps, source, table, frame, child, frames[index - 1]);
    case 'object':
      // `{ model, prompt }`: a name is its own value.
      if (child.role === 'identifier') {
        const name = identifierWords(source.slice(child.start, child.end));
        const before = source.slice(frame.start + 1, child.start);
        steps.push({ kind: 'named', form: 'property', name, container: frame, before });
      }
      return true;
    case 'list':
      steps.push({ kind: 'element', list: frame, before: source.slice(frame.start + 1, child.start) });
      return true;
    case 'assignment':
    case 'parameter': {
      if (!child.isValue) return end('key');
      const form = frame.role === 'parameter' ? 'parameter' : 'variable';
      const before = source.slice(frame.start, child.start);
      steps.push({ kind: 'assigned', name: nameBefore(before), target: targetBefore(before), form });
      return false;
    }
    case 'return':
      steps.push({ kind: 'returned' });
      return true;
    case 'lambda':
      if (!child.isValue) return end('statement');
      steps.push({ kind: 'lambda' });
      return true;
    case 'function':
      if (steps.at(-1)?.kind !== 'returned') return end('statement');
      steps.push({ kind: 'function', name: functionName(source, frame) });
      return false;
    case 'binary':
      return addOperator(steps, source, frame, child, end);
    case 'ternary':
      steps.push({ kind: 'branch' });
      return true;
    case 'subscript':
      return child.isValue && frame.start === child.start ? true : end('subscript');
    case 'loop':
      if (!child.isValue) return end('statement');
      steps.push({ kind: 'loop', name: loopVariable(source.slice(frame.start, child.start)) });
      return false;
    case 'attribute': {
      const tag = frames[index - 1];
      const element = /^<\s*([\w.]+)/.exec(source.slice(tag?.start ?? 0, (tag?.start ?? 0) + 80))?.[1] ?? '';
      const form = child.role === 'string' ? 'literal' : 'expression';
      steps.push({ kind: 'attribute', name: nameBefore(source.slice(frame.start, child.start)), element, form });
      return false;
    }
    case 'statement':
      return end(child.role === 'string' || child.role === 'juxtaposed' ? 'documentation' : 'statement');
    case 'block':
      // A `return` goes on to its function; anything else ends with its statement.
      return steps.at(-1)?.kind === 'returned' ? true : end('statement');
    case 'class':
    case 'element':
      return end('statement');
    default:
      return true;
  }
}

function addOperator(steps: Step[], source: string, frame: Frame, child: Frame, end: (by: EndedBy) => false): boolean {
  const operator = operatorBeside(source, frame, child);
  if (fallbackOperators.has(operator)) {
    const left = source.slice(frame.start, child.start).replace(/\s*\S+\s*$/, '');
    steps.push({ kind: 'fallback', left });
    return true;
  }
  if (formatOperators.has(operator) && frame.start === child.start) {
    steps.push({ kind: 'method', name: 'format' });
    return true;
  }
  if (comparisonOperators.test(operator)) return end('comparison');
  if (operator === '+' || operator === '&&' || operator === 'and') return true;
  return end('operator');
}

function addCall(steps: Step[], source: string, table: LanguageTable, frame: Frame, child: Frame): boolean {
  const innermost = steps.at(-1);
  // In the callee: a receiver, whose steps the member has added.
  if (child.role !== 'arguments' && child.role !== 'string')
    return innermost?.kind === 'method' || innermost?.kind === 'call';
  const callee = calleeName(source.slice(frame.start, child.start));
  const name = callee.split(/[.:]+/).at(-1) ?? '';
  if (table.textCalls[name] && (steps.length === 0 || innermost?.kind === 'argument')) {
    if (innermost?.kind === 'argument') steps.pop();
    steps.push({ kind: 'method', name });
    return true;
  }
  steps.push({ kind: 'call', callee, span: frame });
  return true;
}

function addMember(
  steps: Step[],
  source: string,
  table: LanguageTable,
  frame: Frame,
  child: Frame,
  outer: Frame | undefined,
): boolean {
  // The member itself, `self.guide`: its value goes where the whole goes.
  if (child.end === frame.end) return true;
  const name = source.slice(child.end, frame.end).replace(/^[\s?.:)]+/, '');
  if (outer?.role === 'call' && table.textMethods.has(name)) {
    steps.push({ kind: 'method', name });
    return true;
  }
  // A call chain goes on with another method: `openai("gpt-4o").chat(…)`.
  if (steps.at(-1)?.kind === 'call') return true;
  steps.push({ kind: 'end', by: 'operator' });
  return false;
}

function scopeOf(source: string, frames: readonly Frame[]): Span {
  for (let index = frames.length - 1; index >= 0; index--) {
    const frame = frames[index];
    if (frame?.role === 'function' || frame?.role === 'lambda') return { start: frame.start, end: frame.end };
  }
  return { start: 0, end: source.length };
}
