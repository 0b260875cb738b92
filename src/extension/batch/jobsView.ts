import { commands, l10n, type TreeView, window } from 'vscode';
import type { Job } from '../../batch/job.ts';
import { commandIds, viewIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import { describeError } from '../log.ts';
import { tellError } from '../tellError.ts';
import { startJobCommands } from './jobCommands.ts';
import { failedItems, isRunning, jobEndText } from './jobText.ts';
import { type JobNode, JobTree } from './jobTree.ts';
import type { BatchParts } from './submitBatch.ts';

/** How often the elapsed time of running jobs is drawn again. */
const tickMs = 30_000;
/** Items of a large job that are fetched together. */
const itemsAtOnce = 1000;

/** The Jobs view, its commands, and the notice when a job ends. */
export function startJobs(parts: BatchParts): Disposable {
  const { host, service } = parts;
  const store = new DisposableStore((error) => host.log.warn('jobs', describeError(error)));
  const tree = store.add(
    new JobTree(
      () => service.view.jobs,
      Date.now,
      async (job, from) => (await service.connected().client.jobItems(job.id, from, itemsAtOnce)).items,
    ),
  );
  const view = store.add(window.createTreeView(viewIds.jobs, { treeDataProvider: tree, showCollapseAll: true }));
  let shown: readonly Job[] | undefined;
  const update = (): void => {
    if (service.view.jobs === shown) return;
    shown = service.view.jobs;
    tree.refresh();
    showBadge(view, shown);
  };
  store.add(service.onDidChange(update));
  store.add(
    service.onDidReceive((event) => {
      if (event.type === 'jobEnded') tellEnd(event.job).catch((error: unknown) => tellError(error, host.log));
    }),
  );
  store.add(startJobCommands(parts, async () => commands.executeCommand(`${viewIds.jobs}.focus`)));
  const tick = setInterval(() => {
    if (view.visible && service.view.jobs.some(isRunning)) tree.refresh();
  }, tickMs);
  store.add({ dispose: () => clearInterval(tick) });
  return store;
}

function showBadge(view: TreeView<JobNode>, jobs: readonly Job[]): void {
  const running = jobs.filter(isRunning).length;
  view.badge = running === 0 ? undefined : { value: running, tooltip: l10n.t('{0} batch jobs running', running) };
}

async function tellEnd(job: Job): Promise<void> {
  const open = l10n.t('Open Results');
  const bad = job.state !== 'completed' || failedItems(job) > 0;
  const show = bad ? window.showWarningMessage : window.showInformationMessage;
  const answered = job.totals.succeeded > 0;
  const choice = await show(jobEndText(job, l10n.t), ...(answered ? [open] : []));
  if (choice === open) await commands.executeCommand(commandIds.openJobResults, { kind: 'job', job });
}
