import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Span, StaticPart } from '../finding.ts';
import type { Grammar } from './createSyntax.ts';
import { decode, dedent } from './decode.ts';

type Node = InstanceType<typeof TreeSitter.Node>;

/** A literal expression: one literal, or several joined by the language or by `+`. */
export interface Literal {
  readonly span: Span;
  readonly parts: readonly StaticPart[];
  readonly holes: readonly Span[];
  /** Set where the expression is one literal without interpolation: its content without quotes. */
  readonly content?: Span;
  /** Decoded static text. */
  readonly text: string;
  /** Bytes, not text: `b"…"`. */
  readonly bytes: boolean;
}

interface Pieces {
  readonly parts: StaticPart[];
  readonly holes: Span[];
  literals: number;
  bytes: boolean;
}

const spanOf = (node: Node): Span => ({ start: node.startIndex, end: node.endIndex });

function addPart(pieces: Pieces, source: string, span: Span, opening: string, grammar: Grammar): void {
  if (span.start >= span.end) return;
  const text = decode(source.slice(span.start, span.end), opening, grammar.table.escapes);
  pieces.parts.push({ span, text });
}

/** Static parts are what lies between the opening, the holes and the closing. */
function addLiteral(pieces: Pieces, node: Node, source: string, grammar: Grammar): void {
  pieces.literals++;
  const first = node.firstChild;
  const last = node.lastChild;
  // A literal cut off by a syntax error has no closing child.
  if (!first || !last || node.childCount < 2) return;
  const tag = tagBefore(node, source);
  const opening = tag + source.slice(first.startIndex, first.endIndex);
  if (/^[rR]?[bB]/.test(opening)) pieces.bytes = true;
  let from = first.endIndex;
  for (const child of node.namedChildren) {
    if (!child || grammar.roles[child.typeId] !== 'hole') continue;
    addPart(pieces, source, { start: from, end: child.startIndex }, opening, grammar);
    pieces.holes.push(spanOf(child));
    from = child.endIndex;
  }
  addPart(pieces, source, { start: from, end: Math.max(from, last.startIndex) }, opening, grammar);
}

/** `String.raw` of a tagged template. */
function tagBefore(node: Node, source: string): string {
  return source.slice(Math.max(0, node.startIndex - 10), node.startIndex) === 'String.raw' ? 'raw' : '';
}

function addExpression(pieces: Pieces, node: Node, source: string, grammar: Grammar): void {
  const role = grammar.roles[node.typeId];
  if (role === 'string') addLiteral(pieces, node, source, grammar);
  else if (role === 'comment') return;
  else if (role === 'juxtaposed' || role === 'binary' || isParenthesized(node, source, grammar)) {
    for (const child of node.namedChildren) if (child) addExpression(pieces, child, source, grammar);
  } else pieces.holes.push(spanOf(node));
}

/** Parentheses around a part of a chain. */
function isParenthesized(node: Node, source: string, grammar: Grammar): boolean {
  return grammar.roles[node.typeId] === 'transparent' && source.charAt(node.startIndex) === '(';
}

/**
 * Reads the literal expression at `span`, which must be the range of a node.
 * @param dedented the text passes through a function that removes common indentation
 */
export function readLiteral(root: Node, grammar: Grammar, source: string, span: Span, dedented: boolean): Literal {
  const pieces: Pieces = { parts: [], holes: [], literals: 0, bytes: false };
  const node = root.descendantForIndex(span.start, span.end);
  if (node) addExpression(pieces, node, source, grammar);
  const parts = dedented ? dedentParts(pieces.parts) : pieces.parts;
  const [only] = parts;
  const single = pieces.literals === 1 && pieces.holes.length === 0 && only;
  return {
    span,
    parts,
    holes: pieces.holes,
    text: parts.map((part) => part.text).join(''),
    bytes: pieces.bytes,
    ...(single ? { content: only.span } : {}),
  };
}

function dedentParts(parts: readonly StaticPart[]): StaticPart[] {
  const texts = dedent(parts.map((part) => part.text));
  return parts.map((part, index) => ({ span: part.span, text: texts[index] ?? part.text }));
}
