import type { BatchPlan, PlannedJob, RefusedFile } from '../../batch/job.ts';
import { formatUsd } from '../../catalog/formatUsd.ts';
import type { Translate } from '../translate.ts';

export interface PlanText {
  /** The question. */
  readonly message: string;
  /** Lines below it: per job model, counts and prices; then the files that are left out, with why. */
  readonly detail: string;
}

const mostRefused = 12;

/** The confirmation before anything is sent. */
export function planText(plan: BatchPlan, shownPath: (path: string) => string, t: Translate): PlanText {
  const count = plan.jobs.reduce((sum, { itemCount }) => sum + itemCount, 0);
  const message =
    plan.jobs.length === 1
      ? t('Submit {0} as a batch job?', prompts(count, t))
      : t('Submit {0} as {1} batch jobs?', prompts(count, t), plan.jobs.length);
  const parts = [...plan.jobs.map((job) => jobText(job, t)), refusedText(plan.refused, shownPath, t)];
  return { message, detail: parts.filter((part) => part !== '').join('\n\n') };
}

/** What is said when no file can be sent. */
export function nothingToSubmit(plan: BatchPlan, shownPath: (path: string) => string, t: Translate): PlanText {
  return {
    message: t('None of these files can be sent as a batch job.'),
    detail: refusedText(plan.refused, shownPath, t),
  };
}

function prompts(count: number, t: Translate): string {
  return count === 1 ? t('1 prompt') : t('{0} prompts', count);
}

function jobText(job: PlannedJob, t: Translate): string {
  const name = job.alias === undefined ? `${job.provider}/${job.model}` : `${job.alias} (${job.provider}/${job.model})`;
  const estimated = job.inputTokensBasis === 'estimated' ? '~' : '';
  const tokens = t('{0} tokens in', `${estimated}${job.inputTokens.toLocaleString('en')}`);
  return [
    [name, prompts(job.itemCount, t), tokens, ...(job.demo ? [t('demo provider, nothing is billed')] : [])].join(' · '),
    priceText(job, estimated, t),
    boundText(job, t),
  ].join('\n');
}

function priceText(job: PlannedJob, estimated: string, t: Translate): string {
  if (job.batchPicoUsd === undefined) return t('Price unknown');
  const batch = `${estimated}${formatUsd(job.batchPicoUsd)}`;
  if (job.standardPicoUsd === undefined) return t('Input: {0} at batch price', batch);
  return t('Input: {0} at batch price, {1} at standard price', batch, `${estimated}${formatUsd(job.standardPicoUsd)}`);
}

function boundText(job: PlannedJob, t: Translate): string {
  return job.maxBatchPicoUsd === undefined
    ? t('Output comes on top: no limit is known for every answer')
    : t('At most {0} with every answer at its limit', formatUsd(job.maxBatchPicoUsd));
}

function refusedText(refused: readonly RefusedFile[], shownPath: (path: string) => string, t: Translate): string {
  if (refused.length === 0) return '';
  const lines = refused.slice(0, mostRefused).map(({ promptPath, reason }) => `${shownPath(promptPath)}: ${reason}`);
  const more = refused.length > mostRefused ? [t('and {0} more', refused.length - mostRefused)] : [];
  return [t('Left out:'), ...lines, ...more].join('\n');
}
