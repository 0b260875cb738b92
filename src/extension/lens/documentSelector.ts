import type { DocumentFilter } from 'vscode';
import { promptFileGlob } from '../analysis/documentLanguage.ts';
import { languageIds } from '../contributions.ts';

/** Documents of our languages, and prompt files whatever language the editor takes them for. */
export const documentSelector: readonly DocumentFilter[] = [
  ...languageIds.map((language) => ({ language })),
  { pattern: promptFileGlob },
];
