import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { Grammar } from '../syntax/createSyntax.ts';
import { nameBefore } from '../syntax/sourceNames.ts';
import type { CallKey } from './modelCall.ts';

type Node = InstanceType<typeof TreeSitter.Node>;

export interface ReadArguments {
  readonly keys: ReadonlyMap<string, CallKey>;
  readonly object?: Span;
  readonly open: boolean;
}

const longestValue = 4_000;
/** Go's first argument, and Kotlin's and C#'s last. */
const passing = /^(?:\w*\.)?(?:\w*ctx|\w*context(?:\.\w+\(\))?|cancellation_?token|ct)$/i;
/** Keys that hold the request as a whole: `client.chat(parameters: { … })`. */
const wrapping = /^(?:parameters|body|request)$/;

const spanOf = (node: Node): Span => ({ start: node.startIndex, end: node.endIndex });

/** Reads keyword arguments and the properties of objects written out in an argument list. */
export function readArguments(list: Node, grammar: Grammar, source: string): ReadArguments {
  const keys = new Map<string, CallKey>();
  let object: Span | undefined;
  let open = false;
  const textOf = (node: Node): string =>
    source.slice(node.startIndex, Math.min(node.endIndex, node.startIndex + longestValue));

  function addPair(node: Node): void {
    const name = node.firstNamedChild;
    const value = node.lastNamedChild;
    if (!name || !value) return;
    if (name.equals(value)) {
      // An argument without a name, in a node of its own.
      read(value, 1);
      return;
    }
    const key = nameBefore(source.slice(name.startIndex, value.startIndex));
    keys.set(key, { name: spanOf(name), value: spanOf(value), text: textOf(value) });
    if (wrapping.test(key)) read(value, 1);
  }

  function addObject(node: Node): void {
    object ??= spanOf(node);
    for (const child of node.namedChildren) if (child) addProperty(child);
  }

  function addProperty(node: Node): void {
    const role = grammar.roles[node.typeId];
    if (role === 'pair' || role === 'keyword' || role === 'assignment') addPair(node);
    else if (role === 'identifier') {
      const span = spanOf(node);
      keys.set(identifierWords(textOf(node)), { name: span, value: span, text: textOf(node) });
    } else if (role === 'function') {
      const span = spanOf(node);
      const name = /^\s*(?:async\s+)?([\w$]+)/.exec(textOf(node))?.[1];
      if (name) keys.set(identifierWords(name), { name: span, value: span, text: '' });
    } else if (role !== 'comment') open = true;
  }

  function read(node: Node, depth: number): void {
    const role = grammar.roles[node.typeId];
    if (role === 'comment' || role === 'string' || role === 'list' || role === 'lambda') return;
    const text = textOf(node);
    if (role === 'keyword' || role === 'pair') addPair(node);
    else if (role === 'object' || role === 'braces') addObject(node);
    else if (/^(?:\.\.\.|\*\*?)/.test(text)) {
      open = true;
    } else if (role === 'call' || role === 'construction' || role === undefined || role === 'transparent') {
      // A request type around its fields, `openai.ChatCompletionRequest{ … }`, or the wrapper of one argument.
      const inner = node.namedChildren.filter((child): child is Node => child !== null);
      const objects = inner.filter((child) =>
        /^(?:object|braces|keyword|pair)$/.test(grammar.roles[child.typeId] ?? ''),
      );
      if (objects.length > 0) for (const each of objects) read(each, depth + 1);
      else if (role !== 'call' && inner.length === 1 && depth < 3 && inner[0]) read(inner[0], depth + 1);
      else if (!/^[\d.]+$/.test(text) && !passing.test(text)) open = true;
    } else if (!passing.test(text)) open = true;
  }

  for (const child of list.namedChildren) if (child) read(child, 0);
  return { keys, open, ...(object ? { object } : {}) };
}
