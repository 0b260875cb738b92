import type TreeSitter from '@vscode/tree-sitter-wasm';
import type { Evidence } from '../evidence.ts';
import type { Finding, Span } from '../finding.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import type { Grammar } from '../syntax/createSyntax.ts';
import { readParsedSource } from '../syntax/parsedSource.ts';
import { JudgedSource } from './judgedSource.ts';
import { applyChange, differenceOf, editOf, movedSpan, type TextChange } from './textEdit.ts';

type Tree = InstanceType<typeof TreeSitter.Tree>;
interface Point {
  readonly row: number;
  readonly column: number;
}

/** The tree of one document with what was judged in it, kept from one version of the text to the next. */
export class KeptSource {
  readonly #models: ModelTextReader;
  #grammar: Grammar | undefined;
  #tree: Tree | undefined;
  /** The text with all edits told of. */
  #text = '';
  /** The tree was parsed from `#text`, and not only moved along with its edits. */
  #isParsed = false;
  #judged: JudgedSource | undefined;
  /** The names that count as models beside the catalogue's when it was judged. */
  #aliases = '';
  #reshaped: Span[] = [];
  #closed = false;

  constructor(models: ModelTextReader) {
    this.#models = models;
  }

  /** @param changes of one event: they do not overlap and are all in offsets of the text before */
  edit(changes: readonly TextChange[]): void {
    // From the end, so that no change moves the offsets of one that is still to come.
    for (const change of changes.toSorted((a, b) => b.start - a.start)) {
      if (!this.#tree) return;
      if (change.start + change.length > this.#text.length) this.clear();
      else this.#apply(change);
    }
  }

  findings(text: string, grammar: Grammar, evidence: Evidence, aliases: ReadonlySet<string>): Finding[] {
    const names = [...aliases].join('\n');
    return this.#withTree(text, grammar, (tree) => {
      if (!this.#judged || this.#aliases !== names || !isSame(this.#judged.evidence, evidence))
        this.#judged = new JudgedSource(this.#models, evidence);
      this.#aliases = names;
      const reshaped = this.#reshaped;
      this.#reshaped = [];
      return this.#judged.findings(readParsedSource(text, grammar, tree), reshaped);
    });
  }

  /** Reads something else from the tree of a text. */
  read<T>(text: string, grammar: Grammar, read: (root: Tree['rootNode']) => T): T {
    return this.#withTree(text, grammar, (tree) => read(tree.rootNode));
  }

  /** Lets go of the tree. The next text starts anew. */
  clear(): void {
    this.#tree?.delete();
    this.#tree = undefined;
    this.#judged = undefined;
    this.#reshaped = [];
    this.#text = '';
  }

  /** From now on nothing is kept: what is still under way ends without leaving a tree behind. */
  close(): void {
    this.#closed = true;
    this.clear();
  }

  #withTree<T>(text: string, grammar: Grammar, use: (tree: Tree) => T): T {
    try {
      return use(this.#treeOf(text, grammar));
    } catch (error) {
      this.clear();
      throw error;
    } finally {
      if (this.#closed) this.clear();
    }
  }

  #treeOf(text: string, grammar: Grammar): Tree {
    if (this.#grammar !== grammar) this.clear();
    this.#grammar = grammar;
    // Whatever was not told of, or told wrongly.
    const missed = this.#tree && differenceOf(this.#text, text);
    if (missed) this.#apply(missed);
    const before = this.#tree;
    if (before && this.#isParsed) return before;
    const tree = grammar.parse(text, before);
    this.#text = text;
    this.#tree = tree;
    this.#isParsed = true;
    if (before) {
      for (const { startIndex, endIndex } of before.getChangedRanges(tree))
        this.#reshaped.push({ start: startIndex, end: endIndex });
      before.delete();
    }
    return tree;
  }

  #apply(change: TextChange): void {
    const edit = editOf(change);
    const startPosition = pointAfter({ row: 0, column: 0 }, this.#text, 0, edit.start);
    this.#tree?.edit({
      startIndex: edit.start,
      oldEndIndex: edit.oldEnd,
      newEndIndex: edit.newEnd,
      startPosition,
      oldEndPosition: pointAfter(startPosition, this.#text, edit.start, edit.oldEnd),
      newEndPosition: pointAfter(startPosition, change.text, 0, change.text.length),
    });
    this.#judged?.edit(edit, this.#text);
    this.#reshaped = this.#reshaped.map((span) => movedSpan(span, edit));
    this.#text = applyChange(this.#text, change);
    this.#isParsed = false;
  }
}

/** Where one is after the text from `start` to `end`, when one was at `from` before it. */
function pointAfter({ row, column }: Point, text: string, start: number, end: number): Point {
  let line = start;
  let rows = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', line)) {
    line = at + 1;
    rows++;
  }
  return rows === 0 ? { row, column: column + end - start } : { row: row + rows, column: end - line };
}

function isSame(a: Evidence, b: Evidence): boolean {
  const other = new Map<string, unknown>(Object.entries(b));
  return Object.entries(a).every(([key, value]) => other.get(key) === value) && other.size === Object.keys(a).length;
}
