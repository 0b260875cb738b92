import type TreeSitter from '@vscode/tree-sitter-wasm';
import { calleeSegments } from '../rules/candidate.ts';
import type { Grammar } from '../syntax/createSyntax.ts';
import { calleeName } from '../syntax/sourceNames.ts';
import type { ModelCall } from './modelCall.ts';
import { readArguments } from './readArguments.ts';
import { readSurroundings } from './readSurroundings.ts';
import { apiOf, calleeSearch } from './requestCallees.ts';

type Node = InstanceType<typeof TreeSitter.Node>;

/** A name in the source may be one of such a callee: without one, nothing needs to be parsed. */
export function mayCallModel(source: string): boolean {
  return source.search(calleeSearch) >= 0;
}

/** The calls of a source that ask a model or hand in a batch, in document order. */
export function readCalls(root: Node, grammar: Grammar, source: string): ModelCall[] {
  const calls: ModelCall[] = [];
  for (const match of source.matchAll(calleeSearch)) {
    const call = readCall(root, grammar, source, match.index);
    if (call) calls.push(call);
  }
  return calls;
}

/** @param at where the last name of the callee begins */
function readCall(root: Node, grammar: Grammar, source: string, at: number): ModelCall | undefined {
  const name = root.descendantForIndex(at, at);
  const found = name && callAround(name, grammar);
  if (!found) return undefined;
  const { call, list } = found;
  const callee = calleeSegments(calleeName(source.slice(call.startIndex, list.startIndex))).join('.');
  const api = apiOf(callee, source);
  // `client.chat()` is a step on the way to a call.
  if (api === undefined || (list.namedChildCount === 0 && callee.endsWith('.chat'))) return undefined;
  return {
    api,
    callee,
    span: { start: call.startIndex, end: call.endIndex },
    name: { start: name.startIndex, end: name.endIndex },
    arguments: { start: list.startIndex, end: list.endIndex },
    ...readArguments(list, grammar, source),
    ...readSurroundings(call, grammar, source),
  };
}

/** The call that a name ends the callee of. */
function callAround(name: Node, grammar: Grammar): { readonly call: Node; readonly list: Node } | undefined {
  for (let node: Node | null = name, depth = 0; node && depth < 6; node = node.parent, depth++) {
    const role = grammar.roles[node.typeId];
    if (role === 'comment' || role === 'string' || role === 'arguments') return undefined;
    if (role !== 'call') continue;
    const list = argumentsOf(node, grammar, name.endIndex);
    return list && { call: node, list };
  }
  return undefined;
}

/** The argument list directly behind the name; Kotlin keeps it one node deeper. */
function argumentsOf(call: Node, grammar: Grammar, after: number): Node | undefined {
  const behind = call.namedChildren.filter((child): child is Node => child !== null && child.startIndex >= after);
  for (const child of behind) {
    if (grammar.roles[child.typeId] === 'arguments') return child;
    const inner = child.namedChildren.find((each) => each && grammar.roles[each.typeId] === 'arguments');
    if (inner) return inner;
  }
  return undefined;
}
