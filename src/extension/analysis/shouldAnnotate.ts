import { languages, RelativePattern, type TextDocument, workspace } from 'vscode';
import { sourceLanguage } from '../../detect/sourceLanguage.ts';
import type { Settings } from '../settings.ts';

/** Schemes of documents that are the user's own even outside a workspace folder. */
const ownSchemes = new Set(['file', 'untitled', 'vscode-notebook-cell']);

/**
 * Whether a document is looked at at all: its language, its size, the exclude globs, and whether it is the user's
 * (not the old side of a diff, not an output channel). Asked by every surface, so that all obey the same settings.
 */
export function shouldAnnotate(document: TextDocument, settings: Settings): boolean {
  if (sourceLanguage(document.uri.path, document.languageId) === undefined) return false;
  const folder = workspace.getWorkspaceFolder(document.uri);
  if (!folder && !ownSchemes.has(document.uri.scheme)) return false;
  if (characters(document) > settings.lens.maximumCharacters) return false;
  return !settings.exclude.some((glob) => {
    const pattern = folder ? new RelativePattern(folder, glob) : glob;
    return languages.match({ pattern }, document) > 0;
  });
}

/** The length of a document, without making its text. */
function characters(document: TextDocument): number {
  const last = document.lineAt(document.lineCount - 1);
  return document.offsetAt(last.range.end);
}
