import type { Catalog } from '../catalog/catalog.ts';
import type { ModelCall } from './calls/modelCall.ts';
import { mayCallModel, readCalls } from './calls/readCalls.ts';
import { detectByPatterns } from './detectByPatterns.ts';
import { detectInData } from './detectInData.ts';
import { detectInSyntax } from './detectInSyntax.ts';
import { documentKind } from './documentKind.ts';
import { readEvidence, speaksOfLlm } from './evidence.ts';
import type { Detector, Finding, SourceText } from './finding.ts';
import { KeptSource } from './kept/keptSource.ts';
import { movedFinding } from './kept/movedFinding.ts';
import { readFences } from './markdown/readFences.ts';
import { isNestedTooDeep } from './nestedTooDeep.ts';
import { detectInPromptFile } from './promptFile/detectInPromptFile.ts';
import { detectInRequestLines } from './promptFile/detectInRequestLines.ts';
import { createModelTextReader } from './rules/modelText.ts';
import { createSyntax, type SyntaxSource } from './syntax/createSyntax.ts';

export interface DetectorDeps extends SyntaxSource {
  readonly catalog: Catalog;
  /** Names of the aliases declared for the workspace; asked at each detection. */
  readonly aliases?: () => ReadonlySet<string>;
}

const noAliases: ReadonlySet<string> = new Set();

/**
 * Makes the detector. Grammars are loaded at first need; a source without a word about LLMs costs two regular
 * expressions and no parse. `detect` rejects with `GrammarNotLoaded` where a grammar cannot be loaded.
 */
export function createDetector({
  catalog,
  aliases = () => noAliases,
  loadGrammar,
  loadRuntime,
}: DetectorDeps): Detector {
  const syntax = createSyntax({ loadGrammar, loadRuntime });
  const models = createModelTextReader(catalog, aliases);
  const tracked = new Set<KeptSource>();

  async function detect({ languageId, path, text, aboutLlm }: SourceText, kept?: KeptSource): Promise<Finding[]> {
    const document = documentKind(languageId, path, text);
    if (document.kind !== 'syntax') kept?.clear();
    switch (document.kind) {
      case 'nothing':
        return [];
      case 'promptFile':
        return detectInPromptFile(text, document.format, models);
      case 'requestLines':
        return detectInRequestLines(text, models);
      case 'settings':
      case 'settingLines':
      case 'commands':
        return detectInData({ languageId, path, text, ...(aboutLlm ? { aboutLlm } : {}) }, document, syntax, models);
      case 'fences':
        return detectInFences(text, path);
      case 'patterns': {
        const evidence = readEvidence(text, path, aboutLlm);
        return evidence.llm && !evidence.test ? detectByPatterns(text, models) : [];
      }
      case 'syntax': {
        const evidence = kept ? kept.evidence(text, path, aboutLlm) : readEvidence(text, path, aboutLlm);
        if (!evidence.llm && !evidence.prompts) {
          kept?.clearTree();
          return [];
        }
        if (kept ? kept.isNestedTooDeep(text) : isNestedTooDeep(text)) {
          kept?.clearTree();
          return evidence.llm && !evidence.test ? detectByPatterns(text, models) : [];
        }
        const grammar = await syntax.grammar(document.table);
        if (kept) return kept.findings(text, grammar, evidence, aliases());
        return detectInSyntax(text, grammar, models, evidence);
      }
    }
  }

  /** Each code block of a Markdown document by itself; what one imports, the next may use. */
  async function detectInFences(text: string, path: string): Promise<Finding[]> {
    if (!speaksOfLlm(text)) return [];
    const findings: Finding[] = [];
    for (const fence of readFences(text)) {
      const { kind } = documentKind(fence.languageId, '', fence.text);
      if (kind !== 'syntax' && kind !== 'commands') continue;
      const code = { languageId: fence.languageId, path: `${path}:fence`, text: fence.text, aboutLlm: true };
      for (const finding of await detect(code)) findings.push(movedFinding(finding, fence.start));
    }
    return findings;
  }

  async function calls({ languageId, path, text, aboutLlm }: SourceText, kept?: KeptSource): Promise<ModelCall[]> {
    const document = documentKind(languageId, path, text);
    if (document.kind !== 'syntax' || !mayCallModel(text)) return [];
    const evidence = kept ? kept.evidence(text, path, aboutLlm) : readEvidence(text, path, aboutLlm);
    if (!evidence.llm || (kept ? kept.isNestedTooDeep(text) : isNestedTooDeep(text))) return [];
    const grammar = await syntax.grammar(document.table);
    if (kept) return kept.read(text, grammar, (root) => readCalls(root, grammar, text));
    const tree = grammar.parse(text);
    try {
      return readCalls(tree.rootNode, grammar, text);
    } finally {
      tree.delete();
    }
  }

  return {
    detect: (source) => detect(source),
    calls: (source) => calls(source),
    track() {
      const kept = new KeptSource(models);
      tracked.add(kept);
      return {
        edit: (changes) => kept.edit(changes),
        detect: (source) => detect(source, kept),
        calls: (source) => calls(source, kept),
        dispose() {
          kept.close();
          tracked.delete(kept);
        },
      };
    },
    dispose() {
      for (const kept of tracked) kept.close();
      tracked.clear();
      syntax.dispose();
    },
  };
}
