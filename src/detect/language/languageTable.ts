/**
 * What a node of a grammar is to us. The engine knows these words only; a language is a table from its grammar's
 * node kinds to them.
 */
export type NodeRole =
  /** A string literal, with or without interpolations. */
  | 'string'
  /** An interpolation inside a literal. */
  | 'hole'
  /** Literals side by side that the language joins. */
  | 'juxtaposed'
  /** An expression with an operator; which one is read from the source. */
  | 'binary'
  | 'comparison'
  | 'ternary'
  | 'comment'
  | 'call'
  | 'arguments'
  /** `name=value` of a call. */
  | 'keyword'
  /** `key: value` of a map or object literal. */
  | 'pair'
  | 'object'
  /** A header with the pairs under it: a table of TOML. */
  | 'section'
  | 'list'
  /** A value given to a variable, field or property. */
  | 'assignment'
  /** A parameter with its default. */
  | 'parameter'
  | 'return'
  /** An anonymous function: what its body yields goes where the function goes. */
  | 'lambda'
  | 'function'
  | 'class'
  /** `object.name`, the callee or receiver of a call. */
  | 'member'
  | 'subscript'
  | 'case'
  | 'loop'
  | 'assertion'
  | 'raise'
  | 'type'
  | 'enum'
  | 'import'
  | 'decorator'
  /** An expression as a statement: a literal there is documentation. */
  | 'statement'
  /** A sequence of statements: nothing inside flows out of it but by `return`. */
  | 'block'
  | 'element'
  | 'elementTag'
  | 'elementText'
  | 'attribute'
  /** A name, looked at for enum and constant references. */
  | 'identifier'
  /** Parentheses, `await`, casts: the value goes through. */
  | 'transparent';

export interface NodeKind {
  readonly role: NodeRole;
  /** The field whose child is the value; a literal elsewhere in the node is its key, name or target. */
  readonly value?: string;
}

/** How the values of a language of data are written; see `readSettingText.ts`. */
export type SettingStyle = 'json' | 'yaml' | 'toml';

/** How source text of a literal becomes its value; see `decode.ts`. */
export type EscapeStyle = 'python' | 'ecma';

/** One language. To add one, write a table and put it into `tables.ts`. */
export interface LanguageTable {
  /** VS Code language ids. */
  readonly languageIds: readonly string[];
  /** Name of the grammar: `tree-sitter-<grammar>.wasm`. */
  readonly grammar: string;
  readonly kinds: Readonly<Record<string, NodeRole | NodeKind>>;
  readonly escapes: EscapeStyle;
  /** Characters that open a string literal. */
  readonly quotes: string;
  /** Methods that hand their receiver's text on: `"…".strip()`. */
  readonly textMethods: ReadonlySet<string>;
  /** Callees that hand their argument's text on, `dedent("…")`; `dedent` among the values removes common indentation. */
  readonly textCalls: Readonly<Record<string, 'same' | 'dedent'>>;
  /** Headers of classes whose documentation is sent to the model. */
  readonly sentClasses?: RegExp;
  /** Callees that take LLM input in this language alone, beside those of `promptWords.ts`; names in `snake_case`. */
  readonly promptCallees?: RegExp;
  /** Data and not code: read by key path, see `settings/`. */
  readonly settings?: SettingStyle;
}
