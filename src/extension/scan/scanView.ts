import {
  type CancellationToken,
  commands,
  l10n,
  ProgressLocation,
  type TreeView,
  type WorkspaceFolder,
  window,
  workspace,
} from 'vscode';
import type { Grouping } from '../../scan/groupFindings.ts';
import type { ScanProgress } from '../../scan/scanFiles.ts';
import { commandIds, contextKeys, viewIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import type { Host } from '../host.ts';
import { describeError } from '../log.ts';
import { tellError } from '../tellError.ts';
import type { Scanner } from './createScanner.ts';
import { isFindingNode, openFinding } from './openFinding.ts';
import { scanErrors } from './scanErrors.ts';
import { foldersOnDisk, type JobFor } from './scanJobs.ts';
import { ScanResults } from './scanResults.ts';
import { totalsText } from './scanText.ts';
import { openFindingCommand, type ScanNode, ScanTree } from './scanTree.ts';

export interface ScanViewDeps {
  readonly host: Host;
  readonly jobFor: JobFor;
  readonly scanner: Scanner;
}

/** How often the tree is drawn again while findings come in, as long as they are few. */
const drawEveryMs = 400;
const groupingKey = 'scanGrouping';
const groupings = ['model', 'file', 'cost'] as const satisfies readonly Grouping[];

/** `Tollgate: Scan Workspace` and the view of what it found. */
export function startScanView(deps: ScanViewDeps): Disposable {
  const { host } = deps;
  const store = new DisposableStore((error) => host.log.warn('scan', describeError(error)));
  const view = store.add(new ScanView(deps));
  const guarded =
    (run: (argument: unknown) => Promise<unknown>) =>
    (argument: unknown): Promise<unknown> =>
      run(argument).catch((error: unknown) => tellError(error, host.log));
  store.add(
    commands.registerCommand(
      commandIds.scanWorkspace,
      guarded(() => view.scan()),
    ),
  );
  store.add(commands.registerCommand(commandIds.clearScan, () => view.clear()));
  store.add(
    commands.registerCommand(
      commandIds.exportScan,
      guarded(() => view.exportFindings()),
    ),
  );
  store.add(commands.registerCommand(commandIds.groupScanByModel, () => view.group('model')));
  store.add(commands.registerCommand(commandIds.groupScanByFile, () => view.group('file')));
  store.add(commands.registerCommand(commandIds.groupScanByCost, () => view.group('cost')));
  store.add(
    commands.registerCommand(
      openFindingCommand,
      guarded(async (argument) => {
        if (isFindingNode(argument)) await openFinding(argument);
      }),
    ),
  );
  return store;
}

class ScanView implements Disposable {
  readonly #deps: ScanViewDeps;
  readonly #tree: ScanTree;
  readonly #view: TreeView<ScanNode>;
  #results = new ScanResults();
  #running: AbortController | undefined;
  #drawTimer: NodeJS.Timeout | undefined;

  constructor(deps: ScanViewDeps) {
    this.#deps = deps;
    this.#tree = new ScanTree(() => this.#results);
    this.#view = window.createTreeView(viewIds.findings, { treeDataProvider: this.#tree, showCollapseAll: true });
    const stored = deps.host.context.workspaceState.get<unknown>(groupingKey);
    this.group(groupings.find((grouping) => grouping === stored) ?? 'model');
  }

  group(by: Grouping): void {
    this.#tree.grouping = by;
    void this.#deps.host.context.workspaceState.update(groupingKey, by);
    void commands.executeCommand('setContext', contextKeys.scanGrouping, by);
    this.#draw();
  }

  clear(): void {
    this.#running?.abort();
    this.#results = new ScanResults();
    this.#draw();
  }

  async exportFindings(): Promise<void> {
    const { openExport } = await import('./openExport.ts');
    await openExport(this.#results.reports);
  }

  /** Scans every folder on disk. A scan that is running is ended first. */
  async scan(): Promise<void> {
    this.#running?.abort();
    const folders = foldersOnDisk();
    if (folders.length === 0) {
      const somewhere = (workspace.workspaceFolders ?? []).length > 0;
      await window.showErrorMessage(somewhere ? scanErrors.notOnDisk(l10n.t) : scanErrors.noFolder(l10n.t));
      return;
    }
    const results = new ScanResults();
    const controller = new AbortController();
    results.state = 'running';
    this.#results = results;
    this.#running = controller;
    this.#draw();
    void commands.executeCommand(`${viewIds.findings}.focus`);
    const options = { location: ProgressLocation.Notification, title: l10n.t('Scanning'), cancellable: true };
    try {
      await window.withProgress(options, (progress, token) =>
        this.#scanFolders(folders, results, controller, token, (message) => progress.report({ message })),
      );
      results.state = controller.signal.aborted ? 'cancelled' : 'done';
    } catch (error) {
      results.state = 'failed';
      throw error;
    } finally {
      if (this.#running === controller) this.#running = undefined;
      this.#draw();
    }
  }

  async #scanFolders(
    folders: readonly WorkspaceFolder[],
    results: ScanResults,
    controller: AbortController,
    token: CancellationToken,
    report: (message: string) => void,
  ): Promise<void> {
    const { host, jobFor, scanner } = this.#deps;
    token.onCancellationRequested(() => controller.abort());
    for (const folder of folders) {
      if (controller.signal.aborted) return;
      const onReports = (reports: Parameters<ScanResults['add']>[1], progress: ScanProgress): void => {
        results.add(folder.uri.fsPath, reports, progress.done);
        report(l10n.t('{0} files, {1} findings', results.files.toLocaleString('en-US'), results.findings));
        if (this.#results === results) this.#drawSoon();
      };
      await scanner.scan(await jobFor(folder), controller.signal, onReports);
    }
    for (const path of results.unreadable) host.log.warn(`scan: could not be read: ${path}`);
  }

  #drawSoon(): void {
    // Bringing many findings together takes its time, which is the editor's.
    this.#drawTimer ??= setTimeout(() => this.#draw(), drawEveryMs + this.#results.findings / 10);
  }

  #draw(): void {
    clearTimeout(this.#drawTimer);
    this.#drawTimer = undefined;
    const { state, files, totals, findings, unreadable } = this.#results;
    void commands.executeCommand(
      'setContext',
      contextKeys.scan,
      state === 'none' ? 'none' : findings > 0 ? 'found' : 'empty',
    );
    const sums = findings > 0 ? totalsText(totals, l10n.t) : '';
    this.#view.message = state === 'none' ? '' : messageOf(state, files, sums, unreadable.length);
    this.#tree.refresh();
  }

  dispose(): void {
    this.#running?.abort();
    clearTimeout(this.#drawTimer);
    this.#view.dispose();
    this.#tree.dispose();
  }
}

function messageOf(state: ScanResults['state'], files: number, sums: string, unreadable: number): string {
  const read = files === 1 ? l10n.t('1 file read') : l10n.t('{0} files read', files.toLocaleString('en-US'));
  const parts = [
    sums === '' ? l10n.t('No model and no prompt found') : sums,
    read,
    unreadable === 0 ? '' : l10n.t('{0} could not be read', unreadable),
    state === 'cancelled' ? l10n.t('cancelled') : state === 'failed' ? l10n.t('not complete') : '',
  ];
  return state === 'running' && sums === '' ? read : parts.filter((part) => part !== '').join(' · ');
}
