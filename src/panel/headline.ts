import { cacheHits } from './cacheOutcomes.ts';
import { element, type PanelElement, type PanelNode } from './element.ts';
import type { PanelTotals } from './spend.ts';
import type { Words } from './words.ts';

/** Today's sum, and what belongs beside it so that nobody misreads it. */
export function headline(totals: PanelTotals, words: Words): PanelElement {
  const { say, money } = words;
  const allDemo = totals.demoAttempts > 0 && totals.demoAttempts === totals.attempts;
  return element(
    'p',
    'headline',
    [
      element('strong', 'amount', [`${totals.estimatedAttempts > 0 ? '~' : ''}${money(totals.costPicoUsd)}`]),
      ' ',
      element('span', 'label', [say(allDemo ? 'spentTodayDemo' : 'spentToday')]),
      ...remarks(totals, words).map((text) => element('span', 'remark', [text])),
    ],
    { key: 'headline' },
  );
}

/** The figures below it. */
export function figures(totals: PanelTotals, words: Words): PanelElement {
  const { say, count, shortCount, percent, money } = words;
  return element(
    'dl',
    'figures',
    [
      figure(say('savedByCache'), money(totals.savedPicoUsd), unpricedHits(totals, words)),
      figure(say('answeredByCache'), percent(cacheHits(totals), totals.calls)),
      figure(say('calls'), count(totals.calls), callRemarks(totals, words)),
      figure(say('tokensIn'), shortCount(totals.inputTokens)),
      figure(say('tokensOut'), shortCount(totals.outputTokens)),
    ],
    { key: 'figures' },
  );
}

function remarks(totals: PanelTotals, { say, count }: Words): string[] {
  return [
    ...(totals.unpricedAttempts > 0 ? [say('unpricedCalls', count(totals.unpricedAttempts))] : []),
    ...(totals.estimatedAttempts > 0 ? [say('estimatedCalls', count(totals.estimatedAttempts))] : []),
  ];
}

function unpricedHits(totals: PanelTotals, { say, count }: Words): string | undefined {
  return totals.unpricedHits > 0 ? say('unpricedHits', count(totals.unpricedHits)) : undefined;
}

function callRemarks(totals: PanelTotals, { say, count }: Words): string | undefined {
  const parts = [
    ...(totals.failedCalls > 0 ? [say('failed', count(totals.failedCalls))] : []),
    ...(totals.unmeteredCalls > 0 ? [say('notMeteredCalls', count(totals.unmeteredCalls))] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : undefined;
}

function figure(label: string, value: string, remark?: string): PanelNode {
  return element('div', 'figure', [
    element('dt', '', [label]),
    element('dd', '', [value, remark === undefined ? undefined : element('span', 'remark', [remark])]),
  ]);
}
