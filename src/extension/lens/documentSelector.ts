import type { DocumentFilter } from 'vscode';
import { promptFileNames } from '../../detect/promptFile/promptFileNames.ts';
import { sourceNameGlobs } from '../../detect/sourceLanguage.ts';
import { languageIds } from '../contributions.ts';

/** Documents of our languages, and files known by their name whatever language the editor takes them for. */
export const documentSelector: readonly DocumentFilter[] = [
  ...languageIds.map((language) => ({ language })),
  ...[...promptFileNames.map(({ glob }) => glob), ...sourceNameGlobs].map((pattern) => ({ pattern })),
];
