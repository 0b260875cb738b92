import { basename } from 'node:path';
import type { ItemState, Job, JobItem, JobState } from '../../batch/job.ts';
import { formatUsd } from '../../catalog/formatUsd.ts';
import type { Translate } from '../translate.ts';

const runningStates: readonly JobState[] = ['submitting', 'validating', 'inProgress', 'finalizing', 'cancelling'];

export function isRunning(job: Job): boolean {
  return runningStates.includes(job.state);
}

/** `viewItem` of a job: what its menu offers. */
export function jobContext(job: Job): string {
  if (isRunning(job)) return job.state === 'cancelling' ? 'job.cancelling' : 'job.running';
  if (!job.collected) return 'job.ended';
  return failedItems(job) > 0 ? 'job.collected.failed' : 'job.collected';
}

/** Codicon and theme colour of a job. */
export function jobIcon(job: Job): { readonly icon: string; readonly color?: string } {
  switch (job.state) {
    case 'submitting':
    case 'validating':
    case 'inProgress':
    case 'finalizing':
    case 'cancelling':
      return { icon: 'loading~spin' };
    case 'completed':
      return failedItems(job) > 0
        ? { icon: 'warning', color: 'list.warningForeground' }
        : { icon: 'pass', color: 'testing.iconPassed' };
    case 'failed':
    case 'lost':
      return { icon: 'error', color: 'list.errorForeground' };
    case 'expired':
      return { icon: 'history', color: 'list.warningForeground' };
    case 'cancelled':
      return { icon: 'circle-slash' };
  }
}

export function stateName(state: JobState, t: Translate): string {
  const names: Readonly<Record<JobState, string>> = {
    submitting: t('being submitted'),
    validating: t('being checked by the provider'),
    inProgress: t('in progress'),
    finalizing: t('being finished'),
    cancelling: t('being cancelled'),
    completed: t('completed'),
    failed: t('failed'),
    expired: t('expired'),
    cancelled: t('cancelled'),
    lost: t('lost'),
  };
  return names[state];
}

export function itemStateName(state: ItemState, t: Translate): string {
  const names: Readonly<Record<ItemState, string>> = {
    pending: t('waiting'),
    succeeded: t('answered'),
    failed: t('failed'),
    expired: t('expired'),
    cancelled: t('cancelled'),
    missing: t('no answer came back'),
  };
  return names[state];
}

/** What a job is called: its alias, else its model. */
export function jobLabel(job: Job): string {
  return job.alias ?? job.model;
}

/** `1/3 done · in progress · 4 min · ~$0.0010`: the counts first, since a narrow view cuts the end off. */
export function jobDescription(job: Job, nowMs: number, t: Translate): string {
  return [
    countsText(job, t),
    stateName(job.state, t),
    elapsed((job.endedAtMs ?? nowMs) - job.createdAtMs, t),
    jobCostText(job),
    job.demo ? t('demo') : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function countsText(job: Job, t: Translate): string {
  // The provider counts what was sent while it runs, from zero while it checks; what came home is counted by us.
  const counts = isRunning(job) && job.counts !== undefined && job.counts.total > 0 ? job.counts : undefined;
  const done = counts?.completed ?? job.totals.succeeded;
  const failed = counts?.failed ?? failedItems(job);
  const total = counts?.total ?? job.totals.items;
  if (done + failed === 0) return total === 1 ? t('1 prompt') : t('{0} prompts', total);
  return failed === 0 ? t('{0}/{1} done', done, total) : t('{0}/{1} done, {2} failed', done, total, failed);
}

export function failedItems(job: Job): number {
  const { failed, expired, cancelled, missing } = job.totals;
  return failed + expired + cancelled + missing;
}

/**
 * What the items cost, or what the job was estimated at while none has answered; undefined where neither is known.
 * `~` marks an estimate, `+ ?` items without a known price.
 */
export function jobCostText(job: Job): string | undefined {
  const { priced, unpriced, estimated, picoUsd } = job.totals;
  if (priced + unpriced === 0)
    return job.estimatedPicoUsd === undefined ? undefined : `~${formatUsd(job.estimatedPicoUsd)}`;
  if (priced === 0) return '?';
  return `${estimated > 0 ? '~' : ''}${formatUsd(BigInt(picoUsd))}${unpriced > 0 ? ' + ?' : ''}`;
}

/** A duration as people say it: `12 s`, `4 min`, `3 h 5 min`. */
export function elapsed(ms: number, t: Translate): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return t('{0} s', seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t('{0} min', minutes);
  return t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

/** The sentence of the notification at a job's end. */
export function jobEndText(job: Job, t: Translate): string {
  const { succeeded, items } = job.totals;
  const cost = jobCostText(job) === '?' ? t('price unknown') : jobCostText(job);
  const counts =
    failedItems(job) === 0
      ? t('{0} of {1} prompts answered', succeeded, items)
      : t('{0} of {1} prompts answered, {2} failed', succeeded, items, failedItems(job));
  const parts = [
    t('Batch job with {0} {1}: {2}', jobLabel(job), stateName(job.state, t), counts),
    ...(cost === undefined ? [] : [cost]),
  ];
  const text = parts.join(', ');
  return job.problem === undefined ? `${text}.` : `${text}. ${job.problem}`;
}

/** What an item is called: its file, and its own name where it is one of many. */
export function itemLabel({ promptPath, sourceId }: Pick<JobItem, 'promptPath' | 'sourceId'>): string {
  const file = basename(promptPath);
  return sourceId === undefined ? file : `${file}: ${sourceId}`;
}

/** Description of an item below its job: `answered · $0.0001`. */
export function itemDescription(item: JobItem, t: Translate): string {
  const cost =
    item.costPicoUsd === undefined
      ? undefined
      : `${item.costStatus === 'estimated' ? '~' : ''}${formatUsd(item.costPicoUsd)}`;
  return [itemStateName(item.state, t), item.error, cost].filter((part) => part !== undefined).join(' · ');
}
