import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { NodeRole } from '../language/languageTable.ts';
import type { Grammar } from './createSyntax.ts';
import { chainedCalls, namedItems } from './tokens.ts';

type Node = InstanceType<typeof TreeSitter.Node>;

/** Names of an object's properties or a call's keyword arguments, with the source of their values (80 characters). */
export type Keys = ReadonlyMap<string, string>;

const valueLength = 80;
/** A list of this many entries is a table of data; its head is enough to tell. */
const mostEntries = 60;

const keysAsText: Readonly<Partial<Record<NodeRole, (text: string) => [string, string][]>>> = {
  tokens: (text) => namedItems(text.slice(1, -1)),
  call: chainedCalls,
  member: chainedCalls,
  transparent: chainedCalls,
};

/** `set_model`, `with_model` → `model`. */
export const setterName = (name: string): string => name.replace(/^(?:set|with|add|and)_(?=.)/, '');

/** Reads the keys of the object or argument list at `span`. */
export function readKeys(root: Node, grammar: Grammar, source: string, span: Span): Keys {
  const keys = new Map<string, string>();
  const container = root.descendantForIndex(span.start, span.end);
  const containerRole = container === null ? undefined : grammar.roles[container.typeId];
  const isObject = containerRole === 'object';
  const asText = containerRole && keysAsText[containerRole];
  if (asText) {
    const text = source.slice(span.start, span.end);
    for (const [name, value] of asText(text)) keys.set(setterName(identifierWords(name)), value.slice(0, valueLength));
    return keys;
  }
  let seen = 0;
  for (let child = container?.firstNamedChild ?? null; child && seen < mostEntries; child = child.nextNamedSibling) {
    seen++;
    const role = grammar.roles[child.typeId];
    if (role === 'pair' || role === 'keyword' || role === 'assignment') {
      const name = child.firstNamedChild;
      if (
        !name ||
        child.namedChildCount < 2 ||
        (role === 'keyword' && !/^\s*[:=]/.test(source.slice(name.endIndex, name.endIndex + 20)))
      )
        continue;
      const valueAt = source.slice(name.endIndex, Math.min(child.endIndex, name.endIndex + valueLength));
      keys.set(identifierWords(source.slice(name.startIndex, name.endIndex)), valueAt.replace(/^[\s:=>]+/, ''));
    } else if (role === 'identifier' && isObject) {
      // `{ model, messages }`
      const name = source.slice(child.startIndex, child.endIndex);
      keys.set(identifierWords(name), name);
    } else if (role === 'call') {
      // `{ temperature(0.2); messages { … } }`
      const call =
        containerRole === 'lambda' && /^\w+/.exec(source.slice(child.startIndex, child.startIndex + 60))?.[0];
      if (call) keys.set(identifierWords(call), '');
    } else if (role === 'function') {
      const name = /^\s*(?:async\s+)?([\w$]+)/.exec(source.slice(child.startIndex, child.startIndex + 80))?.[1];
      if (name) keys.set(identifierWords(name), '');
    }
  }
  return keys;
}
