import type { DocumentKind } from './documentKind.ts';
import { type Evidence, readEvidence } from './evidence.ts';
import type { Finding, SourceText } from './finding.ts';
import type { LanguageTable, SettingStyle } from './language/languageTable.ts';
import { json } from './language/settings.ts';
import { isNestedTooDeep } from './nestedTooDeep.ts';
import type { ModelTextReader } from './rules/modelText.ts';
import { detectInSettings } from './settings/detectInSettings.ts';
import { readSettingLines } from './settings/readSettingLines.ts';
import { readSettings } from './settings/readSettings.ts';
import type { Setting } from './settings/setting.ts';
import { formatsOf } from './settings/settingFormats.ts';
import { detectInShell } from './shell/detectInShell.ts';
import { readShell } from './shell/readShell.ts';
import type { Grammar, Syntax } from './syntax/createSyntax.ts';

export type DataKind = Extract<DocumentKind, { kind: 'settings' | 'settingLines' | 'commands' }>;

function settingsOf(text: string, grammar: Grammar, style: SettingStyle): Setting[] {
  const tree = grammar.parse(text);
  try {
    return readSettings(text, grammar, style, tree);
  } finally {
    tree.delete();
  }
}

/** Findings of settings files and of scripts of commands. */
export async function detectInData(
  { text, path, aboutLlm }: SourceText,
  document: DataKind,
  syntax: Syntax,
  models: ModelTextReader,
): Promise<Finding[]> {
  const evidence = readEvidence(text, path, aboutLlm);
  switch (document.kind) {
    case 'settings': {
      if (!mayFind(evidence, path, text) || isNestedTooDeep(text)) return [];
      const { table, style } = document;
      const settings = settingsOf(text, await syntax.grammar(table), style);
      return detectInSettings({ source: text, path, settings, evidence, table }, models);
    }
    case 'settingLines':
      if (!evidence.llm) return [];
      return detectInSettings({ source: text, path, settings: readSettingLines(text), evidence, table: json }, models);
    case 'commands':
      return evidence.llm ? detectInCommands(text, path, evidence, document.table, syntax, models) : [];
  }
}

async function detectInCommands(
  text: string,
  path: string,
  evidence: Evidence,
  table: LanguageTable,
  syntax: Syntax,
  models: ModelTextReader,
): Promise<Finding[]> {
  const [grammar, jsonGrammar] = await Promise.all([syntax.grammar(table), syntax.grammar(json)]);
  const tree = grammar.parse(text);
  try {
    const script = readShell(tree.rootNode, grammar, text);
    const readJson = (source: string): Setting[] => settingsOf(source, jsonGrammar, 'json');
    return detectInShell({ document: { source: text, path, evidence, table }, script, readJson }, models);
  } finally {
    tree.delete();
  }
}

/** A settings file is worth a tree where it speaks of LLMs, holds prompts by its name, or is of a kind we know. */
function mayFind(evidence: Evidence, path: string, text: string): boolean {
  return evidence.llm || evidence.promptFile || formatsOf(path, text).length > 0;
}
