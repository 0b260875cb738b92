import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Span } from '../finding.ts';
import type { SettingStyle } from '../language/languageTable.ts';
import type { Grammar } from '../syntax/createSyntax.ts';
import { readSettingText } from './readSettingText.ts';
import type { Setting, SettingEntry, SettingMap } from './setting.ts';

type Tree = InstanceType<typeof TreeSitter.Tree>;
type TreeCursor = InstanceType<typeof TreeSitter.TreeCursor>;

const sourceLength = 80;
/** Deeper is no settings file. */
const deepest = 60;

const spanOf = (cursor: TreeCursor): Span => ({ start: cursor.startIndex, end: cursor.endIndex });

/** Reads the documents of a tree: maps, lists and texts, with their places. */
export function readSettings(source: string, grammar: Grammar, style: SettingStyle, tree: Tree): Setting[] {
  const roleAt = (cursor: TreeCursor) => (cursor.nodeIsNamed ? grammar.roles[cursor.nodeTypeId] : undefined);

  function children<T>(cursor: TreeCursor, read: () => T | undefined): T[] {
    const found: T[] = [];
    if (!cursor.gotoFirstChild()) return found;
    do {
      const one = read();
      if (one !== undefined) found.push(one);
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    return found;
  }

  function readValue(cursor: TreeCursor, depth: number): Setting | undefined {
    if (depth > deepest) return undefined;
    const span = spanOf(cursor);
    switch (roleAt(cursor)) {
      case 'string':
        return readSettingText(source, span, style);
      case 'object':
        return { kind: 'map', span, entries: readEntries(cursor, depth) };
      case 'list':
        return { kind: 'list', span, items: children(cursor, () => readValue(cursor, depth + 1)) };
      case 'transparent':
        return children(cursor, () => readValue(cursor, depth + 1))[0];
      default:
        return undefined;
    }
  }

  function readEntries(cursor: TreeCursor, depth: number): SettingEntry[] {
    return children(cursor, () => {
      const role = roleAt(cursor);
      if (role === 'pair') return readPair(cursor, depth);
      return role === 'section' ? readSection(cursor, depth) : undefined;
    });
  }

  function readPair(cursor: TreeCursor, depth: number): SettingEntry | undefined {
    let key: string | undefined;
    let value: Setting | undefined;
    let start = 0;
    const { endIndex } = cursor;
    children(cursor, () => {
      if (!cursor.nodeIsNamed || roleAt(cursor) === 'comment') return undefined;
      if (key === undefined) {
        key = keyText(source.slice(cursor.startIndex, cursor.endIndex));
        return undefined;
      }
      start = cursor.startIndex;
      value = readValue(cursor, depth + 1);
      return undefined;
    });
    if (key === undefined) return undefined;
    return { key, value, source: start === 0 ? '' : source.slice(start, Math.min(endIndex, start + sourceLength)) };
  }

  /** A header with its pairs is one entry, whose value is a map. */
  function readSection(cursor: TreeCursor, depth: number): SettingEntry | undefined {
    const span = spanOf(cursor);
    const header = /^\[{1,2}([^\]\n]*)\]/.exec(source.slice(span.start, Math.min(span.end, span.start + 200)))?.[1];
    if (header === undefined) return undefined;
    const value: SettingMap = { kind: 'map', span, entries: readEntries(cursor, depth + 1) };
    return { key: header.trim(), value, source: '' };
  }

  const cursor = tree.walk();
  try {
    if (roleAt(cursor) === 'block') return children(cursor, () => readValue(cursor, 0));
    const whole = readValue(cursor, 0);
    return whole ? [whole] : [];
  } finally {
    cursor.delete();
  }
}

const keyText = (raw: string): string => /^(["'])([\s\S]*)\1$/.exec(raw)?.[2] ?? raw;
