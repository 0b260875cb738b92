import type { LanguageTable, SettingStyle } from './language/languageTable.ts';
import { languageTableOf } from './language/tables.ts';
import { isDocumentation } from './markdown/readFences.ts';
import type { PromptFileKind } from './promptFile/promptFileKinds.ts';
import { promptFileFormat } from './promptFile/promptFileNames.ts';
import { mayHoldSettings } from './settings/settingFormats.ts';

/** How a document is read. */
export type DocumentKind =
  | { readonly kind: 'syntax'; readonly table: LanguageTable }
  /** Data: read by key path. */
  | { readonly kind: 'settings'; readonly table: LanguageTable; readonly style: SettingStyle }
  /** A script of commands. */
  | { readonly kind: 'commands'; readonly table: LanguageTable }
  /** Settings of one line each. */
  | { readonly kind: 'settingLines' }
  | { readonly kind: 'promptFile'; readonly format: PromptFileKind }
  | { readonly kind: 'requestLines' }
  /** Prose with code in it: the code is read. */
  | { readonly kind: 'fences' }
  /** No table, or too much of it for a tree: strict patterns only. */
  | { readonly kind: 'patterns' }
  | { readonly kind: 'nothing' };

/** Above this many characters, or with a longer line, a source is generated or data: no tree is made of it. */
export const mostCharacters = 1_000_000;
const longestLine = 10_000;

const lineLanguages = new Set(['dotenv', 'properties', 'ini', 'dockerfile']);
/** Prose: a model named there is talked about. */
const proseLanguages = new Set(['plaintext', 'restructuredtext', 'latex', 'html', 'log', 'diff', 'csv']);

function hasLongLine(text: string): boolean {
  // From the farthest place where the line may end, backwards: a few steps for each ten thousand characters.
  for (let start = 0; start + longestLine < text.length; ) {
    const end = text.lastIndexOf('\n', start + longestLine);
    if (end < start) return true;
    start = end + 1;
  }
  return false;
}

/** Files as text in a source, as in a test of images: one word, however long, is no sign that the rest is generated. */
const encodedData = /[\w+/=]{2000,}/g;

const isGenerated = (text: string): boolean => hasLongLine(text) && hasLongLine(text.replace(encodedData, ''));

/** Settings that long are data of a program. */
const mostSettings = 400_000;
const nothing: DocumentKind = { kind: 'nothing' };

function settingsKind(table: LanguageTable, style: SettingStyle, path: string, text: string): DocumentKind {
  return text.length > mostSettings || !mayHoldSettings(path, text) ? nothing : { kind: 'settings', table, style };
}

/** A prompt file is known by its name, whatever language the editor takes it for. */
export function documentKind(languageId: string, path: string, text: string): DocumentKind {
  const format = promptFileFormat(path) ?? (languageId === 'jsonl' ? 'requestLines' : undefined);
  if (format) return format === 'requestLines' ? { kind: 'requestLines' } : { kind: 'promptFile', format };
  if (languageId === 'prompt') return { kind: 'promptFile', format: 'dotprompt' };
  if (languageId === 'markdown') return isDocumentation(path) ? nothing : { kind: 'fences' };
  if (proseLanguages.has(languageId)) return nothing;
  if (lineLanguages.has(languageId)) return mayHoldSettings(path, text) ? { kind: 'settingLines' } : nothing;
  const table = languageTableOf(languageId);
  if (table?.settings) return settingsKind(table, table.settings, path, text);
  if (!table || text.length > mostCharacters || isGenerated(text)) return { kind: 'patterns' };
  return { kind: table.commands ? 'commands' : 'syntax', table };
}
