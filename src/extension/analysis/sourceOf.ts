import type { TextDocument } from 'vscode';
import { cellLanguage } from '../../detect/cellLanguage.ts';
import type { SourceText } from '../../detect/finding.ts';
import { sourceLanguage } from '../../detect/sourceLanguage.ts';

/** A document as the rooms outside the editor see it; undefined where its language is none of ours. */
export function sourceOf(document: TextDocument): SourceText | undefined {
  const { path, scheme } = document.uri;
  const text = document.getText();
  const isCell = scheme === 'vscode-notebook-cell';
  const languageId = sourceLanguage(path, isCell ? cellLanguage(text, document.languageId) : document.languageId);
  return languageId === undefined ? undefined : { languageId, path, text };
}
