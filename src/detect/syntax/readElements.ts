import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Prompt, Span, StaticPart } from '../finding.ts';
import { roleOf } from '../rules/promptVerdict.ts';
import { promptElement } from '../rules/promptWords.ts';
import { countWords } from '../rules/wording.ts';
import type { Grammar } from './createSyntax.ts';
import { readLiteral } from './readLiteral.ts';

type Node = InstanceType<typeof TreeSitter.Node>;

/** Text of one run of markup, from the first word to the last. */
interface Run {
  readonly parts: StaticPart[];
  readonly holes: Span[];
  readonly element: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** Markup text as it is rendered: lines trimmed and joined, as JSX does. */
function renderedText(text: string): string {
  const lines = text.split('\n').map((line, index, all) => {
    const start = index === 0 ? line : line.trimStart();
    return index === all.length - 1 ? start : start.trimEnd();
  });
  return lines
    .filter((line) => line !== '')
    .join(' ')
    .replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

/** Reads the text of markup elements in a file whose markup is a prompt. */
export function readElements(root: Node, grammar: Grammar, source: string): Prompt[] {
  const elementTypes = Object.keys(grammar.table.kinds).filter((type) => grammar.table.kinds[type] === 'element');
  const runs: Run[] = [];
  const roleIn = (node: Node): string | undefined => grammar.roles[node.typeId];

  function tagName(element: Node): string {
    return /^<\s*([\w.]+)/.exec(source.slice(element.startIndex, element.startIndex + 80))?.[1] ?? '';
  }

  function addText(run: Run, node: Node): void {
    const raw = source.slice(node.startIndex, node.endIndex);
    if (raw.trim() === '') return;
    const start = node.startIndex + raw.length - raw.trimStart().length;
    const end = node.startIndex + raw.trimEnd().length;
    run.parts.push({ span: { start, end }, text: renderedText(raw) });
  }

  function addExpression(run: Run, node: Node): void {
    const inner = node.firstNamedChild;
    if (!inner || roleIn(inner) === 'comment') return;
    const span = { start: inner.startIndex, end: inner.endIndex };
    const nested = topmost(inner.descendantsOfType(elementTypes));
    if (roleIn(inner) === 'string') {
      const literal = readLiteral(root, grammar, source, span, { call: 'same' });
      run.parts.push(...literal.parts);
      run.holes.push(...literal.holes);
    } else if (nested.length > 0) for (const element of nested) addElement(run, element);
    else run.holes.push(span);
  }

  /** Adds what an element contains; an element that is a message of its own makes runs of its own. */
  function addElement(run: Run, element: Node): void {
    const name = tagName(element);
    if (!promptElement.test(name)) {
      addChildren(run, element);
      return;
    }
    const own: Run = { parts: [], holes: [], element: name };
    addChildren(own, element);
    runs.push(own);
    if (run.parts.length > 0) runs.push({ ...run, parts: run.parts.splice(0), holes: run.holes.splice(0) });
  }

  function addChildren(run: Run, element: Node): void {
    for (const child of element.namedChildren) {
      if (!child) continue;
      const role = roleIn(child);
      if (role === 'elementText') addText(run, child);
      else if (role === 'element') addElement(run, child);
      else if (role === 'transparent') addExpression(run, child);
      else if (role === 'elementTag' && child.type === 'jsx_self_closing_element') addEmpty(run, child);
    }
  }

  function addEmpty(run: Run, tag: Node): void {
    const span = { start: tag.startIndex, end: tag.endIndex };
    if (tagName(tag) === 'br') run.parts.push({ span, text: '\n' });
    else run.holes.push(span);
  }

  for (const element of topmost(root.descendantsOfType(elementTypes))) {
    const run: Run = { parts: [], holes: [], element: tagName(element) };
    addElement(run, element);
    runs.push(run);
  }
  return runs.flatMap(promptOf).sort((a, b) => a.span.start - b.span.start);
}

/** Of nodes in document order, those that are in no other. */
function topmost(nodes: readonly (Node | null)[]): Node[] {
  const found: Node[] = [];
  for (const node of nodes) if (node && node.startIndex >= (found.at(-1)?.endIndex ?? 0)) found.push(node);
  return found;
}

function promptOf({ parts, holes, element }: Run): Prompt[] {
  const worded = parts.filter((part) => part.text.trim() !== '');
  const first = worded[0];
  const last = worded.at(-1);
  if (!first || !last || countWords(parts.map((part) => part.text).join(' ')) < 3) return [];
  const span = { start: first.span.start, end: last.span.end };
  const isInside = (one: Span): boolean => one.start >= span.start && one.end <= span.end;
  const role = roleOf(element);
  return [
    {
      kind: 'prompt',
      span,
      parts: parts.filter((part) => isInside(part.span)),
      holes: holes.filter(isInside),
      ...(role ? { role } : {}),
    },
  ];
}
