import {
  type DecorationOptions,
  Disposable,
  l10n,
  Range,
  type TextDocument,
  type TextEditor,
  ThemeColor,
  window,
} from 'vscode';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import type { Host } from '../host.ts';
import { endOfLineTexts } from './endOfLineTexts.ts';
import { visibleAnnotations } from './visibleAnnotations.ts';

/** The same texts in grey after the lines that findings begin in; the lines stay where they are. */
export function startEndOfLine(host: Host, analysis: DocumentAnalysis): Disposable {
  const decoration = window.createTextEditorDecorationType({
    after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2em' },
  });

  const decorationsOf = (document: TextDocument): DecorationOptions[] => {
    const settings = host.settings.current();
    if (settings.display !== 'endOfLine' || document.uri.scheme === 'vscode-notebook-cell') return [];
    const annotations = visibleAnnotations(analysis.annotations(document), settings.lens);
    const lineOf = (offset: number): number => document.positionAt(offset).line;
    return [...endOfLineTexts(annotations, lineOf, l10n.t)].map(([line, contentText]) => {
      const { end } = document.lineAt(line).range;
      return { range: new Range(end, end), renderOptions: { after: { contentText } } };
    });
  };
  const decorate = (editor: TextEditor): void => editor.setDecorations(decoration, decorationsOf(editor.document));
  const decorateAll = (): void => window.visibleTextEditors.forEach(decorate);

  decorateAll();
  return Disposable.from(
    decoration,
    host.settings.onDidChange(decorateAll),
    window.onDidChangeVisibleTextEditors(decorateAll),
    analysis.onDidChange((document) =>
      window.visibleTextEditors.filter((editor) => editor.document === document).forEach(decorate),
    ),
  );
}
