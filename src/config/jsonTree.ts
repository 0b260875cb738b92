import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ConfigProblem } from './config.ts';
import { configProblems, type Place, type ProblemText } from './errors.ts';

export type Path = readonly (string | number)[];

/** A parsed JSONC text: its tree and what is wrong with its grammar. */
export interface JsonText {
  readonly root: Node | undefined;
  readonly problems: readonly ConfigProblem[];
}

const grammar: Readonly<Record<string, string>> = {
  InvalidSymbol: 'unexpected word',
  InvalidNumberFormat: 'this is no number',
  PropertyNameExpected: 'a key in quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'something stands after the end',
  InvalidCommentToken: 'this comment is not allowed here',
  UnexpectedEndOfComment: 'this comment has no end',
  UnexpectedEndOfString: 'this text has no closing quote',
  UnexpectedEndOfNumber: 'this number is not complete',
  InvalidUnicode: 'this \\u escape is not valid',
  InvalidEscapeCharacter: 'this escape is not valid',
  InvalidCharacter: 'this character is not allowed here',
};

export function placed(text: ProblemText, { start, end }: Place): ConfigProblem {
  return { ...text, start, end };
}

function placeOf(node: Node): Place {
  return { start: node.offset, end: node.offset + node.length };
}

function* properties(node: Node): Iterable<Node> {
  if (node.type === 'property') yield node;
  for (const child of node.children ?? []) yield* properties(child);
}

function duplicates(root: Node): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const seen = new Map<Node | undefined, Set<unknown>>();
  for (const property of properties(root)) {
    const [key] = property.children ?? [];
    if (key === undefined) continue;
    const names = seen.get(property.parent) ?? new Set();
    if (names.has(key.value)) problems.push(placed(configProblems.duplicateKey(String(key.value)), placeOf(key)));
    names.add(key.value);
    seen.set(property.parent, names);
  }
  return problems;
}

function grammarProblem({ error, offset, length }: ParseError, textLength: number): ConfigProblem {
  const name = printParseErrorCode(error);
  const start = Math.min(offset, textLength);
  return placed(configProblems.syntax(grammar[name] ?? name), { start, end: Math.min(offset + length, textLength) });
}

/** The parser is recursive: what is nested deeper than any configuration would end in a full stack. */
const maxDepth = 64;
const maxLength = 4_000_000;

/** Strings and comments, so that their brackets are not counted; brackets. */
const stringsCommentsAndBrackets = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[[\]{}]/g;

function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(stringsCommentsAndBrackets)) {
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    if (depth > maxDepth) return index;
  }
  return undefined;
}

/** Reads JSONC: comments, trailing commas and a byte order mark are allowed. Never throws. */
export function parseJsonText(text: string): JsonText {
  const tooDeep = text.length > maxLength ? 0 : tooDeepAt(text);
  if (tooDeep !== undefined) {
    const place = { start: tooDeep, end: tooDeep + 1 };
    return { root: undefined, problems: [placed(configProblems.syntax('it is nested too deeply or too long'), place)] };
  }
  const errors: ParseError[] = [];
  // jsonc-parser takes the mark for an invalid symbol; a space keeps the offsets
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  const problems = errors.map((error) => grammarProblem(error, text.length));
  if (root?.type !== 'object' && problems.length === 0)
    problems.push(placed(configProblems.notAnObject(), { start: 0, end: text.length }));
  return { root, problems: [...problems, ...(root === undefined ? [] : duplicates(root))] };
}

/** The place of a value; of its nearest parent where it is not there. */
export function placeAt(root: Node, path: Path): Place {
  const node = findNodeAtLocation(root, [...path]);
  if (node !== undefined) return placeOf(node);
  return path.length === 0 ? placeOf(root) : keyPlaceAt(root, path.slice(0, -1));
}

/** The place of the key a value stands under; of the opening bracket where there is none. */
export function keyPlaceAt(root: Node, path: Path): Place {
  const node = findNodeAtLocation(root, [...path]);
  if (node === undefined) return path.length === 0 ? placeOf(root) : keyPlaceAt(root, path.slice(0, -1));
  const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  if (key !== undefined) return placeOf(key);
  return node.type === 'object' || node.type === 'array' ? { start: node.offset, end: node.offset + 1 } : placeOf(node);
}

/** `budgets[0].limitUsd` */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}
