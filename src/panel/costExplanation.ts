import { type CostLine, costLines } from '../catalog/costOf.ts';
import { formatUsdPerMTok } from '../catalog/formatUsd.ts';
import { type UsageKind, usageKinds } from '../catalog/usage.ts';
import { attemptCostText } from './callCost.ts';
import { element, type PanelNode } from './element.ts';
import type { PanelStringKey } from './panelStrings.ts';
import type { PanelAttempt, PanelPrices } from './spend.ts';
import type { Words } from './words.ts';

const kindName: Readonly<Record<UsageKind, PanelStringKey>> = {
  input: 'kindInput',
  cacheRead: 'kindCacheRead',
  cacheWrite5m: 'kindCacheWrite5m',
  cacheWrite1h: 'kindCacheWrite1h',
  output: 'kindOutput',
  reasoning: 'kindReasoning',
  inputAudio: 'kindInputAudio',
  outputAudio: 'kindOutputAudio',
  inputImage: 'kindInputImage',
  outputImage: 'kindOutputImage',
};

/** Tokens × price = cost, kind by kind, with the price's date and source; and what makes it less than certain. */
export function costExplanation(attempt: PanelAttempt, prices: PanelPrices, words: Words): PanelNode[] {
  const price = attempt.priceId === undefined ? undefined : prices[attempt.priceId];
  const lines = price === undefined ? tokenLines(attempt) : costLines(attempt.usage, price, attempt.serviceTier);
  return [
    ...(lines.length === 0 ? [] : [lineTable(lines, feesIn(attempt, lines), attemptCostText(attempt, words), words)]),
    ...remarks(attempt, price, words).map((text) => element('p', 'why', [text])),
  ];
}

/** Without the price only the tokens can be shown. */
function tokenLines({ usage }: PanelAttempt): CostLine[] {
  return usageKinds.flatMap((kind) => {
    const tokens = usage[kind] ?? 0;
    return tokens === 0 ? [] : [{ kind, tokens }];
  });
}

/** What the cost has beside its tokens: searches and requests that are billed by the piece. Picodollars. */
function feesIn({ costPicoUsd }: PanelAttempt, lines: readonly CostLine[]): number {
  if (costPicoUsd === undefined || lines.some(({ rate }) => rate === undefined)) return 0;
  return costPicoUsd - lines.reduce((sum, { rate }) => sum + (rate?.picoUsd ?? 0), 0);
}

function lineTable(lines: readonly CostLine[], fees: number, sum: string, words: Words): PanelNode {
  const { say, count, money } = words;
  const rows = lines.map(({ kind, tokens, rate }) =>
    element('tr', '', [
      element('th', '', [say(kindName[kind])], { attributes: { scope: 'row' } }),
      element('td', 'number', [count(tokens)]),
      element('td', 'number', rate === undefined ? [] : [`× ${formatUsdPerMTok(rate.usdPerMTok)}`]),
      element('td', 'number', rate === undefined ? [] : [`= ${money(rate.picoUsd)}`]),
    ]),
  );
  if (fees > 0)
    rows.push(
      element('tr', '', [
        element('th', '', [say('kindFees')], { attributes: { scope: 'row', colspan: 3 } }),
        element('td', 'number', [`= ${money(fees)}`]),
      ]),
    );
  return element('table', 'lines', [
    element('thead', '', [
      element('tr', '', [
        heading(say('kind'), ''),
        heading(say('tokensOfKind'), 'number'),
        heading(say('usdPerMTok'), 'number'),
        heading(say('amount'), 'number'),
      ]),
    ]),
    element('tbody', '', rows),
    element('tfoot', '', [
      element('tr', '', [
        element('th', 'sum', [say('sum')], { attributes: { scope: 'row', colspan: 3 } }),
        element('td', 'number sum', [sum]),
      ]),
    ]),
  ]);
}

function heading(text: string, className: string): PanelNode {
  return element('th', className, [text], { attributes: { scope: 'col' } });
}

function remarks(attempt: PanelAttempt, price: PanelPrices[string] | undefined, { say }: Words): string[] {
  const { priceId, costReason: reason } = attempt;
  const because = {
    exact: undefined,
    estimated: reason === undefined ? undefined : say('estimatedBecause', reason),
    unpriced: reason === undefined ? undefined : say('unpricedBecause', reason),
    notBilled: reason === undefined ? undefined : say('notBilledBecause', reason),
  }[attempt.costStatus];
  return [
    price === undefined ? undefined : say('priceSource', price.id.split('@')[0] ?? price.id, price.asOf, price.source),
    price === undefined && priceId !== undefined ? say('priceGone', priceId) : undefined,
    because,
    attempt.demo ? say('demoExplained') : undefined,
  ].filter((text) => text !== undefined);
}
