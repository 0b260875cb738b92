import { commands, l10n, Uri, window } from 'vscode';
import type { Job } from '../../batch/job.ts';
import { type CommandId, commandIds } from '../contributions.ts';
import { type Disposable, DisposableStore } from '../disposables.ts';
import { describeError } from '../log.ts';
import type { ServiceAccess } from '../service/serviceAccess.ts';
import { tellError } from '../tellError.ts';
import { failedItems, isRunning, jobDescription, jobLabel } from './jobText.ts';
import type { JobNode } from './jobTree.ts';
import { type BatchParts, resubmitJob, submitBatch } from './submitBatch.ts';

const mostOpened = 20;
const mostItems = 1000;

/**
 * The commands around batch jobs. From the Jobs view they are given the job, from the palette they ask for one.
 * @param showJobs brings the Jobs view up
 */
export function startJobCommands(parts: BatchParts, showJobs: () => Promise<void>): Disposable {
  const { host, service } = parts;
  const store = new DisposableStore((error) => host.log.warn('batch', describeError(error)));
  const command = (id: CommandId, run: (...args: unknown[]) => Promise<void>): void => {
    store.add(
      commands.registerCommand(id, (...args: unknown[]) =>
        run(...args).catch((error: unknown) => tellError(error, host.log)),
      ),
    );
  };
  const jobCommand = (id: CommandId, fits: (job: Job) => boolean, run: (job: Job) => Promise<void>): void =>
    command(id, async (node) => {
      const job = jobOf(node) ?? (await pickJob(service.view.jobs.filter(fits)));
      if (job !== undefined) await run(job);
    });
  command(commandIds.submitBatch, async (file, selection) => {
    const ids = await submitBatch(parts, urisOf(file, selection));
    if (ids.length > 0) await showJobs();
  });
  jobCommand(commandIds.cancelJob, isRunning, async (job) => {
    await service.connected().client.cancelJob(job.id);
  });
  jobCommand(
    commandIds.collectJob,
    (job) => !isRunning(job),
    async (job) => {
      await service.connected().client.collectJob(job.id);
    },
  );
  jobCommand(
    commandIds.resubmitJob,
    (job) => job.collected && failedItems(job) > 0,
    async (job) => {
      const ids = await resubmitJob(parts, job);
      if (ids.length > 0) await showJobs();
    },
  );
  jobCommand(
    commandIds.openJobResults,
    (job) => job.collected,
    (job) => openResults(job, service),
  );
  jobCommand(
    commandIds.forgetJob,
    (job) => !isRunning(job),
    async (job) => {
      await service.connected().client.forgetJob(job.id);
    },
  );
  return store;
}

async function pickJob(jobs: readonly Job[]): Promise<Job | undefined> {
  if (jobs.length === 0) {
    window.showInformationMessage(l10n.t('There is no batch job for this.'));
    return undefined;
  }
  const items = jobs.map((job) => ({
    label: jobLabel(job),
    description: jobDescription(job, Date.now(), l10n.t),
    job,
  }));
  const picked = await window.showQuickPick(items, { title: l10n.t('Which Batch Job?') });
  return picked?.job;
}

/** Opens every answer; the prompts of those without one are left closed. */
async function openResults(job: Job, service: ServiceAccess): Promise<void> {
  const { items } =
    job.items.length < job.totals.items
      ? await service.connected().client.jobItems(job.id, 0, mostItems)
      : { items: job.items };
  const paths = [...new Set(items.filter(({ state }) => state === 'succeeded').map(({ resultPath }) => resultPath))];
  if (paths.length === 0) {
    window.showInformationMessage(l10n.t('No prompt of this job was answered.'));
    return;
  }
  for (const path of paths.slice(0, mostOpened))
    await commands.executeCommand('vscode.open', Uri.file(path), { preview: false, preserveFocus: true });
}

/** The explorer gives the clicked file and the whole selection. */
function urisOf(file: unknown, selection: unknown): readonly Uri[] {
  const all: readonly unknown[] = Array.isArray(selection) && selection.length > 0 ? selection : [file];
  return all.filter((uri) => uri instanceof Uri);
}

function jobOf(node: unknown): Job | undefined {
  return isJobNode(node) ? node.job : undefined;
}

function isJobNode(node: unknown): node is JobNode {
  return typeof node === 'object' && node !== null && 'kind' in node && 'job' in node;
}
