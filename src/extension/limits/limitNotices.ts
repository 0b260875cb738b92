import { commands, l10n, window } from 'vscode';
import type { Notice } from '../../service/api.ts';
import { commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { tellError } from '../tellError.ts';
import { isConfiguredLimit, raiseLimit } from './raiseLimit.ts';

/** Tells of spending limits that come near, are passed or refuse a call; the service does so once each. */
export function startLimits({ log }: Host, service: ServiceAccess): Disposable {
  const store = new DisposableStore((error) => log.warn('spending limits', describeError(error)));
  store.add(
    commands.registerCommand(commandIds.raiseLimit, async (limit?: unknown) => {
      try {
        await raiseLimit(service, isConfiguredLimit(limit) ? limit : undefined);
      } catch (error) {
        tellError(error, log);
      }
    }),
  );
  store.add(
    service.onDidReceive((event) => {
      if (event.type !== 'notice' || event.notice.limit === undefined) return;
      tell(event.notice).catch((error: unknown) => log.warn('spending limits', describeError(error)));
    }),
  );
  return store;
}

async function tell({ message, limit }: Notice): Promise<void> {
  if (limit === undefined) return;
  const raise = l10n.t('Raise for Today…');
  const open = l10n.t('Open tollgate.jsonc');
  const choice = await window.showWarningMessage(message, ...(limit.raisable ? [raise] : []), open);
  if (choice === raise) await commands.executeCommand(commandIds.raiseLimit, limit.configured);
  if (choice === open) await commands.executeCommand(commandIds.openConfig);
}
