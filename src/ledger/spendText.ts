import { formatUsd } from '../catalog/formatUsd.ts';
import type { SpendGroup, SpendSnapshot } from './ledger.ts';

/** Spans of time that people ask for. */
export const spendPeriods = ['today', 'week', 'month'] as const;

export type SpendPeriod = (typeof spendPeriods)[number];

export function isSpendPeriod(text: unknown): text is SpendPeriod {
  return spendPeriods.some((period) => period === text);
}

const names: Readonly<Record<SpendPeriod, string>> = {
  today: 'today',
  week: 'in the last 7 days',
  month: 'in the last 31 days',
};

/** Days before today that belong to a period. */
export const daysBefore: Readonly<Record<SpendPeriod, number>> = { today: 0, week: 6, month: 30 };

const named = 10;

/** What was spent, in plain words for an agent; says what is estimated and what is not known. */
export function spendText(spend: SpendSnapshot, period: SpendPeriod): string {
  const { totals } = spend;
  if (totals.calls === 0) return `No call went through Tollgate ${names[period]}.`;
  const lines = [
    `Spent ${names[period]}: ${sumText(totals)} for ${count(totals.calls, 'call')} (${count(totals.attempts, 'request')} to providers).`,
    ...notes(spend),
    ...groupLines('By model', spend.byModel),
    ...groupLines('By feature', spend.byFeature),
    ...lastCall(spend),
  ];
  return lines.join('\n');
}

function notes({ totals }: SpendSnapshot): string[] {
  const { unpricedAttempts, estimatedAttempts, demoAttempts, failedCalls } = totals;
  return [
    ...(unpricedAttempts > 0
      ? [`${count(unpricedAttempts, 'request')} had no known price and are not in the sum.`]
      : []),
    ...(estimatedAttempts > 0 ? [`${count(estimatedAttempts, 'request')} are estimates.`] : []),
    ...(demoAttempts > 0 ? [`${count(demoAttempts, 'request')} went to the demo provider, which bills nobody.`] : []),
    ...(failedCalls > 0 ? [`${count(failedCalls, 'call')} failed.`] : []),
    ...(totals.savedPicoUsd === '0' ? [] : [`Answers from the cache saved ${formatUsd(totals.savedPicoUsd)}.`]),
  ];
}

/** A sum of nothing known is not a sum of nothing. */
function sumText({ costPicoUsd, unpricedAttempts }: Pick<SpendGroup, 'costPicoUsd' | 'unpricedAttempts'>): string {
  return costPicoUsd === '0' && unpricedAttempts > 0 ? 'price unknown' : formatUsd(costPicoUsd);
}

function groupLines(title: string, groups: readonly SpendGroup[]): string[] {
  const known = groups.filter(({ key }) => key !== undefined).slice(0, named);
  if (known.length === 0) return [];
  return [
    `${title}:`,
    ...known.map(
      (group) =>
        `- ${group.key}: ${sumText(group)}, ${count(group.calls, 'call')}, ${group.inputTokens} tokens in, ${group.outputTokens} out`,
    ),
  ];
}

function lastCall({ lastCalls: [last] }: SpendSnapshot): string[] {
  if (last === undefined) return [];
  const { call, attempts } = last;
  const cost = attempts.some(({ costStatus }) => costStatus === 'unpriced')
    ? 'price unknown'
    : formatUsd(attempts.reduce((sum, { costPicoUsd = 0 }) => sum + BigInt(costPicoUsd), 0n));
  const model = attempts.at(-1)?.model ?? call.modelRequested ?? call.endpoint;
  return [`Last call: ${model}, ${cost}, status ${call.status}, cache ${call.cache}.`];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
