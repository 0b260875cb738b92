import { rename, rm, writeFile } from 'node:fs/promises';
import { commands, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { ExportFormat } from '../../ledger/export/exportCalls.ts';
import { type PanelView, parsePanelView } from '../../panel/panelView.ts';
import { periodWindow } from '../../service/spendPeriod.ts';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { tellError } from '../tellError.ts';

const dayMs = 86_400_000;

/** `Tollgate: Export Calls…`: this workspace's recorded calls as a file; from the panel, those that it shows. */
export function startExportCalls(host: Host, service: ServiceAccess): Disposable {
  const store = new DisposableStore((error) => host.log.warn('export', describeError(error)));
  store.add(
    commands.registerCommand(commandIds.exportCalls, (shown: unknown) =>
      exportToFile(service, parsePanelView(shown)).catch((error: unknown) => tellError(error, host.log)),
    ),
  );
  return store;
}

async function exportToFile(service: ServiceAccess, shown: PanelView | undefined): Promise<void> {
  const { client, workspace: registered } = service.connected();
  const format = await pickFormat();
  if (format === undefined) return;
  const time = shown === undefined ? await pickTime() : periodWindow(shown.period, Date.now());
  if (time === undefined) return;
  const file = await window.showSaveDialog({ defaultUri: defaultFile(format), title: l10n.t('Export Calls') });
  if (file === undefined) return;
  const { fromMs, toMs } = time;
  const filter = { ...shown?.filter, workspaceId: registered.workspaceId, fromMs, toMs };
  const done = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Exporting calls'), cancellable: true },
    async (_progress, token) => {
      const stop = new AbortController();
      const cancelled = token.onCancellationRequested(() => stop.abort());
      try {
        await writeWhole(file.fsPath, client.exportCalls(filter, format, stop.signal));
        return true;
      } catch (error) {
        if (stop.signal.aborted) return false;
        throw error;
      } finally {
        cancelled.dispose();
      }
    },
  );
  if (!done) return;
  const show = l10n.t('Open');
  const message =
    format === 'focus'
      ? l10n.t('Exported. Calls without a known price are not in it: FOCUS has no cost that is not known.')
      : l10n.t('Exported.');
  if ((await window.showInformationMessage(message, show)) === show)
    await window.showTextDocument(await workspace.openTextDocument(file));
}

/** Beside its place first, so that a file is there whole or as it was. */
async function writeWhole(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, pieces, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function pickFormat(): Promise<ExportFormat | undefined> {
  const items: { label: string; detail: string; format: ExportFormat }[] = [
    { label: 'CSV', detail: l10n.t('A line per request to a provider, and per call from the cache.'), format: 'csv' },
    { label: 'JSON', detail: l10n.t('Calls with their attempts, as they are recorded.'), format: 'json' },
    { label: 'FOCUS 1.3', detail: l10n.t('Charges for FinOps tools, as CSV.'), format: 'focus' },
  ];
  return (await window.showQuickPick(items, { title: l10n.t('Export Calls') }))?.format;
}

async function pickTime(): Promise<{ fromMs: number; toMs: number } | undefined> {
  const items = [
    { label: l10n.t('The last 24 hours'), days: 1 },
    { label: l10n.t('The last 7 days'), days: 7 },
    { label: l10n.t('The last 31 days'), days: 31 },
    { label: l10n.t('Everything'), days: 100_000 },
  ];
  const chosen = await window.showQuickPick(items, { title: l10n.t('Export Calls') });
  const toMs = Date.now();
  return chosen === undefined ? undefined : { fromMs: Math.max(0, toMs - chosen.days * dayMs), toMs };
}

function defaultFile(format: ExportFormat): Uri {
  const name = `tollgate-calls.${format === 'json' ? 'json' : format === 'focus' ? 'focus.csv' : 'csv'}`;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return folder === undefined ? Uri.file(name) : Uri.joinPath(folder, name);
}
