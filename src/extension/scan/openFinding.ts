import { NotebookRange, Range, Selection, TextEditorRevealType, Uri, window, workspace } from 'vscode';
import type { FindingNode } from './scanTree.ts';

/** Shows a finding in its file, selected; of a notebook in its cell. */
export async function openFinding({ placed: { path, reported } }: FindingNode): Promise<void> {
  const { start, end, cell } = reported;
  const range = new Range(start.line, start.col, end.line, end.col);
  if (cell === undefined) {
    await window.showTextDocument(Uri.file(path), { selection: range, preview: true });
    return;
  }
  const notebook = await workspace.openNotebookDocument(Uri.file(path));
  if (cell >= notebook.cellCount) return;
  const editor = await window.showNotebookDocument(notebook, {
    selections: [new NotebookRange(cell, cell + 1)],
    preview: true,
  });
  editor.revealRange(new NotebookRange(cell, cell + 1));
  const { document } = notebook.cellAt(cell);
  const inCell = window.visibleTextEditors.find((each) => each.document === document);
  if (!inCell) return;
  inCell.selection = new Selection(range.start, range.end);
  inCell.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}

export function isFindingNode(argument: unknown): argument is FindingNode {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && argument.kind === 'finding';
}
