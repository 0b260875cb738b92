import type { LanguageTable } from './language/languageTable.ts';
import { languageTableOf } from './language/tables.ts';
import type { PromptFileKind } from './promptFile/detectInPromptFile.ts';
import { promptFileFormat } from './promptFile/promptFileNames.ts';

/** How a document is read. */
export type DocumentKind =
  | { readonly kind: 'syntax'; readonly table: LanguageTable }
  | { readonly kind: 'promptFile'; readonly format: PromptFileKind }
  | { readonly kind: 'requestLines' }
  /** No table, or too much of it for a tree: strict patterns only. */
  | { readonly kind: 'patterns' }
  | { readonly kind: 'nothing' };

/** Above this many characters, or with a longer line, a source is generated or data: no tree is made of it. */
export const mostCharacters = 1_000_000;
const longestLine = 10_000;

/** Prose: a model named there is talked about. */
const proseLanguages = new Set(['markdown', 'plaintext', 'restructuredtext', 'latex', 'html', 'log', 'diff', 'csv']);

function hasLongLine(text: string): boolean {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    if ((end < 0 ? text.length : end) - start > longestLine) return true;
    if (end < 0) return false;
    start = end + 1;
  }
  return false;
}

/** A prompt file is known by its name, whatever language the editor takes it for. */
export function documentKind(languageId: string, path: string, text: string): DocumentKind {
  const format = promptFileFormat(path) ?? (languageId === 'jsonl' ? 'requestLines' : undefined);
  if (format) return format === 'requestLines' ? { kind: 'requestLines' } : { kind: 'promptFile', format };
  if (languageId === 'prompt') return { kind: 'promptFile', format: 'dotprompt' };
  if (proseLanguages.has(languageId)) return { kind: 'nothing' };
  const table = languageTableOf(languageId);
  if (!table || text.length > mostCharacters || hasLongLine(text)) return { kind: 'patterns' };
  return { kind: 'syntax', table };
}
