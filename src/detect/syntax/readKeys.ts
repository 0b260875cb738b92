import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { Grammar } from './createSyntax.ts';

type Node = InstanceType<typeof TreeSitter.Node>;

/** Names of an object's properties or a call's keyword arguments, with the source of their values (80 characters). */
export type Keys = ReadonlyMap<string, string>;

const valueLength = 80;
/** A list of this many entries is a table of data; its head is enough to tell. */
const mostEntries = 60;

/** Reads the keys of the object or argument list at `span`. */
export function readKeys(root: Node, grammar: Grammar, source: string, span: Span): Keys {
  const keys = new Map<string, string>();
  const container = root.descendantForIndex(span.start, span.end);
  const isObject = container !== null && grammar.roles[container.typeId] === 'object';
  let seen = 0;
  for (let child = container?.firstNamedChild ?? null; child && seen < mostEntries; child = child.nextNamedSibling) {
    seen++;
    const role = grammar.roles[child.typeId];
    if (role === 'pair' || role === 'keyword') {
      const name = child.firstNamedChild;
      if (!name) continue;
      const valueAt = source.slice(name.endIndex, Math.min(child.endIndex, name.endIndex + valueLength));
      keys.set(identifierWords(source.slice(name.startIndex, name.endIndex)), valueAt.replace(/^[\s:=>]+/, ''));
    } else if (role === 'identifier' && isObject) {
      // `{ model, messages }`
      const name = source.slice(child.startIndex, child.endIndex);
      keys.set(identifierWords(name), name);
    } else if (role === 'function') {
      const name = /^\s*(?:async\s+)?([\w$]+)/.exec(source.slice(child.startIndex, child.startIndex + 80))?.[1];
      if (name) keys.set(identifierWords(name), '');
    }
  }
  return keys;
}
