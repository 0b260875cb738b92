import { commands, Uri, window, workspace } from 'vscode';
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
