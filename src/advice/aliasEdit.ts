import type { ModelMention, SourceText, Span } from '../detect/finding.ts';

/** A replacement in a source text; `span` of length zero inserts. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/** Edits of one file, in order, none overlapping. They belong into one undoable step. */
export interface FileEdit {
  readonly path: string;
  readonly edits: readonly TextEdit[];
}

/** The generated module, as the file to edit sees it. */
export interface MapModule {
  /** Path of the module, written like `source.path`: both relative to the same folder, or both absolute. */
  readonly path: string;
  /** Member of `models` that stands for the alias: `cheap`, `cheapFast`. */
  readonly member: string;
  /** Python only: the file is in a package together with the map, so the import must be relative. */
  readonly inPackage?: boolean;
}

export type AliasEditRequest = {
  readonly source: SourceText;
  /** Mentions of `source` to replace: one, or all of a model in this file. */
  readonly mentions: readonly ModelMention[];
  readonly alias: string;
} & ({ readonly mode: 'portable'; readonly map: MapModule } | { readonly mode: 'bare' });

export type AliasEdit =
  | { readonly kind: 'edit'; readonly files: readonly FileEdit[] }
  | { readonly kind: 'refused'; readonly reason: AliasEditRefusal };

export type AliasEditRefusal =
  /** No language with a model map, such as a prompt file: only the bare alias fits. */
  | 'noModelMap'
  /** A place that takes a literal only: front matter, JSON. */
  | 'literalOnly'
  | 'nothingToReplace';
