import { NotebookCellKind, type TextDocument, workspace } from 'vscode';

/** The other code cells of the notebook that a document is a cell of; none for other documents. */
export function otherCells(document: TextDocument): TextDocument[] {
  if (document.uri.scheme !== 'vscode-notebook-cell') return [];
  const cells = workspace.notebookDocuments
    .map((notebook) => notebook.getCells())
    .find((all) => all.some((cell) => cell.document === document));
  const code = (cells ?? []).filter(({ kind }) => kind === NotebookCellKind.Code);
  return code.map((cell) => cell.document).filter((other) => other !== document);
}
