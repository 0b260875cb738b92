import type { LanguageTable } from './language/languageTable.ts';
import { languageTableOf } from './language/tables.ts';
import type { PromptFileKind } from './promptFile/detectInPromptFile.ts';

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

const promptFiles: readonly (readonly [RegExp, PromptFileKind])[] = [
  [/\.prompty$/i, 'prompty'],
  [/\.prompt\.md$/i, 'markdown'],
  [/\.prompt$/i, 'dotprompt'],
];

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
  const promptFile = promptFiles.find(([name]) => name.test(path));
  if (promptFile) return { kind: 'promptFile', format: promptFile[1] };
  if (languageId === 'jsonl' || /\.jsonl$/i.test(path)) return { kind: 'requestLines' };
  if (languageId === 'prompt') return { kind: 'promptFile', format: 'dotprompt' };
  if (proseLanguages.has(languageId)) return { kind: 'nothing' };
  const table = languageTableOf(languageId);
  if (!table || text.length > mostCharacters || hasLongLine(text)) return { kind: 'patterns' };
  return { kind: 'syntax', table };
}
