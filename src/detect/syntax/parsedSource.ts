import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Span } from '../finding.ts';
import type { LanguageTable } from '../language/languageTable.ts';
import { type Ask, createAsk } from './askSource.ts';
import type { Grammar } from './createSyntax.ts';
import { readContext } from './readContext.ts';
import { type Keys, readKeys } from './readKeys.ts';
import { type Literal, readLiteral, type TextUse } from './readLiteral.ts';
import { literalFrameIndex } from './readOperators.ts';
import type { Context, Step } from './step.ts';
import { type Frame, visitOffsets } from './visitOffsets.ts';

/** A source with its tree. Whoever parses it deletes the tree. */
export interface ParsedSource {
  readonly source: string;
  readonly grammar: Grammar;
  readonly root: InstanceType<typeof TreeSitter.Node>;
  /**
   * Calls `visit` once for each literal expression that one of the offsets lies in.
   * @param isKnown those that start at such an offset need no visit
   */
  visitLiterals(
    offsets: Iterable<number>,
    visit: (literal: Literal, context: Context) => void,
    isKnown: (start: number) => boolean,
  ): void;
  /** Calls `visit` for each name, `a.b` as a whole, that ends at the end of an identifier at one of the offsets, `at`. */
  visitNames(offsets: Iterable<number>, visit: (span: Span, context: Context, at: number) => void): void;
  /** Keys of the object or argument list at a span. */
  keysOf(container: Span): Keys;
  /** Asks about a name in the source as a whole. */
  readonly ask: Ask;
  /** The innermost function around a span, else the file: where a variable assigned there is seen. */
  scopeOf(span: Span): Span;
}

/** A parent is found from the root down, so that a way far out takes time by its square. */
const mostParents = 200;

/** What the methods and functions that a text goes through do with it. */
function textUse(steps: readonly Step[], { textCalls, formats }: LanguageTable): TextUse {
  const names = steps.flatMap((step) => (step.kind === 'method' ? [step.name] : []));
  const call = names.map((name) => textCalls[name]).find((change) => change && change !== 'same') ?? 'same';
  const placeholders = names.map((name) => formats?.[name]).find((style) => style !== undefined);
  return placeholders ? { call, placeholders } : { call };
}

/** Wraps a tree of `source`. */
export function readParsedSource(
  source: string,
  grammar: Grammar,
  tree: InstanceType<typeof TreeSitter.Tree>,
): ParsedSource {
  const root = tree.rootNode;
  const keys = new Map<number, Keys>();
  const { table } = grammar;

  function readExpression(frames: readonly Frame[], at: number, frame: Frame): [Literal, Context] {
    const context = readContext(source, table, frames, at);
    const use = textUse(context.steps, table);
    return [readLiteral(root, grammar, source, { start: frame.start, end: frame.end }, use), context];
  }

  return {
    source,
    grammar,
    root,
    visitLiterals(offsets, visit, isKnown) {
      const visited = new Set<number>();
      visitOffsets(tree, grammar, offsets, (frames) => {
        const top = frames.at(-1);
        if (top?.role === 'comment') return 'done';
        if (top?.role !== 'string' && top?.role !== 'heredoc') return 'descend';
        const at = literalFrameIndex(source, table, frames);
        const frame = frames[at] ?? top;
        // Of a chain the first literal stands for all; literals inside its holes are literals of their own.
        if (!visited.has(frame.start) && !isKnown(frame.start)) {
          visited.add(frame.start);
          visit(...readExpression(frames, at, frame));
        }
        return 'descend';
      });
    },
    visitNames(offsets, visit) {
      visitOffsets(tree, grammar, offsets, (frames, offset) => {
        const top = frames.at(-1);
        if (top?.role === 'comment') return 'done';
        if (top?.role !== 'identifier') return 'descend';
        let at = frames.length - 1;
        while (frames[at - 1]?.role === 'member' && frames[at - 1]?.end === top.end) at--;
        const frame = frames[at] ?? top;
        visit({ start: frame.start, end: frame.end }, readContext(source, table, frames, at), offset);
        return 'done';
      });
    },
    keysOf(container) {
      const known = keys.get(container.start);
      if (known) return known;
      const read = readKeys(root, grammar, source, container);
      keys.set(container.start, read);
      return read;
    },
    ask: createAsk(source),
    scopeOf(span) {
      let node = root.descendantForIndex(span.start, span.end);
      for (let steps = 0; node && steps < mostParents; node = node.parent, steps++) {
        const role = grammar.roles[node.typeId];
        // What a block names is seen outside it.
        if (role === 'function' || (role === 'lambda' && !table.namingCalls))
          return { start: node.startIndex, end: node.endIndex };
      }
      return { start: 0, end: source.length };
    },
  };
}
