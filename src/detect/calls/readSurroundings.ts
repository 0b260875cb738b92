import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Span } from '../finding.ts';
import { identifierWords } from '../identifierWords.ts';
import type { Grammar } from '../syntax/createSyntax.ts';
import { calleeName, functionName, targetBefore } from '../syntax/sourceNames.ts';
import type { EnclosingFunction, EnclosingLoop, ModelCall, OwnRetry } from './modelCall.ts';
import {
  attemptsOf,
  isHandlerHeader,
  isHandlerRegistration,
  isRetryLoop,
  mapCallee,
  retryCallee,
  retryDecorator,
} from './placeWords.ts';

type Node = InstanceType<typeof TreeSitter.Node>;
type Surroundings = Pick<ModelCall, 'loops' | 'owner' | 'inHandler' | 'retry' | 'result'>;

const spanOf = (node: Node): Span => ({ start: node.startIndex, end: node.endIndex });

// Grammars name loops alike, and tables have a role only for those that run over a value.
const loopType =
  /^(?:for|foreach|for_each|enhanced_for|while|until|do|do_while|loop)(?:_(?:in|each|range|of))?(?:_(?:statement|expression|loop))?$/;
/** A parent is found from the root down, so that a way far out takes time by its square; code that people write is less deep. */
const farthest = 200;
const comprehensionType = /comprehension$|^generator_expression$/;

/** Reads what is around a call, from the inside out, up to the function it is in. */
export function readSurroundings(call: Node, grammar: Grammar, source: string): Surroundings {
  const loops: EnclosingLoop[] = [];
  let owner: EnclosingFunction | undefined;
  let wrapper: OwnRetry | undefined;
  let retryLoop: OwnRetry | undefined;
  let registered = false;
  let tried = false;
  const roleIn = (node: Node) => grammar.roles[node.typeId];

  /** False where what is around the lambda is another time: an event, a test, a stored function. */
  function passLambda(lambda: Node): boolean {
    const holder = outerCall(lambda, roleIn);
    if (!holder) return false;
    const { callee, text } = calleeOf(holder, lambda, source);
    if (mapCallee.test(callee)) {
      loops.push({
        kind: 'map',
        span: spanOf(holder),
        header: source.slice(holder.startIndex, lambda.startIndex).slice(0, 300),
      });
      return true;
    }
    if (retryCallee.test(callee)) {
      wrapper = { by: 'wrapper', ...attemptsOf(source.slice(lambda.endIndex, holder.endIndex)) };
      return true;
    }
    registered = isHandlerRegistration(text, source.slice(lambda.startIndex, lambda.startIndex + 120));
    return false;
  }

  for (let child = call, node = call.parent, up = 0; node && up < farthest; child = node, node = node.parent, up++) {
    const role = roleIn(node);
    const { type } = node;
    if (/^(?:try|begin)/.test(type) && /^(?:try|begin)\b/.test(source.slice(node.startIndex, node.startIndex + 6)))
      tried = true;
    else if (comprehensionType.test(type)) {
      const header = source.slice(child.endIndex, node.endIndex).trim();
      if (child.equals(node.firstNamedChild ?? node))
        loops.push({ kind: 'map', span: spanOf(node), header: header.slice(0, 300) });
    } else if (loopType.test(type) || (role === 'loop' && node.childForFieldName('body'))) {
      const loop = readLoop(node, child, source);
      if (loop) {
        loops.push(loop);
        const text = source.slice(node.startIndex, node.endIndex);
        // Without exceptions the header has to say it.
        if ((tried || /attempt|retr(?:y|ies)/i.test(loop.header)) && isRetryLoop(loop.header, text))
          retryLoop ??= { by: 'loop', ...attemptsOf(loop.header) };
      }
    } else if (role === 'function') {
      owner = readFunction(node, child, source);
      break;
    } else if (role === 'lambda') {
      if (passLambda(node)) continue;
      owner = readLambda(node, child, source, roleIn);
      break;
    } else if (role === 'class') break;
  }
  const header = owner?.header ?? '';
  const decorated: OwnRetry | undefined = retryDecorator.test(header)
    ? { by: 'decorator', ...attemptsOf(header) }
    : undefined;
  const retry = wrapper ?? retryLoop ?? decorated;
  return {
    loops,
    ...(owner ? { owner } : {}),
    inHandler: registered || isHandlerHeader(header),
    ...(retry ? { retry } : {}),
    result: readResult(call, source, roleIn),
  };
}

function readLoop(node: Node, child: Node, source: string): EnclosingLoop | undefined {
  const body = node.childForFieldName('body') ?? node.lastNamedChild;
  // In the header the call is made once.
  if (!body || child.endIndex <= body.startIndex) return undefined;
  const header = source.slice(node.startIndex, body.startIndex).slice(0, 300);
  return { kind: loopKind(header), span: spanOf(node), header };
}

function loopKind(header: string): EnclosingLoop['kind'] {
  if (/^\s*(?:while|until|do|loop)\b/.test(header)) return 'while';
  if (
    /\bin\s+(?:x?range\s*\(|[\w.]+\s*(?:\.\.|until\b))|;/.test(header) &&
    !/\blen\(|\.length\b|\.size\b|\.Count\b/.test(header)
  )
    return 'counted';
  return /\b(?:in|of|range|as|each)\b|:|;/.test(header) ? 'over' : 'while';
}

function outerCall(lambda: Node, roleIn: (node: Node) => string | undefined): Node | undefined {
  for (let node = lambda.parent, depth = 0; node && depth < 4; node = node.parent, depth++) {
    const role = roleIn(node);
    if (role === 'call') return node;
    if (role !== undefined && role !== 'arguments' && role !== 'transparent' && role !== 'block') return undefined;
  }
  return undefined;
}

/** The callee before the lambda; `text` is the call up to it. */
function calleeOf(holder: Node, lambda: Node, source: string): { readonly callee: string; readonly text: string } {
  const text = source.slice(holder.startIndex, lambda.startIndex);
  const opening = text.lastIndexOf('(');
  const name = calleeName(opening < 0 ? text : text.slice(0, opening));
  return { callee: identifierWords(name), text: text.slice(-200) };
}

function readFunction(node: Node, child: Node, source: string): EnclosingFunction {
  const outer = /decorated|export/.test(node.parent?.type ?? '') && node.parent ? node.parent : node;
  const frame = { role: 'function' as const, start: node.startIndex, end: node.endIndex, isValue: true };
  const name = identifierWords(functionName(source, frame));
  return { name, span: spanOf(node), header: headerOf(outer, child, source) };
}

function readLambda(
  node: Node,
  child: Node,
  source: string,
  roleIn: (node: Node) => string | undefined,
): EnclosingFunction {
  const holder = node.parent && roleIn(node.parent) === 'assignment' ? node.parent : undefined;
  const name = holder ? identifierWords(targetBefore(source.slice(holder.startIndex, node.startIndex))) : '';
  return { name, span: spanOf(node), header: headerOf(holder ?? node, child, source) };
}

const headerOf = (node: Node, body: Node, source: string): string =>
  source.slice(node.startIndex, body.startIndex).slice(0, 800);

function readResult(call: Node, source: string, roleIn: (node: Node) => string | undefined): ModelCall['result'] {
  for (let child = call, node = call.parent; node; child = node, node = node.parent) {
    const role = roleIn(node);
    if (role === 'transparent' || role === 'values') continue;
    if (role === 'statement') return { kind: 'discarded' };
    if (role === 'assignment' || role === 'declaration')
      return { kind: 'assigned', name: firstTarget(source.slice(node.startIndex, child.startIndex)) };
    // A wrapper without a role of its own, around this alone.
    if (role === undefined && node.namedChildCount === 1) continue;
    break;
  }
  return { kind: 'used' };
}

/** `answer, err := ` → `answer`: what comes after the first is about the call, not of it. */
const firstTarget = (before: string): string => targetBefore(before.replace(/,[^=]*/, ' '));
