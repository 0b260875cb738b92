import { readFile } from 'node:fs/promises';
import { commands, l10n, ProgressLocation, window, workspace } from 'vscode';
import { diffPrices, isSamePrices } from '../../catalog/diffPrices.ts';
import { type FetchedPrices, fetchPrices } from '../../catalog/fetchPrices.ts';
import { loadCatalog } from '../../catalog/loadCatalog.ts';
import { commandIds, settingIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { createReportDocument } from '../reportDocument.ts';
import { tellError } from '../tellError.ts';
import { dateText } from './ageText.ts';
import { diffText } from './diffText.ts';
import type { PriceStore } from './priceStore.ts';

/** `Tollgate: Update Prices`: fetched from the address of the settings, shown, and taken over when the user says so. */
export function startUpdatePrices(host: Host, prices: PriceStore): Disposable {
  const store = new DisposableStore((error) => host.log.warn('update prices', describeError(error)));
  const changes = createReportDocument(store, 'tollgate-prices', '/price changes.md');
  const show = async (text: string): Promise<void> => {
    changes.replace(text);
    await window.showTextDocument(await workspace.openTextDocument(changes.uri), { preview: true });
  };
  store.add(
    commands.registerCommand(commandIds.updatePrices, async () => {
      try {
        await updatePrices(host, prices, show);
      } catch (error) {
        tellError(error, host.log);
      }
    }),
  );
  return store;
}

async function updatePrices(host: Host, prices: PriceStore, show: (text: string) => Promise<void>): Promise<void> {
  const url = host.settings.current().pricesUrl;
  if (url === '') {
    await askForUrl();
    return;
  }
  const fetched = await fetchWithProgress(url, prices);
  if (fetched === undefined) return;
  const before = await prices.catalog();
  if (fetched.kind === 'unchanged') {
    window.showInformationMessage(l10n.t('Nothing new: prices of {0}.', dateText(before.asOf)));
    return;
  }
  const after = loadCatalog(fetched.data);
  const diff = diffPrices(before, after);
  if (!isSamePrices(diff)) {
    await show(diffText(diff, { before: before.asOf, after: after.asOf }, l10n.t));
    if (!(await asksToApply(after.asOf))) return;
  }
  const { etag, data } = fetched;
  await prices.apply({ url, ...(etag === undefined ? {} : { etag }), appliedAtMs: Date.now(), data });
  host.log.info(`prices of ${after.asOf} are in force`);
  window.showInformationMessage(l10n.t('Prices of {0} are in force.', dateText(after.asOf)));
}

async function askForUrl(): Promise<void> {
  const openSettings = l10n.t('Open Settings');
  const choice = await window.showInformationMessage(
    l10n.t(
      'Prices come with the extension. To update them between releases, say from where: an https address or a file.',
    ),
    openSettings,
  );
  if (choice === openSettings) await commands.executeCommand('workbench.action.openSettings', settingIds.pricesUrl);
}

/** Undefined when it was cancelled. */
async function fetchWithProgress(url: string, prices: PriceStore): Promise<FetchedPrices | undefined> {
  const applied = await prices.applied();
  const etag = applied?.url === url ? applied.etag : undefined;
  return window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Fetching prices'), cancellable: true },
    async (_progress, token) => {
      const stop = new AbortController();
      const cancelled = token.onCancellationRequested(() => stop.abort());
      try {
        return await fetchPrices({
          url,
          ...(etag === undefined ? {} : { etag }),
          fetch,
          readFile,
          signal: stop.signal,
        });
      } catch (error) {
        if (token.isCancellationRequested) return undefined;
        throw error;
      } finally {
        cancelled.dispose();
      }
    },
  );
}

async function asksToApply(asOf: string): Promise<boolean> {
  const apply = l10n.t('Apply');
  const choice = await window.showInformationMessage(
    l10n.t('Put the prices of {0} in force?', dateText(asOf)),
    apply,
    l10n.t('Discard'),
  );
  return choice === apply;
}
