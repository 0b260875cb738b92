import TreeSitter from '@vscode/tree-sitter-wasm';
import { GrammarNotLoaded } from '../errors.ts';
import type { LanguageTable, NodeKind, NodeRole } from '../language/languageTable.ts';

type Parser = InstanceType<typeof TreeSitter.Parser>;
type Tree = InstanceType<typeof TreeSitter.Tree>;

/** A language made ready: its parser, and its table keyed by the grammar's numbers. */
export interface Grammar {
  readonly table: LanguageTable;
  readonly roles: readonly (NodeRole | undefined)[];
  /** The grammar has nodes for the text of literals: what else stands in one is a hole. */
  readonly hasText: boolean;
  /** Per node kind: the field that holds the value, 0 where there is none. */
  readonly valueFields: readonly number[];
  /**
   * The caller deletes the tree.
   * @param before an older tree of the text, told of all edits since: what they did not touch is not parsed again
   */
  parse(text: string, before?: Tree): Tree;
}

export interface SyntaxSource {
  /** Bytes of `tree-sitter-<name>.wasm`. */
  readonly loadGrammar: (name: string) => Promise<Uint8Array>;
  /** Bytes of `tree-sitter.wasm`. */
  readonly loadRuntime: () => Promise<Uint8Array>;
}

export interface Syntax {
  /** Loads the grammar at first need. Rejects with `GrammarNotLoaded` where its bytes cannot be had or are not a grammar. */
  grammar(table: LanguageTable): Promise<Grammar>;
  dispose(): void;
}

/** The runtime takes a text by copies of so many characters at most … */
const charactersAtOnce = 5_119;
/** … and after an edit reads a few here and there. */
const charactersOfEdit = 512;

const roleOf = (kind: NodeRole | NodeKind): NodeRole => (typeof kind === 'string' ? kind : kind.role);

function bind(table: LanguageTable, language: InstanceType<typeof TreeSitter.Language>, parser: Parser): Grammar {
  const roles: (NodeRole | undefined)[] = [];
  const valueFields: number[] = [];
  for (let id = 0; id < language.nodeTypeCount; id++) {
    const type = language.nodeTypeForId(id);
    const kind = type !== null && language.nodeTypeIsNamed(id) ? table.kinds[type] : undefined;
    roles.push(kind && roleOf(kind));
    valueFields.push(typeof kind === 'object' && kind.value ? (language.fieldIdForName(kind.value) ?? 0) : 0);
  }
  return {
    table,
    roles,
    hasText: roles.includes('text'),
    valueFields,
    parse(text, before) {
      const length = before ? charactersOfEdit : charactersAtOnce;
      const tree = parser.parse((index) => text.slice(index, index + length), before);
      if (tree === null) throw new Error(`The ${table.grammar} grammar gave no tree`);
      return tree;
    },
  };
}

/** The tree-sitter runtime with one parser per language, both loaded when first asked for. */
export function createSyntax({ loadGrammar, loadRuntime }: SyntaxSource): Syntax {
  let runtime: Promise<void> | undefined;
  const grammars = new Map<string, Promise<Grammar>>();
  const parsers: Parser[] = [];

  async function startRuntime(): Promise<void> {
    const options = { wasmBinary: await loadRuntime(), locateFile: (file: string) => file };
    await TreeSitter.Parser.init(options);
  }

  async function load(table: LanguageTable): Promise<Grammar> {
    runtime ??= startRuntime();
    // Read and unpacked while the runtime starts.
    const [bytes] = await Promise.all([loadGrammar(table.grammar), runtime]);
    const language = await TreeSitter.Language.load(bytes);
    const parser = new TreeSitter.Parser();
    parsers.push(parser);
    parser.setLanguage(language);
    return bind(table, language, parser);
  }

  return {
    grammar(table) {
      let grammar = grammars.get(table.grammar);
      if (!grammar) {
        grammar = load(table).catch((error: unknown) => {
          throw new GrammarNotLoaded(table.grammar, error);
        });
        grammars.set(table.grammar, grammar);
        // A failed load (file missing during an update) is tried again, not remembered.
        grammar.catch(() => {
          grammars.delete(table.grammar);
          runtime = parsers.length > 0 ? runtime : undefined;
        });
      }
      return grammar;
    },
    dispose() {
      for (const parser of parsers.splice(0)) parser.delete();
      grammars.clear();
    },
  };
}
