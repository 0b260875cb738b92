import { relative } from 'node:path';
import type { BatchPlan, Job, PlannedJob, TriedRequest } from '../../batch/job.ts';
import { formatUsd } from '../../catalog/formatUsd.ts';

const shownRefusals = 50;

/** A plan for people. */
export function planText(plan: BatchPlan, folder: string): string {
  const lines = plan.jobs.flatMap(jobLines);
  for (const { promptPath, resultPath, requests } of plan.answered)
    lines.push(
      `answered before, not sent: ${relative(folder, promptPath)} (${count(requests, 'request')}, see ${relative(folder, resultPath)})`,
    );
  if (plan.jobs.length === 0) lines.push('Nothing to send.');
  lines.push(`plan ${plan.id}`);
  return `${lines.join('\n')}\n`;
}

function jobLines(job: PlannedJob): string[] {
  const about = job.inputTokensBasis === 'estimated' ? '~' : '';
  const name = `${job.provider}/${job.model}${job.alias === undefined ? '' : ` (${job.alias})`}`;
  const duplicates = job.duplicates === 0 ? '' : `, ${count(job.duplicates, 'duplicate')} not sent`;
  const bound = job.maxOutputTokens === undefined ? 'unbounded' : `at most ${number(job.maxOutputTokens)}`;
  const queue = job.queueLimitTokens === undefined ? '' : `, queue limit ${number(job.queueLimitTokens)} tokens`;
  return [
    `${name}  ${count(job.itemCount, 'item')}${duplicates}${job.demo ? ', demo: billed by nobody' : ''}`,
    `  ${about}${number(job.inputTokens)} tokens in, output ${bound}, ${number(job.bytes)} bytes${queue}`,
    `  input ${money(job.batchPicoUsd, about)} at batch price, ${money(job.standardPicoUsd, about)} at standard price`,
    `  at most ${money(job.maxBatchPicoUsd, '')} at batch price, ${money(job.maxStandardPicoUsd, '')} at standard price`,
    ...(job.problem === undefined ? [] : [`  ${job.problem}`]),
  ];
}

/** Files that cannot be sent, with why. */
export function refusedText({ refused }: BatchPlan, folder: string): string {
  const lines = refused
    .slice(0, shownRefusals)
    .map(({ promptPath, reason }) => `refused: ${relative(folder, promptPath)}: ${reason}`);
  const more = refused.length - shownRefusals;
  return [...lines, ...(more > 0 ? [`refused: ${more} more`] : []), ''].join('\n');
}

export function triedText(tried: TriedRequest, folder: string): string {
  const name = relative(folder, tried.promptPath);
  if (!tried.ok) return `tried ${name}: ${tried.problem}\n`;
  const cost = tried.costStatus === 'unpriced' ? 'price unknown' : money(tried.costPicoUsd, '');
  return `tried ${name}: ${tried.model} in ${tried.latencyMs} ms, ${cost} at standard price\n${indented(tried.text)}\n`;
}

/** One line for a job, and one for what is the matter with it. */
export function jobText(job: Job): string {
  const { items, succeeded, failed, expired, cancelled, missing, picoUsd, unpriced, estimated, priced } = job.totals;
  const bad = failed + expired + cancelled + missing;
  const cost =
    priced + unpriced === 0
      ? `${money(job.estimatedPicoUsd, '~')} in`
      : `${estimated > 0 ? '~' : ''}${formatUsd(BigInt(picoUsd))}${unpriced > 0 ? ` + ${unpriced} of unknown price` : ''}`;
  const model = `${job.provider}/${job.model}`;
  const first = `${job.id}  ${job.state}  ${model}  ${succeeded}/${items} answered${bad > 0 ? `, ${bad} not` : ''}  ${cost}`;
  const told = [...(job.problem === undefined ? [] : [job.problem]), ...(job.notes ?? [])];
  return `${[first, ...told.map((text) => `  ${text}`)].join('\n')}\n`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

function money(picoUsd: number | undefined, about: string): string {
  return picoUsd === undefined ? 'price unknown' : `${about}${formatUsd(picoUsd)}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function count(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}
