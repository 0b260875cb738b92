/**
 * What a node of a grammar is to us. The engine knows these words only; a language is a table from its grammar's
 * node kinds to them.
 */
export type NodeRole =
  /** A string literal, with or without interpolations. */
  | 'string'
  /** Begins a literal whose text stands on the lines after it: `<<~EOS` of Ruby. */
  | 'heredoc'
  /** The lines of such a text, or of a literal that has them inside: `<<<EOT` of PHP. */
  | 'heredocBody'
  /**
   * Text of a literal. A grammar that has nodes for it needs none for interpolations: whatever else stands in a
   * literal is one.
   */
  | 'text'
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
  /** `name=value` of a call; where the grammar wraps every argument, one without a name too. */
  | 'keyword'
  /** `key: value` of a map or object literal. One without a key is an entry of a list. */
  | 'pair'
  | 'object'
  /** Braces around pairs, elements or both: `{Model: m}` and `{"a", "b"}` of Go, initialisers of C#. */
  | 'braces'
  /** A type with the braces that fill it: `openai.Request{…}`. */
  | 'construction'
  /** Source that the grammar leaves as tokens between brackets: arguments of a Rust macro. Read as text. */
  | 'tokens'
  /** A header with the pairs under it: a table of TOML. */
  | 'section'
  | 'list'
  /** Values side by side without brackets, each for a name of its own: `a, b = "…", "…"`. */
  | 'values'
  /** A value given to a variable, field or property. */
  | 'assignment'
  /** An assignment that begins with its name: `Model string = "…"`. */
  | 'declaration'
  /** A parameter with its default. */
  | 'parameter'
  /** Parameters with their defaults beside them. */
  | 'parameters'
  | 'return'
  /** An anonymous function: what its body yields goes where the function goes. */
  | 'lambda'
  | 'function'
  | 'class'
  /** `object.name`, the callee or receiver of a call. */
  | 'member'
  | 'subscript'
  | 'case'
  /** `pattern -> value` of a choice: the pattern is compared, the value goes on. */
  | 'arm'
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
  /** A sequence of statements whose last one is its value: the body of a method in Ruby. */
  | 'body'
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

/** How source text of a literal becomes its value. Expressions are tried on the literal's prefix and opening quotes. */
export interface EscapeRules {
  /** One escape sequence with its backslash; global. */
  readonly sequence: RegExp;
  /** What stands after the backslash → value, beside `\n`, `\t` and their like, which are the same everywhere. */
  readonly values?: Readonly<Record<string, string>>;
  /** Openings of literals without escapes. */
  readonly raw?: RegExp;
  /** A backslash of a sequence nobody knows stays. */
  readonly keepsUnknown?: true;
  /** Characters that are written twice to stand for themselves, by opening. */
  readonly doubled?: readonly { readonly opening: RegExp; readonly pair: RegExp }[];
}

/** A literal over several lines whose indentation is not part of it. */
export interface BlockRules {
  /** Openings of such literals. */
  readonly opening: RegExp;
  /** The line break before the closing quotes belongs to the text. */
  readonly keepsLastBreak: boolean;
  /** White space at the ends of lines is removed. */
  readonly trimsLines: boolean;
}

/** Placeholders of a format string: `%s`, `{}` and `{name}`, or `$name`. */
export type PlaceholderStyle = 'percent' | 'braces' | 'dollar';

/**
 * What a function does with the text it is given: nothing; remove common indentation; that and a blank first and last
 * line; these lines and a margin of `|`.
 */
export type TextCall = 'same' | 'dedent' | 'trimIndent' | 'trimMargin';

/** One language. To add one, write a table and put it into `tables.ts`. */
export interface LanguageTable {
  /** VS Code language ids. */
  readonly languageIds: readonly string[];
  /** Name of the grammar in `grammars.json`. */
  readonly grammar: string;
  readonly kinds: Readonly<Record<string, NodeRole | NodeKind>>;
  readonly escapes: EscapeRules;
  /** Characters that open a string literal. */
  readonly quotes: string;
  /**
   * Prefix and opening quotes of a literal, from its start; group 1, read backwards, closes it. Without it the first
   * and the last child of the literal's node are taken.
   */
  readonly opening?: RegExp;
  readonly blocks?: BlockRules;
  /** What else opens a literal, beside a quote. */
  readonly openings?: RegExp;
  /** Openings of literals on lines of their own; what is indented like the closing is not part of the text. */
  readonly indentedHeredoc?: RegExp;
  /** The operator that adds to a list or text: `parts << "…"`. */
  readonly addition?: string;
  /** The operator that joins texts, where it is not `+`. */
  readonly concatenation?: string;
  /** Calls that name the value of their block: `let(:model) { "gpt-4o" }`. */
  readonly namingCalls?: RegExp;
  /** Methods that hand their receiver's text on: `"…".strip()`. */
  readonly textMethods: ReadonlySet<string>;
  /** Callees that hand their argument's text on, `dedent("…")`, or methods of `textMethods` that change it. */
  readonly textCalls: Readonly<Record<string, TextCall>>;
  /** Callees and methods whose text is a format string; its placeholders are holes. */
  readonly formats?: Readonly<Record<string, PlaceholderStyle>>;
  /** Holes of every literal that the grammar takes for text. */
  readonly placeholders?: PlaceholderStyle;
  /** Callees that make a list of their arguments: `listOf`, `vec!`. */
  readonly listCalls?: ReadonlySet<string>;
  /** Last names of callees that only make what the name before says: `SystemMessage.from`, `ChatClient::new`. */
  readonly constructors?: ReadonlySet<string>;
  /** Calls are chained to build a request; what the other links set counts as keys beside. */
  readonly builders?: true;
  /** The last expression of a block is its value. */
  readonly tailValues?: true;
  /** Infix words that make a pair of their sides: `"role" to "user"`. */
  readonly pairOperators?: ReadonlySet<string>;
  /** Annotations whose text is sent to the model; names in `snake_case`. */
  readonly promptAnnotations?: RegExp;
  /** Data and not code: read by key path, see `settings/`. */
  readonly settings?: SettingStyle;
  /** A language of commands: variables, flags and arguments are read, see `shell/`. */
  readonly commands?: true;
  /** Headers of classes whose documentation is sent to the model. */
  readonly sentClasses?: RegExp;
  /** Source before a function whose result is sent to the model, up to the function. */
  readonly askingDecorators?: RegExp;
  /** Callees that take LLM input in this language alone, beside those of `promptWords.ts`; names in `snake_case`. */
  readonly promptCallees?: RegExp;
  /** Likewise callees that choose a model. */
  readonly modelCallees?: RegExp;
}
