import { type ExtensionContext, type LogOutputChannel, l10n, window, workspace } from 'vscode';
import { createCatalogSource } from './catalogSource.ts';
import { DisposableStore } from './disposables.ts';
import type { Host } from './host.ts';
import { describeError } from './log.ts';
import { createSettings } from './settings.ts';
import { spendContributions } from './spendContributions.ts';
import { type Contribution, startContributions } from './startContributions.ts';

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Tollgate', { log: true });
  const disposables = new DisposableStore((error) => log.warn('could not end cleanly', describeError(error)));
  context.subscriptions.push(disposables, log);
  try {
    const host: Host = { context, log, disposables, settings: createSettings(workspace) };
    const failed = startContributions(contributionsOf(host), disposables, log);
    if (failed.length > 0) tellFailure(log, failed.join(', '));
  } catch (error) {
    log.error('activation failed', describeError(error));
    tellFailure(log, describeError(error).split('\n')[0] ?? '');
  }
}

/** The parts of the extension, in the order they start. */
function contributionsOf(host: Host): readonly Contribution[] {
  const catalog = createCatalogSource(host.context.extensionPath);
  return [...spendContributions(host, catalog)];
}

function tellFailure(log: LogOutputChannel, what: string): void {
  const showLog = l10n.t('Show Log');
  window.showErrorMessage(l10n.t('Tollgate could not start completely: {0}', what), showLog).then((choice) => {
    if (choice === showLog) log.show();
  });
}
