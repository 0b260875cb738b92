import type { TextDocument } from 'vscode';
import type { SourceText } from '../../detect/finding.ts';
import { sourceLanguage } from '../../detect/sourceLanguage.ts';

/** A document as the rooms outside the editor see it; undefined where its language is none of ours. */
export function sourceOf(document: TextDocument): SourceText | undefined {
  const languageId = sourceLanguage(document.uri.path, document.languageId);
  return languageId === undefined ? undefined : { languageId, path: document.uri.path, text: document.getText() };
}
