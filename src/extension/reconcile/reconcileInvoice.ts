import { commands, l10n, ProgressLocation, type QuickPickItem, window } from 'vscode';
import { isDay } from '../../ledger/reconcile/days.ts';
import { reconciliationText } from '../../ledger/reconcile/reconciliationText.ts';
import type { ReconcileInvoice } from '../../service/api.ts';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import type { SecretStore } from '../keys/storedKeys.ts';
import { describeError } from '../log.ts';
import { createReportDocument } from '../reportDocument.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { tellError } from '../tellError.ts';
import { type Period, reconcilePeriods } from './reconcilePeriods.ts';

/** Admin keys are apart from provider keys: they are handed over only for one comparison, never to calls. */
const adminKeyName = (provider: string): string => `tollgate.adminKey.${provider}`;
const keyIdsName = (provider: string): string => `tollgate.reconcile.keyIds.${provider}`;

type Source = ReconcileInvoice['source'];

/** `Tollgate: Reconcile with Invoice`: asks what to compare, and shows where the ledger and the provider differ. */
export function startReconcile(host: Host, service: ServiceAccess): Disposable {
  const store = new DisposableStore((error) => host.log.warn('reconcile', describeError(error)));
  const report = createReportDocument(store, 'tollgate-reconciliation', '/Reconciliation.md');
  store.add(
    commands.registerCommand(commandIds.reconcileInvoice, async () => {
      try {
        const text = await reconcileInvoice(host, service);
        if (text === undefined) return;
        report.replace(text);
        await commands.executeCommand('markdown.showPreview', report.uri);
      } catch (error) {
        tellError(error, host.log);
      }
    }),
  );
  return store;
}

/** The report as Markdown; undefined when the user went no further. */
async function reconcileInvoice(host: Host, service: ServiceAccess): Promise<string | undefined> {
  const { client, workspace: registered } = service.connected();
  const provider = await pickProvider();
  if (provider === undefined) return undefined;
  const source = await pickSource(provider, host.context.secrets);
  if (source === undefined) return undefined;
  const period = await pickPeriod();
  if (period === undefined) return undefined;
  const keyIds = await askKeyIds(host, provider);
  if (keyIds === undefined) return undefined;
  const request = { workspaceId: registered.workspaceId, provider, ...period, keyIds, source };
  const report = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Comparing the ledger with {0}', provider) },
    () => client.reconcile(request),
  );
  return reconciliationText(report);
}

async function pickProvider(): Promise<string | undefined> {
  const other = l10n.t('Another provider of tollgate.jsonc…');
  const picked = await window.showQuickPick(['openai', 'anthropic', other], {
    title: l10n.t('Reconcile with Invoice'),
    placeHolder: l10n.t('Whose numbers are compared with the ledger?'),
  });
  if (picked !== other) return picked;
  return window.showInputBox({
    title: l10n.t('Reconcile with Invoice'),
    prompt: l10n.t('The provider’s name in tollgate.jsonc. Its usage and costs come from exported files.'),
  });
}

async function pickSource(provider: string, secrets: SecretStore): Promise<Source | undefined> {
  const fetched: QuickPickItem = {
    label: l10n.t('Fetch with an Admin Key'),
    detail: l10n.t('Usage and costs of the organisation, from the provider’s own API.'),
  };
  const imported: QuickPickItem = {
    label: l10n.t('Import CSV Files…'),
    detail: l10n.t('Exported from the provider’s console: usage, costs, or both.'),
  };
  const forgotten: QuickPickItem = { label: l10n.t('Forget the Stored Admin Key') };
  const stored = await secrets.get(adminKeyName(provider));
  const picked = await window.showQuickPick([fetched, imported, ...(stored === undefined ? [] : [forgotten])], {
    title: l10n.t('Reconcile with Invoice'),
    placeHolder: l10n.t('Where do the provider’s numbers come from?'),
  });
  if (picked === imported) return pickFiles();
  if (picked === forgotten) await secrets.delete(adminKeyName(provider));
  if (picked !== fetched) return undefined;
  const adminKey = stored ?? (await askAdminKey(provider, secrets));
  return adminKey === undefined ? undefined : { kind: 'api', adminKey };
}

async function askAdminKey(provider: string, secrets: SecretStore): Promise<string | undefined> {
  const key = await window.showInputBox({
    title: l10n.t('Admin key of {0}', provider),
    prompt: l10n.t('Kept in the editor’s secret storage, used for these reports only. An ordinary key is refused.'),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^\S{8,}$/.test(text.trim()) ? undefined : l10n.t('A key has no blanks and at least 8 characters.'),
  });
  if (key === undefined) return undefined;
  await secrets.store(adminKeyName(provider), key.trim());
  return key.trim();
}

async function pickFiles(): Promise<Source | undefined> {
  const files = await window.showOpenDialog({
    canSelectMany: true,
    filters: { CSV: ['csv'] },
    openLabel: l10n.t('Compare'),
    title: l10n.t('Usage and cost files'),
  });
  const paths = files?.map(({ fsPath }) => fsPath) ?? [];
  return paths.length === 0 ? undefined : { kind: 'files', paths };
}

async function pickPeriod(): Promise<Period | undefined> {
  const { lastMonth, thisMonth, lastWeeks } = reconcilePeriods(Date.now());
  const item = (label: string, period: Period) => ({
    label,
    description: `${period.fromDay} – ${period.toDay}`,
    period,
  });
  const picked = await window.showQuickPick(
    [
      item(l10n.t('Last month'), lastMonth),
      item(l10n.t('The last four weeks'), lastWeeks),
      item(l10n.t('This month'), thisMonth),
      { label: l10n.t('Other days…'), description: '', period: undefined },
    ],
    { title: l10n.t('Reconcile with Invoice'), placeHolder: l10n.t('Which days? (UTC; the last two are left out)') },
  );
  return picked === undefined || picked.period !== undefined ? picked?.period : askPeriod(lastWeeks);
}

async function askPeriod(proposal: Period): Promise<Period | undefined> {
  const text = await window.showInputBox({
    title: l10n.t('Reconcile with Invoice'),
    prompt: l10n.t('The first and the last day'),
    value: `${proposal.fromDay} ${proposal.toDay}`,
    validateInput: (input) =>
      periodOf(input) === undefined ? l10n.t('Two days, such as 2026-10-01 2026-10-31.') : undefined,
  });
  return text === undefined ? undefined : periodOf(text);
}

function periodOf(text: string): Period | undefined {
  const [fromDay = '', toDay = '', ...rest] = text.trim().split(/[\s–]+/);
  return isDay(fromDay) && isDay(toDay) && fromDay <= toDay && rest.length === 0 ? { fromDay, toDay } : undefined;
}

/** Empty = not told; undefined = the user went no further. */
async function askKeyIds(host: Host, provider: string): Promise<readonly string[] | undefined> {
  const state = host.context.globalState;
  const remembered = state.get<string>(keyIdsName(provider)) ?? '';
  const text = await window.showInputBox({
    title: l10n.t('Keys used through Tollgate (optional)'),
    prompt: l10n.t(
      'Their ids or names at {0}, separated by commas. They tell calls that went past Tollgate from calls that were lost.',
      provider,
    ),
    value: remembered,
    ignoreFocusOut: true,
  });
  if (text === undefined) return undefined;
  await state.update(keyIdsName(provider), text);
  return text.split(/[\s,]+/).filter((id) => id !== '');
}
