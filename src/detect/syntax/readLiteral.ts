import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Span, StaticPart } from '../finding.ts';
import type { LanguageTable, PlaceholderStyle, TextCall } from '../language/languageTable.ts';
import type { Grammar } from './createSyntax.ts';
import { decode, dedent, trimLayout, unindentBlock } from './decode.ts';
import { cutPlaceholders } from './placeholders.ts';

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
  /** The name that the text is joined to: `systemPrompt` of `systemPrompt + "…"`. */
  readonly follows?: string;
  /** Bytes, not text: `b"…"`. */
  readonly bytes: boolean;
}

/** What becomes of a text before it is used. */
export interface TextUse {
  readonly call: TextCall;
  readonly placeholders?: PlaceholderStyle;
}

interface Pieces {
  readonly parts: StaticPart[];
  readonly holes: Span[];
  readonly use: TextUse;
  literals: number;
  follows: string;
  bytes: boolean;
  /** Where the lines of a heredoc end, which stand behind the expression. */
  end: number;
}

/** A literal's opening with its prefix, and the span between the quotes. */
interface Quoted {
  readonly opening: string;
  readonly inner: Span;
}

const spanOf = (node: Node): Span => ({ start: node.startIndex, end: node.endIndex });

/** Undefined for a literal that a syntax error cut off before its content. */
function quotedBy(node: Node, source: string, { table, roles }: Grammar): Quoted | undefined {
  const text = source.slice(node.startIndex, node.endIndex);
  if (!table.opening) {
    const first = node.firstChild;
    const last = node.lastChild;
    if (first && roles[first.typeId] === 'text' && first.startIndex === node.startIndex)
      return { opening: '', inner: spanOf(node) };
    if (!first || !last || node.childCount < 2) return undefined;
    const opening = tagBefore(node, source) + source.slice(first.startIndex, first.endIndex);
    return { opening, inner: { start: first.endIndex, end: Math.max(first.endIndex, last.startIndex) } };
  }
  const [opening, quotes] = table.opening.exec(text) ?? [];
  if (opening === undefined || quotes === undefined) return undefined;
  const closing = [...quotes].reverse().join('');
  // What may stand after the closing quotes: `"…"u8`.
  const at = text.lastIndexOf(closing);
  const isClosed = at >= opening.length && /^\w*$/.test(text.slice(at + closing.length));
  const start = node.startIndex + opening.length;
  return { opening, inner: { start, end: isClosed ? node.startIndex + at : node.endIndex } };
}

/** `String.raw` of a tagged template. */
function tagBefore(node: Node, source: string): string {
  return source.slice(Math.max(0, node.startIndex - 10), node.startIndex) === 'String.raw' ? 'raw' : '';
}

/** A literal whose text stands on lines of its own. */
interface Heredoc extends Quoted {
  readonly body: Node;
  /** From the opening to the closing. */
  readonly whole: string;
}

/** `<<~EOS` with its lines further down, or `<<<EOT` with its lines inside. */
function heredocLines(node: Node, source: string, grammar: Grammar): Heredoc | undefined {
  const { roles } = grammar;
  const inside = node.namedChildren.find((child) => child !== null && roles[child.typeId] === 'heredocBody');
  const body = inside ?? (roles[node.typeId] === 'heredoc' ? bodyBelow(node, source, grammar) : undefined);
  if (!body) return undefined;
  const text = source.slice(body.startIndex, body.endIndex);
  const start = body.startIndex + (/^\r?\n/.exec(text)?.[0].length ?? 0);
  // The closing tag on the last line is part of the lines where these stand apart.
  const closing = inside ? '' : (/[ \t]*\w+$/.exec(text)?.[0] ?? '');
  const opening = source.slice(node.startIndex, inside ? body.startIndex : node.endIndex);
  const whole = source.slice(inside ? node.startIndex : body.startIndex, inside ? node.endIndex : body.endIndex);
  return {
    opening,
    inner: { start, end: Math.max(start, body.endIndex - closing.length) },
    body,
    whole: inside ? whole : opening,
  };
}

/** Of several heredocs begun on a line, the lines of each follow in turn. */
function bodyBelow(node: Node, source: string, { roles }: Grammar): Node | undefined {
  const lineStart = source.lastIndexOf('\n', node.startIndex) + 1;
  const earlier = source.slice(lineStart, node.startIndex).match(/<<[~-]?["'`]?[A-Za-z_]/g)?.length ?? 0;
  const below = source.indexOf('\n', node.endIndex);
  let root = node;
  while (root.parent) root = root.parent;
  let body: Node | null = below < 0 ? null : root.descendantForIndex(below, below + 1);
  while (body && roles[body.typeId] !== 'heredocBody') body = body.parent;
  for (let index = 0; body && index < earlier; ) {
    body = body.nextNamedSibling;
    if (body && roles[body.typeId] === 'heredocBody') index++;
  }
  return body ?? undefined;
}

function isHole(node: Node, { roles, hasText }: Grammar): boolean {
  const role = roles[node.typeId];
  return role === 'hole' || (hasText && role !== 'text' && role !== 'heredocBody');
}

/** `{$name}` of PHP: the grammar leaves the braces out. */
function withBraces({ startIndex, endIndex }: Node, source: string): Span {
  const isBraced = source.charAt(startIndex - 1) === '{' && source.charAt(endIndex) === '}';
  return isBraced ? { start: startIndex - 1, end: endIndex + 1 } : { start: startIndex, end: endIndex };
}

/** Static parts are what lies between the opening, the holes and the closing. */
function addLiteral(pieces: Pieces, node: Node, source: string, grammar: Grammar): void {
  const { table } = grammar;
  pieces.literals++;
  const lines = heredocLines(node, source, grammar);
  const quoted = lines ?? quotedBy(node, source, grammar);
  if (!quoted) return;
  const { opening, inner } = quoted;
  if (lines) pieces.end = Math.max(pieces.end, lines.body.endIndex);
  if (/^[rR]?[bB]/.test(opening)) pieces.bytes = true;
  const texts: Span[] = [];
  let from = inner.start;
  const addText = (end: number): void => {
    if (end > from) texts.push(...textsBetween(pieces, source, { start: from, end }, table));
  };
  for (const child of (lines?.body ?? node).namedChildren) {
    if (!child || !isHole(child, grammar)) continue;
    const hole = withBraces(child, source);
    addText(hole.start);
    pieces.holes.push(hole);
    from = hole.end;
  }
  addText(inner.end);
  const raw = texts.map(({ start, end }) => source.slice(start, end));
  const isBlock = table.blocks?.opening.test(opening) && /^[ \t]*\r?\n/.test(source.slice(inner.start, inner.end));
  const isIndented = lines && table.indentedHeredoc?.test(lines.whole);
  const unindented = isIndented ? sameLength(dedent(raw), raw) : raw;
  const laidOut = table.blocks && isBlock ? sameLength(unindentBlock(raw, table.blocks), raw) : unindented;
  for (const [index, span] of texts.entries())
    pieces.parts.push({ span, text: decode(laidOut[index] ?? '', opening, table.escapes) });
}

function textsBetween({ holes, use }: Pieces, source: string, span: Span, { placeholders }: LanguageTable): Span[] {
  const style = use.placeholders ?? placeholders;
  if (!style) return [span];
  const cut = cutPlaceholders(source, span, style);
  holes.push(...cut.filter(({ isHole }) => isHole).map((piece) => piece.span));
  return cut.filter(({ isHole }) => !isHole).map((piece) => piece.span);
}

/** A source with the mark that holds the parts together in it cannot be taken apart again. */
const sameLength = (changed: string[], original: readonly string[]): readonly string[] =>
  changed.length === original.length ? changed : original;

function addExpression(pieces: Pieces, node: Node, source: string, grammar: Grammar): void {
  const role = grammar.roles[node.typeId];
  if (role === 'string' || role === 'heredoc') addLiteral(pieces, node, source, grammar);
  else if (role === 'comment') return;
  else if (role === 'juxtaposed' || role === 'binary' || isParenthesized(node, source, grammar)) {
    for (const child of node.namedChildren) if (child) addExpression(pieces, child, source, grammar);
  } else {
    const receiver = role === 'call' ? textReceiver(node, source, grammar) : undefined;
    if (receiver) addLiteral(pieces, receiver, source, grammar);
    else {
      if (pieces.literals === 0 && (role === 'identifier' || role === 'member'))
        pieces.follows = source.slice(node.startIndex, node.endIndex);
      pieces.holes.push(spanOf(node));
    }
  }
}

/** The literal of `"…".to_string()`. */
function textReceiver(call: Node, source: string, { roles, table }: Grammar): Node | undefined {
  let node = call.firstNamedChild;
  while (node && roles[node.typeId] === 'member') node = node.firstNamedChild;
  if (!node || roles[node.typeId] !== 'string') return undefined;
  const method = /^\s*[?.]*(\w+)\s*\(/.exec(source.slice(node.endIndex, Math.min(call.endIndex, node.endIndex + 60)));
  return method?.[1] !== undefined && table.textMethods.has(method[1]) ? node : undefined;
}

/** Parentheses around a part of a chain, or the sign that adds a text to a block, which the grammar joins with the next. */
function isParenthesized(node: Node, source: string, grammar: Grammar): boolean {
  return grammar.roles[node.typeId] === 'transparent' && /[(+]/.test(source.charAt(node.startIndex));
}

/**
 * Reads the literal expression at `span`, which must be the range of a node.
 * @param use what becomes of the text before it is used
 */
export function readLiteral(root: Node, grammar: Grammar, source: string, span: Span, use: TextUse): Literal {
  const pieces: Pieces = { parts: [], holes: [], use, literals: 0, follows: '', bytes: false, end: 0 };
  const inner = root.descendantForIndex(span.start, span.end);
  // A word of `%w[…]` is all text.
  const node = inner && grammar.roles[inner.typeId] === 'text' ? inner.parent : inner;
  if (node) addExpression(pieces, node, source, grammar);
  const parts = withoutLayout(pieces.parts, use.call);
  const [only] = parts;
  const single = pieces.literals === 1 && pieces.holes.length === 0 && parts.length === 1 && only;
  return {
    span: { start: span.start, end: Math.max(span.end, pieces.end) },
    parts,
    holes: pieces.holes.toSorted((a, b) => a.start - b.start),
    text: parts.map((part) => part.text).join(''),
    bytes: pieces.bytes,
    ...(pieces.follows === '' ? {} : { follows: pieces.follows }),
    ...(single ? { content: only.span } : {}),
  };
}

function withoutLayout(parts: readonly StaticPart[], call: TextCall): readonly StaticPart[] {
  if (call === 'same') return parts;
  const texts = parts.map((part) => part.text);
  const changed = sameLength(call === 'dedent' ? dedent(texts) : trimLayout(texts, call), texts);
  return parts.map((part, index) => ({ span: part.span, text: changed[index] ?? part.text }));
}
