import { Disposable, type Event, type ExtensionContext, type LogOutputChannel, l10n, window, workspace } from 'vscode';
import { startAdvice } from './advice/adviceContribution.ts';
import { startAliases } from './alias/aliasContribution.ts';
import { startAliasLanguage } from './alias/language/aliasLanguage.ts';
import { startDocumentAnalysis } from './analysis/documentAnalysis.ts';
import { createLazyAnalyser } from './analysis/lazyAnalyser.ts';
import { startConfigActions } from './config/configActions.ts';
import { startConfigDiagnostics } from './config/configDiagnostics.ts';
import { startConfigStore } from './config/configStore.ts';
import { startOpenConfig } from './config/openConfig.ts';
import { DisposableStore } from './disposables.ts';
import type { Host } from './host.ts';
import { startCodeLenses } from './lens/codeLenses.ts';
import { startDisplayCommands } from './lens/displayCommands.ts';
import { startEndOfLine } from './lens/endOfLine.ts';
import { startHovers } from './lens/hovers.ts';
import { startNotebookCells } from './lens/notebookCells.ts';
import { describeError } from './log.ts';
import { createPriceStore } from './prices/priceStore.ts';
import { startUpdatePrices } from './prices/updatePrices.ts';
import { createLazyScanner } from './scan/lazyScanner.ts';
import { createJobFor } from './scan/scanJobs.ts';
import { startScanView } from './scan/scanView.ts';
import { createSettings } from './settings.ts';
import { spendContributions } from './spendContributions.ts';
import { type Contribution, startContributions } from './startContributions.ts';
import { startCountExactly } from './tokens/countExactly.ts';
import { createCountStore } from './tokens/countStore.ts';

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
  const prices = host.disposables.add(createPriceStore(host));
  const config = host.disposables.add(startConfigStore(host));
  const counts = createCountStore(host);
  const analyser = host.disposables.add(createLazyAnalyser(host, { config, prices, counts }));
  const scanner = host.disposables.add(createLazyScanner(host));
  const jobFor = createJobFor(host, config, prices);
  const analysis = host.disposables.add(
    startDocumentAnalysis(host, {
      analyse: analyser.analyse,
      onDidChangeInputs: anyOf(config.onDidChange, prices.onDidChange, counts.onDidChange),
    }),
  );
  const names = { host, analysis, analyser, config, scanner, jobFor };
  return [
    { name: 'code lenses', start: () => startCodeLenses(host, analysis) },
    { name: 'end-of-line prices', start: () => startEndOfLine(host, analysis) },
    { name: 'hovers', start: () => startHovers({ host, analysis, analyser, config }) },
    { name: 'notebook prices', start: () => startNotebookCells(host, analysis) },
    { name: 'display commands', start: () => startDisplayCommands(host) },
    { name: 'aliases', start: () => startAliases({ host, analysis, analyser, config }) },
    { name: 'scan', start: () => startScanView({ host, scanner, jobFor }) },
    { name: 'alias names', start: () => startAliasLanguage(names) },
    { name: 'advice', start: () => startAdvice({ host, analysis, analyser, onDidChangeInputs: config.onDidChange }) },
    { name: 'configuration checks', start: () => startConfigDiagnostics(host, config) },
    { name: 'configuration fixes', start: () => startConfigActions() },
    { name: 'open configuration', start: () => startOpenConfig() },
    { name: 'price updates', start: () => startUpdatePrices(host, prices) },
    { name: 'exact counts', start: () => startCountExactly({ host, analysis, config, counts }) },
    ...spendContributions(host, prices, analyser, config),
  ];
}

function anyOf(...events: readonly Event<unknown>[]): Event<unknown> {
  return (listener, thisArg) => Disposable.from(...events.map((event) => event(listener, thisArg)));
}

function tellFailure(log: LogOutputChannel, what: string): void {
  const showLog = l10n.t('Show Log');
  window.showErrorMessage(l10n.t('Tollgate could not start completely: {0}', what), showLog).then((choice) => {
    if (choice === showLog) log.show();
  });
}
