import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Span, StaticPart } from '../finding.ts';
import type { Setting, SettingEntry, SettingList, SettingText } from '../settings/setting.ts';
import type { Grammar } from '../syntax/createSyntax.ts';
import { decode } from '../syntax/decode.ts';

type Node = InstanceType<typeof TreeSitter.Node>;

export interface ShellCommandCall {
  readonly name: string;
  readonly args: SettingList;
  /** Lines given to it on its input. */
  readonly input?: SettingText;
}

/** What a script sets and runs. */
export interface ShellScript {
  /** Variables, and defaults of variables wherever they stand. */
  readonly variables: readonly Setting[];
  readonly commands: readonly ShellCommandCall[];
}

const spanOf = ({ startIndex, endIndex }: Node): Span => ({ start: startIndex, end: endIndex });
/** Deeper is no script: what is nested beyond is not read. */
const deepest = 500;
const defaultValue = /^\$\{\w+:?[-=][^}\s]+\}$/;

/** Reads a script's assignments and commands. */
export function readShell(root: Node, grammar: Grammar, source: string): ShellScript {
  const { roles } = grammar;
  const entries: SettingEntry[] = [];
  const commands: ShellCommandCall[] = [];
  const defaults: SettingText[] = [];

  function readText(node: Node): SettingText {
    const span = spanOf(node);
    const parts: StaticPart[] = [];
    const holes: Span[] = [];
    addPieces(node, parts, holes);
    const text = parts.map((part) => part.text).join('');
    const only = holes.length === 0 && parts.length === 1 ? parts[0] : undefined;
    const raw = source.slice(span.start, span.end).replace(/^"(.*)"$/, '$1');
    const isDefault = defaultValue.test(raw);
    const quote = isDefault && source.charAt(span.start) === '"' ? 1 : 0;
    const inner = isDefault ? { start: span.start + quote, end: span.end - quote } : (only?.span ?? span);
    return { kind: 'text', span: inner, literal: span, text: isDefault ? raw : text, parts, holes };
  }

  function addPieces(node: Node, parts: StaticPart[], holes: Span[]): void {
    const role = roles[node.typeId];
    const span = spanOf(node);
    if (role === 'juxtaposed') {
      for (const child of node.namedChildren) if (child) addPieces(child, parts, holes);
      return;
    }
    if (role === 'hole') {
      holes.push(span);
      return;
    }
    const opening = /^\$?["']|^/.exec(source.slice(span.start, span.start + 2))?.[0] ?? '';
    const inner = {
      start: span.start + opening.length,
      end: Math.max(span.start, span.end - (opening === '' ? 0 : 1)),
    };
    let from = inner.start;
    const keep = (end: number): void => {
      if (end <= from) return;
      const text = source.slice(from, end);
      parts.push({
        span: { start: from, end },
        text: opening === "'" ? text : decode(text, opening, grammar.table.escapes),
      });
    };
    for (const child of node.namedChildren) {
      if (!child || roles[child.typeId] !== 'hole') continue;
      keep(child.startIndex);
      holes.push(spanOf(child));
      from = child.endIndex;
    }
    keep(inner.end);
  }

  /** Lines of a heredoc: what is expanded in them are holes. */
  function readLines(redirect: Node): SettingText | undefined {
    const body = redirect.namedChildren.find((child) => child !== null && roles[child.typeId] === 'heredocBody');
    if (!body) return undefined;
    const { startIndex, endIndex } = body;
    const parts: StaticPart[] = [];
    const holes: Span[] = [];
    let from = startIndex;
    const keep = (end: number): void => {
      const text = source.slice(from, end);
      if (end > from) parts.push({ span: { start: from, end }, text: text.replace(/\r\n/g, '\n') });
    };
    for (const child of body.namedChildren) {
      if (!child || roles[child.typeId] !== 'hole') continue;
      keep(child.startIndex);
      holes.push(spanOf(child));
      from = child.endIndex;
    }
    keep(endIndex);
    const span = { start: startIndex, end: endIndex };
    return { kind: 'text', span, literal: span, text: parts.map((part) => part.text).join(''), parts, holes };
  }

  const heredocIn = (node: Node): Node | undefined =>
    node.namedChildren.find((child): child is Node => child !== null && roles[child.typeId] === 'heredoc');

  /** `$(cat <<EOF …)` as a value is the lines. */
  function readSubstituted(node: Node): SettingText | undefined {
    const inner = roles[node.typeId] === 'hole' ? node.firstNamedChild : node.firstNamedChild?.firstNamedChild;
    const redirect =
      inner && /^\s*cat\b/.test(source.slice(inner.startIndex, inner.endIndex)) ? heredocIn(inner) : undefined;
    return redirect && readLines(redirect);
  }

  function readAssignment(node: Node): void {
    const value = node.lastNamedChild;
    const key = /^\w+/.exec(source.slice(node.startIndex, node.endIndex))?.[0];
    if (!value || key === undefined || value === node.firstNamedChild) return;
    const role = roles[value.typeId];
    const items = role === 'list' ? value.namedChildren.flatMap((child) => (child ? [readText(child)] : [])) : [];
    const read: Setting =
      role === 'list' ? { kind: 'list', span: spanOf(value), items } : (readSubstituted(value) ?? readText(value));
    entries.push({
      key,
      value: read,
      source: source.slice(value.startIndex, Math.min(value.endIndex, value.startIndex + 80)),
    });
  }

  /** `for model in gpt-4o o3`: what is run over. */
  function readLoop(node: Node): void {
    const [variable, ...rest] = node.namedChildren;
    const words = rest.filter((child): child is Node => child !== null && roles[child.typeId] === 'string');
    const [first] = words;
    const last = words.at(-1);
    if (!variable || !first || !last) return;
    const span = { start: first.startIndex, end: last.endIndex };
    const value: SettingList = { kind: 'list', span, items: words.map(readText) };
    entries.push({ key: source.slice(variable.startIndex, variable.endIndex), value, source: '' });
  }

  function readCommand(node: Node, parent: Node | undefined): void {
    const [name, ...rest] = node.namedChildren.filter(
      (child) => child !== null && roles[child.typeId] !== 'assignment',
    );
    if (!name) return;
    const words = rest.filter(
      (child): child is Node => child !== null && /^(?:string|juxtaposed|hole)$/.test(roles[child.typeId] ?? ''),
    );
    const around = parent && roles[parent.typeId] === 'transparent' ? heredocIn(parent) : heredocIn(node);
    const input = around && readLines(around);
    const args: SettingList = { kind: 'list', span: spanOf(node), items: words.map(readText) };
    commands.push({ name: source.slice(name.startIndex, name.endIndex), args, ...(input ? { input } : {}) });
  }

  function visit(node: Node, depth: number, parent?: Node): void {
    if (depth > deepest) return;
    const role = roles[node.typeId];
    if (role === 'comment' || role === 'comparison') return;
    if (role === 'assignment') readAssignment(node);
    else if (role === 'call') readCommand(node, parent);
    else if (role === 'loop') readLoop(node);
    else if (role === 'hole' && defaultValue.test(source.slice(node.startIndex, node.endIndex)))
      defaults.push(readText(node));
    for (const child of node.namedChildren) if (child) visit(child, depth + 1, node);
  }

  visit(root, 0);
  const whole = { start: 0, end: source.length };
  return {
    variables: [
      { kind: 'map', span: whole, entries },
      ...(defaults.length > 0 ? [{ kind: 'list', span: whole, items: defaults } as const] : []),
    ],
    commands,
  };
}
