import type { Span, StaticPart } from '../finding.ts';
import { ecmaEscapes } from '../language/ecmaEscapes.ts';
import type { SettingStyle } from '../language/languageTable.ts';
import { readTemplate } from '../promptFile/readTemplate.ts';
import { decode } from '../syntax/decode.ts';
import type { SettingText } from './setting.ts';

/** How the text between the quotes of a scalar becomes its value. */
type Decoder = (piece: string) => string;

interface Shape {
  /** Lengths of what opens and closes the text. */
  readonly opening: number;
  readonly closing: number;
  readonly decoder: Decoder;
}

const escaped: Decoder = (piece) => decode(piece, '"', ecmaEscapes);
const asItIs: Decoder = (piece) => piece.replace(/\r\n?/g, '\n');
/** One line break is a space, each further one a line break. */
const folded: Decoder = (piece) =>
  piece
    .replace(/\r\n?/g, '\n')
    .replace(
      /[ \t]*\n[ \t]*((?:\n[ \t]*)*)/g,
      (_all, more: string) => '\n'.repeat((more.match(/\n/g) ?? []).length) || ' ',
    );

const triple = /^(?:"""|''')\r?\n?/;
const blockHeader = /^[|>][-+\d]*[ \t]*(?:#[^\n]*)?\r?\n/;

function blockShape(raw: string): Shape {
  const header = blockHeader.exec(raw)?.[0] ?? raw;
  const body = raw.slice(header.length);
  const indent = /^[ ]*(?=\S)/m.exec(body)?.[0].length ?? 0;
  // The first line's indentation is left out, the others' removed.
  const lead = (/^[ ]*/.exec(body)?.[0].length ?? 0) >= indent ? indent : 0;
  const margin = new RegExp(`\\n {0,${indent}}`, 'g');
  const unindented: Decoder = (piece) => piece.replace(/\r\n?/g, '\n').replace(margin, '\n');
  const closing = /\s*$/.exec(body)?.[0].length ?? 0;
  return {
    opening: header.length + lead,
    closing,
    decoder: raw.startsWith('>') ? (piece) => folded(unindented(piece)) : unindented,
  };
}

function shapeOf(raw: string, style: SettingStyle): Shape {
  const quotes = style === 'toml' ? triple.exec(raw)?.[0] : undefined;
  if (quotes !== undefined) {
    const isRaw = raw.startsWith("'");
    const trimmedLines: Decoder = (piece) => escaped(piece.replace(/\\[ \t]*\r?\n\s*/g, ''));
    return { opening: quotes.length, closing: 3, decoder: isRaw ? asItIs : trimmedLines };
  }
  if (raw.startsWith('"')) {
    const isFolded = style === 'yaml' && raw.includes('\n');
    const decoder: Decoder = isFolded ? (piece) => escaped(folded(piece.replace(/\\\r?\n[ \t]*/g, ''))) : escaped;
    return { opening: 1, closing: 1, decoder };
  }
  if (raw.startsWith("'") && style !== 'json') {
    const decoder: Decoder = style === 'yaml' ? (piece) => folded(piece.replaceAll("''", "'")) : asItIs;
    return { opening: 1, closing: 1, decoder };
  }
  if (style === 'yaml' && /^[|>]/.test(raw)) return blockShape(raw);
  return { opening: 0, closing: 0, decoder: style === 'yaml' ? folded : asItIs };
}

/** Reads the scalar at `literal`: quotes, escapes, blocks and folded lines as the language has them. */
export function readSettingText(source: string, literal: Span, style: SettingStyle): SettingText {
  const raw = source.slice(literal.start, literal.end);
  const { opening, closing, decoder } = shapeOf(raw, style);
  const start = Math.min(literal.start + opening, literal.end);
  const span = { start, end: Math.max(start, literal.end - closing) };
  const { parts, holes } = readTemplate(source, span, 'template');
  const decoded: StaticPart[] = parts.map((part) => ({
    span: part.span,
    text: decoder(source.slice(part.span.start, part.span.end)),
  }));
  return { kind: 'text', span, literal, text: decoder(source.slice(span.start, span.end)), parts: decoded, holes };
}
