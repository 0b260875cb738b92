import type { BatchPlan, PlannedJob, TriedRequest } from '../../batch/job.ts';
import { formatUsd } from '../../catalog/formatUsd.ts';
import type { Translate } from '../translate.ts';

/** What the review page shows: texts only, so that it can be looked at without an editor. */
export interface ReviewView {
  readonly heading: string;
  /** What it costs, in one sentence. */
  readonly summary: string;
  readonly warnings: readonly string[];
  readonly columns: readonly string[];
  readonly jobs: readonly (readonly string[])[];
  /** Below the table: limits that were checked, and how the plan was cut for them. */
  readonly notes: readonly string[];
  readonly lists: readonly ReviewList[];
  readonly tried: { readonly text: string; readonly answer?: string; readonly isBad: boolean } | undefined;
  readonly canSubmit: boolean;
  /** One request may be run first. */
  readonly canTry: boolean;
  /** Something outside keeps the plan from being submitted: worth planning again when it has changed. */
  readonly canPlanAgain: boolean;
  readonly hasSpared: boolean;
}

/** Files with something to say about each. */
export interface ReviewList {
  readonly title: string;
  readonly isOpen: boolean;
  readonly rows: readonly { readonly path: string; readonly shown: string; readonly text: string }[];
  readonly more: number;
}

export interface ReviewInput {
  readonly plan: BatchPlan;
  readonly tried: TriedRequest | undefined;
  /** Where prompts of the plan are called from a request handler. */
  readonly interactive: readonly string[];
  readonly keepsDuplicates: boolean;
  readonly shownPath: (path: string) => string;
}

const mostRows = 200;

export function reviewView(input: ReviewInput, t: Translate): ReviewView {
  const { plan, tried } = input;
  const { jobs } = plan;
  const items = jobs.reduce((sum, { itemCount }) => sum + itemCount, 0);
  const duplicates = jobs.reduce((sum, job) => sum + job.duplicates, 0);
  const answered = plan.answered.reduce((sum, { requests }) => sum + requests, 0);
  return {
    heading:
      jobs.length === 0
        ? t('Nothing to send')
        : t('{0} in {1}', counted(items, 'prompt', t), counted(jobs.length, 'job', t)),
    summary: summaryOf(jobs, t),
    warnings: warningsOf(input, t),
    columns: [t('Model'), t('Prompts'), t('Tokens in'), t('Output'), t('Batch price'), t('Standard price')],
    jobs: jobs.map((job) => rowOf(job, t)),
    notes: [
      ...(duplicates > 0 ? [t('{0}: asked once, paid once, answered each.', counted(duplicates, 'duplicate', t))] : []),
      ...(answered > 0 ? [t('{0} from before: not sent again.', counted(answered, 'answer', t))] : []),
      ...limitsOf(jobs, t),
    ],
    lists: listsOf(input, t),
    tried: triedOf(tried, input.shownPath, t),
    canSubmit: jobs.length > 0 && plan.objection === undefined,
    canTry: jobs.length > 0,
    canPlanAgain: plan.objection !== undefined,
    hasSpared: input.keepsDuplicates || duplicates + answered > 0,
  };
}

function summaryOf(jobs: readonly PlannedJob[], t: Translate): string {
  if (jobs.length === 0) return t('See below why no file is sent.');
  if (jobs.every(({ demo }) => demo))
    return t('The demo provider answers; nothing is billed. Its prices are those of the real models.');
  const billed = jobs.filter(({ demo }) => !demo);
  const unpriced = billed.filter(({ batchPicoUsd }) => batchPicoUsd === undefined);
  if (unpriced.length > 0) {
    const names = [...new Set(unpriced.map(({ provider, model }) => `${provider}/${model}`))].join(', ');
    const priced = billed.filter((job) => !unpriced.includes(job));
    return priced.length === 0
      ? t('The price of {0} is not known, so the cost is not either.', names)
      : t('The price of {0} is not known. The rest: {1}', names, summaryOf(priced, t));
  }
  const batch = sum(billed.map(({ maxBatchPicoUsd }) => maxBatchPicoUsd));
  const standard = sum(billed.map(({ maxStandardPicoUsd }) => maxStandardPicoUsd));
  if (batch !== undefined && standard !== undefined)
    return t(
      'At most {0} at batch price, against {1} at standard price, with every answer at its limit.',
      formatUsd(batch),
      formatUsd(standard),
    );
  return t(
    '{0} for the input; what the answers cost has no bound, because not every prompt has a limit (max_tokens).',
    formatUsd(billed.reduce((total, { batchPicoUsd = 0 }) => total + batchPicoUsd, 0)),
  );
}

function warningsOf({ plan, interactive }: ReviewInput, t: Translate): string[] {
  const refused = plan.refused.length;
  return [
    ...(plan.objection === undefined ? [] : [t('Cannot be submitted. {0}', plan.objection.message)]),
    ...new Set(plan.jobs.flatMap(({ problem }) => problem ?? [])),
    ...interactive.map((use) =>
      t('Somebody may be waiting for this answer, and a batch takes up to 24 hours: {0}', use),
    ),
    ...(refused > 0 ? [t('Left out, because it cannot be sent: {0}', counted(refused, 'file', t))] : []),
    ...plan.jobs
      .filter(({ queueLimitTokens: most, inputTokens }) => most !== undefined && inputTokens > most)
      .map(({ model }) => t('One prompt alone is above the queue limit that the provider told for {0}.', model)),
  ];
}

function rowOf(job: PlannedJob, t: Translate): string[] {
  const about = job.inputTokensBasis === 'estimated' ? '~' : '';
  const name = `${job.provider}/${job.model}`;
  const copies = job.duplicates === 0 ? '' : ` (${counted(job.duplicates, 'duplicate', t)})`;
  return [
    job.alias === undefined ? name : `${job.alias} (${name})`,
    `${grouped(job.itemCount)}${copies}`,
    `${about}${grouped(job.inputTokens)}`,
    job.maxOutputTokens === undefined ? t('no limit') : t('up to {0}', grouped(job.maxOutputTokens)),
    priceText(job.batchPicoUsd, job.maxBatchPicoUsd, about, t),
    priceText(job.standardPicoUsd, job.maxStandardPicoUsd, about, t),
  ];
}

/** `$0.10 in, at most $0.40`: the input is counted, the answers are bounded. */
function priceText(input: number | undefined, most: number | undefined, about: string, t: Translate): string {
  if (input === undefined) return t('price unknown');
  const text = t('{0} in', `${about}${formatUsd(input)}`);
  return most === undefined ? text : t('{0}, at most {1}', text, formatUsd(most));
}

function limitsOf(jobs: readonly PlannedJob[], t: Translate): string[] {
  const bytes = jobs.reduce((total, job) => total + job.bytes, 0);
  const queue = jobs.find(({ queueLimitTokens }) => queueLimitTokens !== undefined);
  return [
    ...new Set(
      jobs.map(({ provider, limits: { maxItems, maxBytes } }) =>
        t(
          'Within the limits of {0}’s batches: one model, {1} requests and {2} MB in each job.',
          provider,
          grouped(maxItems),
          grouped(maxBytes / 1_000_000),
        ),
      ),
    ),
    ...(queue === undefined
      ? []
      : [
          t(
            'Cut to the queue limit that the provider told: {0} tokens of {1}.',
            grouped(queue.queueLimitTokens ?? 0),
            queue.model,
          ),
        ]),
    ...(bytes === 0 ? [] : [t('{0} kB are sent.', grouped(Math.ceil(bytes / 1000)))]),
  ];
}

function listsOf({ plan, shownPath }: ReviewInput, t: Translate): ReviewList[] {
  const items = plan.jobs.flatMap((job) => job.items);
  const total = plan.jobs.reduce((count, { itemCount }) => count + itemCount, 0);
  const lists: readonly ReviewList[] = [
    {
      title: t('Left out'),
      isOpen: true,
      rows: plan.refused.slice(0, mostRows).map(({ promptPath, reason }) => row(promptPath, reason)),
      more: Math.max(0, plan.refused.length - mostRows),
    },
    {
      title: t('Answered before'),
      isOpen: false,
      rows: plan.answered
        .slice(0, mostRows)
        .map(({ resultPath, requests }) => row(resultPath, counted(requests, 'answer', t))),
      more: Math.max(0, plan.answered.length - mostRows),
    },
    {
      title: t('Prompts'),
      isOpen: false,
      rows: items.slice(0, mostRows).map((item) => {
        const about = item.inputTokensBasis === 'estimated' ? '~' : '';
        const parts = [
          ...(item.sourceId === undefined ? [] : [item.sourceId]),
          t('{0} tokens in', `${about}${grouped(item.inputTokens)}`),
          ...(item.maxOutputTokens === undefined ? [] : [t('up to {0} out', grouped(item.maxOutputTokens))]),
          ...(item.duplicateOf === undefined ? [] : [t('same as {0}, not sent', item.duplicateOf)]),
          ...(item.ignored === undefined ? [] : [t('not used: {0}', item.ignored.join(', '))]),
        ];
        return row(item.promptPath, parts.join(' · '));
      }),
      more: Math.max(0, total - Math.min(mostRows, items.length)),
    },
  ];
  return lists.filter(({ rows }) => rows.length > 0);

  function row(path: string, text: string): ReviewList['rows'][number] {
    return { path, shown: shownPath(path), text };
  }
}

const naturalEnds: ReadonlySet<string | undefined> = new Set([undefined, 'stop', 'end_turn', 'completed']);

function triedOf(
  tried: TriedRequest | undefined,
  shownPath: (path: string) => string,
  t: Translate,
): ReviewView['tried'] {
  if (tried === undefined) return undefined;
  const name = shownPath(tried.promptPath);
  if (!tried.ok) return { text: `${name}: ${tried.problem}`, isBad: true };
  const cost = tried.costPicoUsd === undefined ? t('price unknown') : formatUsd(tried.costPicoUsd);
  const seconds = (tried.latencyMs / 1000).toFixed(1);
  // Why an answer ended that did not end by itself.
  const end = naturalEnds.has(tried.finishReason) ? '' : ` · ${tried.finishReason}`;
  return {
    text: `${t('{0}: {1}, {2} s, {3} at standard price', name, tried.model, seconds, cost)}${end}`,
    answer: tried.text,
    isBad: false,
  };
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    total += value;
  }
  return total;
}

function counted(count: number, noun: 'prompt' | 'job' | 'file' | 'answer' | 'duplicate', t: Translate): string {
  const one = {
    prompt: t('1 prompt'),
    job: t('1 job'),
    file: t('1 file'),
    answer: t('1 answer'),
    duplicate: t('1 duplicate'),
  };
  const many = {
    prompt: t('{0} prompts', grouped(count)),
    job: t('{0} jobs', grouped(count)),
    file: t('{0} files', grouped(count)),
    answer: t('{0} answers', grouped(count)),
    duplicate: t('{0} duplicates', grouped(count)),
  };
  return count === 1 ? one[noun] : many[noun];
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
