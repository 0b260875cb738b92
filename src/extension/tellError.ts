import { l10n, window } from 'vscode';
import { describeError, type Log } from './log.ts';

/** Tells the user that a command failed, in the words of the error, and logs it with its stack. */
export async function tellError(error: unknown, log: Pick<Log, 'error'> & { show(): void }): Promise<void> {
  log.error(describeError(error));
  const showLog = l10n.t('Show Log');
  const message = error instanceof Error ? error.message : String(error);
  if ((await window.showErrorMessage(message, showLog)) === showLog) log.show();
}
