import { l10n, window, workspace } from 'vscode';
import type { FileReport } from '../../scan/fileReport.ts';
import { exportRows, toCsv, toJson } from './exportRows.ts';
import { scanErrors } from './scanErrors.ts';

/** Opens the findings as an unsaved document, to be looked at, copied or saved. */
export async function openExport(reports: readonly FileReport[]): Promise<void> {
  const rows = exportRows(reports, (path) => workspace.asRelativePath(path));
  if (rows.length === 0) {
    await window.showInformationMessage(scanErrors.nothingFound(l10n.t));
    return;
  }
  const formats = [
    {
      label: 'CSV',
      description: l10n.t('one line per finding, for a spreadsheet'),
      language: 'plaintext',
      write: toCsv,
    },
    { label: 'JSON', description: l10n.t('one object per finding'), language: 'json', write: toJson },
  ];
  const format = await window.showQuickPick(formats, { title: l10n.t('Export findings') });
  if (!format) return;
  const document = await workspace.openTextDocument({ language: format.language, content: format.write(rows) });
  await window.showTextDocument(document);
}
