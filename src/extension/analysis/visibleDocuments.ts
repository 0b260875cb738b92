import { type TextDocument, window } from 'vscode';

/** Documents of text editors and the code cells of notebooks that are on screen. */
export function visibleDocuments(): Set<TextDocument> {
  const cells = window.visibleNotebookEditors.flatMap(({ notebook }) => notebook.getCells());
  return new Set([...window.visibleTextEditors, ...cells].map(({ document }) => document));
}
