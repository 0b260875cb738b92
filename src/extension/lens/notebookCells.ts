import {
  Disposable,
  EventEmitter,
  l10n,
  type NotebookCell,
  NotebookCellStatusBarAlignment,
  NotebookCellStatusBarItem,
  notebooks,
} from 'vscode';
import type { Annotation } from '../analysis/annotation.ts';
import type { DocumentAnalysis } from '../analysis/documentAnalysis.ts';
import { commandIds, notebookTypes } from '../contributions.ts';
import type { Host } from '../host.ts';
import { annotationText, isExchangeable } from './lensText.ts';
import { visibleAnnotations } from './visibleAnnotations.ts';

/** In notebooks the texts stand below the cell, where they move no code. */
export function startNotebookCells(host: Host, analysis: DocumentAnalysis): Disposable {
  const changed = new EventEmitter<void>();
  const provideCellStatusBarItems = (cell: NotebookCell): NotebookCellStatusBarItem[] => {
    const { display, lens } = host.settings.current();
    if (display === 'off' || display === 'hover') return [];
    return visibleAnnotations(analysis.annotations(cell.document), lens).map((annotation) => itemOf(cell, annotation));
  };
  const provider = { onDidChangeCellStatusBarItems: changed.event, provideCellStatusBarItems };
  return Disposable.from(
    changed,
    ...notebookTypes.map((type) => notebooks.registerNotebookCellStatusBarItemProvider(type, provider)),
    host.settings.onDidChange(() => changed.fire()),
    analysis.onDidChange((document) => {
      if (document.uri.scheme === 'vscode-notebook-cell') changed.fire();
    }),
  );
}

function itemOf(cell: NotebookCell, annotation: Annotation): NotebookCellStatusBarItem {
  const item = new NotebookCellStatusBarItem(annotationText(annotation, l10n.t), NotebookCellStatusBarAlignment.Right);
  const place = { uri: cell.document.uri.toString(), offset: annotation.span.start };
  if (annotation.kind === 'model' && isExchangeable(annotation)) {
    item.tooltip = l10n.t('Use an alias for this model, or hide the lenses');
    item.command = { title: l10n.t('Use an alias…'), command: commandIds.useAlias, arguments: [place] };
  } else {
    item.tooltip = l10n.t('Input tokens and cost of the text; what fills the variables comes on top');
    item.command = { title: l10n.t('Hide…'), command: commandIds.hideLenses, arguments: [place] };
  }
  return item;
}
