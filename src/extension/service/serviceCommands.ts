import { commands, l10n, Uri, window, workspace } from 'vscode';
import { type CommandId, commandIds, contextKeys } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { tellError } from '../tellError.ts';
import type { ServiceAccess } from './serviceAccess.ts';

const walkthroughId = 'start';

/** Commands about the service itself, and the context key that tells menus how it stands. */
export function startServiceCommands(host: Host, service: ServiceAccess): Disposable {
  const { log, context } = host;
  const store = new DisposableStore((error) => log.warn('service commands', describeError(error)));
  const command = (id: CommandId, run: () => Promise<void>): void => {
    store.add(commands.registerCommand(id, () => run().catch((error: unknown) => tellError(error, log))));
  };
  command(commandIds.restartService, () => service.restart());
  command(commandIds.clearCache, () => clearCache(service));
  command(commandIds.showLog, async () => log.show());
  command(commandIds.showServiceLog, async () => {
    const document = await workspace.openTextDocument(Uri.file(service.logPath));
    await window.showTextDocument(document);
  });
  command(commandIds.openWalkthrough, async () => {
    await commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${context.extension.id}#${walkthroughId}`,
      false,
    );
  });
  let told: string | undefined;
  const tellMenus = (): void => {
    const { kind } = service.view.state;
    if (kind === told) return;
    told = kind;
    commands.executeCommand('setContext', contextKeys.service, kind);
  };
  store.add(service.onDidChange(tellMenus));
  tellMenus();
  return store;
}

async function clearCache(service: ServiceAccess): Promise<void> {
  const clear = l10n.t('Clear');
  const answer = await window.showWarningMessage(
    l10n.t('Remove every cached answer of this workspace?'),
    {
      modal: true,
      detail: l10n.t('What was saved so far stays in the figures. The next calls go to the provider again.'),
    },
    clear,
  );
  if (answer !== clear) return;
  const { client, workspace: registered } = service.connected();
  const { removed } = await client.clearCache(registered.workspaceId);
  window.showInformationMessage(l10n.t('Cached answers removed: {0}.', removed));
}
