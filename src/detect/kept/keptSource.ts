import type TreeSitter from '@vscode/tree-sitter-wasm';
import { type Evidence, readEvidence } from '../evidence.ts';
import type { Finding, Span } from '../finding.ts';
import { isNestedTooDeep } from '../nestedTooDeep.ts';
import type { ModelTextReader } from '../rules/modelText.ts';
import type { Grammar } from '../syntax/createSyntax.ts';
import { readParsedSource } from '../syntax/parsedSource.ts';
import { nearby } from './askedSource.ts';
import { DraftText } from './draftText.ts';
import { JudgedSource } from './judgedSource.ts';
import { KeptEvidence } from './keptEvidence.ts';
import { KeptNesting } from './keptNesting.ts';
import { movedSpan, type TextChange } from './textEdit.ts';

type Tree = InstanceType<typeof TreeSitter.Tree>;
/** The tree of one document with what was judged in it, kept from one version of the text to the next. */
export class KeptSource {
  readonly #models: ModelTextReader;
  #grammar: Grammar | undefined;
  #tree: Tree | undefined;
  /** The text with all edits told of; undefined before the first. */
  #text: DraftText | undefined;
  readonly #evidence = new KeptEvidence();
  readonly #nesting = new KeptNesting();
  /** The tree was parsed from the text as it is, and not only moved along with its edits. */
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
      if (!this.#text) return;
      if (change.start + change.length > this.#text.length) this.clear();
      else this.#apply(change);
    }
  }

  /** What the text says about itself as a whole. */
  evidence(text: string, path: string, aboutLlm: boolean | undefined): Evidence {
    if (this.#closed) return readEvidence(text, path, aboutLlm);
    this.#follow(text);
    return this.#evidence.read(text, path, aboutLlm);
  }

  /** Its brackets stand in each other too deep for a tree. */
  isNestedTooDeep(text: string): boolean {
    if (this.#closed) return isNestedTooDeep(text);
    this.#follow(text);
    return this.#nesting.isTooDeep(text);
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

  /** Lets go of the tree: there is nothing in the text to look for in it. */
  clearTree(): void {
    this.#tree?.delete();
    this.#tree = undefined;
    this.#judged = undefined;
    this.#reshaped = [];
  }

  /** Lets go of all. The next text starts anew. */
  clear(): void {
    this.clearTree();
    this.#evidence.clear();
    this.#nesting.clear();
    this.#text = undefined;
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

  /** Brings what is kept to the text as it is now. */
  #follow(text: string): void {
    // Whatever was not told of, or told wrongly.
    const missed = this.#text?.differenceTo(text);
    if (missed) this.#apply(missed);
    if (this.#text) this.#text.rebase(text);
    else this.#text = new DraftText(text);
  }

  #treeOf(text: string, grammar: Grammar): Tree {
    if (this.#grammar !== grammar) this.clearTree();
    this.#grammar = grammar;
    this.#follow(text);
    const before = this.#tree;
    if (before && this.#isParsed) return before;
    const tree = grammar.parse(text, before);
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
    const draft = this.#text;
    if (!draft) return;
    const { start, length } = change;
    const near = this.#judged && draft.slice(Math.max(0, start - nearby), start + length + nearby);
    const { edit, from, to, newTo } = draft.apply(change);
    this.#tree?.edit({
      startIndex: edit.start,
      oldEndIndex: edit.oldEnd,
      newEndIndex: edit.newEnd,
      startPosition: from,
      oldEndPosition: to,
      newEndPosition: newTo,
    });
    this.#evidence.edit(edit);
    this.#nesting.edit(edit);
    this.#judged?.edit(edit, near ?? '');
    this.#reshaped = this.#reshaped.map((span) => movedSpan(span, edit));
    this.#isParsed = false;
  }
}

function isSame(a: Evidence, b: Evidence): boolean {
  const other = new Map<string, unknown>(Object.entries(b));
  return Object.entries(a).every(([key, value]) => other.get(key) === value) && other.size === Object.keys(a).length;
}
