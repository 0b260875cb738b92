import { l10n, window } from 'vscode';
import { describeError, type Log } from './log.ts';

/** Tells the user that a command failed, in the words of the error, and logs it with its stack. Waits for nobody. */
export function tellError(error: unknown, log: Pick<Log, 'error'> & { show(): void }): void {
  log.error(describeError(error));
  const showLog = l10n.t('Show Log');
  const message = error instanceof Error ? error.message : String(error);
  window.showErrorMessage(message, showLog).then((choice) => {
    if (choice === showLog) log.show();
  });
}
