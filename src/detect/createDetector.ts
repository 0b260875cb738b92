import type { Catalog } from '../catalog/catalog.ts';
import { detectInSyntax } from './detectInSyntax.ts';
import { readEvidence } from './evidence.ts';
import type { Detector } from './finding.ts';
import { languageTableOf } from './language/tables.ts';
import { createModelTextReader } from './rules/modelText.ts';
import { createSyntax, type SyntaxSource } from './syntax/createSyntax.ts';

export interface DetectorDeps extends SyntaxSource {
  readonly catalog: Catalog;
  /** Names of the aliases declared for the workspace; asked at each detection. */
  readonly aliases?: () => ReadonlySet<string>;
}

const noAliases: ReadonlySet<string> = new Set();

/** Grammars are loaded at first need; a file without an LLM word costs two regular expressions. */
export function createDetector({
  catalog,
  aliases = () => noAliases,
  loadGrammar,
  loadRuntime,
}: DetectorDeps): Detector {
  const syntax = createSyntax({ loadGrammar, loadRuntime });
  const models = createModelTextReader(catalog, aliases);
  return {
    async detect({ languageId, path, text }) {
      const table = languageTableOf(languageId);
      if (!table) return [];
      const evidence = readEvidence(text, path);
      if (!evidence.llm && !evidence.prompts) return [];
      return detectInSyntax(text, await syntax.grammar(table), models, evidence);
    },
    dispose: () => syntax.dispose(),
  };
}
