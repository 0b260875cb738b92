import { formatUsd } from '../../catalog/formatUsd.ts';
import type { ReconciliationReport } from './reconciliationReport.ts';
import { type VariancePart, varianceParts } from './splitVariance.ts';

const partNames: Readonly<Record<VariancePart, string>> = {
  bypass: 'Calls that did not pass Tollgate',
  missing: 'Calls with your keys that the ledger lacks',
  notOnInvoice: 'Calls that only the ledger has',
  unpriced: 'Recorded calls without a known price',
  estimated: 'Recorded calls whose tokens were estimated',
  tier: 'Tokens billed at another service tier',
  price: 'Tokens billed at other rates',
  unexplained: 'Costs without usage to compare',
};

const remedies: Readonly<Partial<Record<VariancePart, string>>> = {
  bypass:
    'Some program reaches the provider with its own base URL. “Tollgate: Meter This Workspace” sets it for terminals; a key of its own for Tollgate tells these calls apart for certain.',
  missing: 'Rows were lost, or the same key is used past Tollgate. Give the proxy a key of its own to tell which.',
  unpriced: 'Add prices under `prices.overrides` in tollgate.jsonc, or run “Tollgate: Update Prices”.',
  price: 'Run “Tollgate: Update Prices”; put contract prices under `prices.overrides` in tollgate.jsonc.',
  tier: 'The provider served another tier than its answers said; its support can tell why.',
};

/** Days named one by one. */
const maxRows = 100;

/** The report as Markdown, for an editor and for a terminal. */
export function reconciliationText(report: ReconciliationReport): string {
  const { provider, fromDay, toDay } = report;
  const sections = [
    [`# Reconciliation with ${provider}, ${fromDay} to ${toDay}`],
    [verdict(report), ...notes(report)],
    [summary(report)],
    remediesOf(report),
    ratesOf(report),
    daysOf(report),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n\n'))
    .join('\n\n')}\n`;
}

function verdict({ errorRatio, withinTolerance, days, other }: ReconciliationReport): string {
  if (days.length === 0 && other.length === 0) return 'Neither side has anything for these days.';
  const error =
    errorRatio === undefined
      ? 'No call could be compared.'
      : `For the calls it saw and could price, the ledger is off by **${percent(errorRatio)}**.`;
  return `${error} The whole difference is ${withinTolerance ? 'within' : 'outside'} the tolerance.`;
}

function notes({ notFinalDays, keysTold, hasCosts }: ReconciliationReport): string[] {
  const first = notFinalDays[0];
  return [
    ...(first === undefined ? [] : [`Days from ${first} on are left out: the provider may still change them.`]),
    ...(hasCosts ? [] : ['The report has no costs, so tokens are compared at the ledger’s own rates.']),
    ...(keysTold ? [] : ['Keys were not told apart: calls that were not recorded count as calls past Tollgate.']),
  ];
}

function summary({ totals }: ReconciliationReport): string {
  const rows: [string, string][] = [['Ledger', formatUsd(totals.ledgerPicoUsd)]];
  for (const part of varianceParts)
    if (totals.parts[part] !== '0') rows.push([partNames[part], signed(totals.parts[part])]);
  if (totals.toolFeesPicoUsd !== '0') rows.push(['Searches, tools and other fees', signed(totals.toolFeesPicoUsd)]);
  if (totals.creditsPicoUsd !== '0') rows.push(['Credits', signed(totals.creditsPicoUsd)]);
  rows.push(['**Provider**', `**${formatUsd(totals.providerPicoUsd)}**`]);
  return table(['', 'USD'], rows);
}

function remediesOf({ totals }: ReconciliationReport): string[] {
  const lines = varianceParts.flatMap((part) => {
    const remedy = remedies[part];
    return remedy === undefined || totals.parts[part] === '0' ? [] : [`- ${partNames[part]}: ${remedy}`];
  });
  return lines.length === 0 ? [] : ['## What to do', lines.join('\n')];
}

function ratesOf({ rateDifferences }: ReconciliationReport): string[] {
  if (rateDifferences.length === 0) return [];
  const lines = rateDifferences.map(({ model, fromDay, toDay, ratio, picoUsd }) => {
    const span = fromDay === toDay ? `on ${fromDay}` : `from ${fromDay} to ${toDay}`;
    return `- ${model}: billed at ${ratio.toFixed(3)} × the recorded rate ${span} (${signed(picoUsd)})`;
  });
  return ['## Other rates', lines.join('\n')];
}

function daysOf({ days }: ReconciliationReport): string[] {
  const different = days
    .map((day) => ({ ...day, difference: varianceParts.reduce((sum, part) => sum + BigInt(day.parts[part]), 0n) }))
    .filter(({ difference }) => difference !== 0n)
    .sort((a, b) => Number(magnitude(b.difference) - magnitude(a.difference)));
  if (different.length === 0) return [];
  const rows = different
    .slice(0, maxRows)
    .map((day): string[] => [
      day.day,
      day.model,
      `${day.ledger.requests} / ${day.provider.requests ?? '–'}`,
      `${day.ledger.tokens} / ${day.provider.tokens ?? '–'}`,
      formatUsd(day.ledger.picoUsd),
      day.provider.picoUsd === undefined ? '–' : formatUsd(day.provider.picoUsd),
      signed(day.difference.toString()),
      partNames[largestPart(day.parts)],
    ]);
  const head = [
    'Day',
    'Model',
    'Calls, ledger / provider',
    'Tokens, ledger / provider',
    'Ledger',
    'Provider',
    'Difference',
    'Mostly',
  ];
  const rest = different.length - rows.length;
  return ['## Days that differ', table(head, rows), ...(rest > 0 ? [`… and ${rest} more.`] : [])];
}

function largestPart(parts: ReconciliationReport['days'][number]['parts']): VariancePart {
  return varianceParts.reduce((largest, part) =>
    magnitude(BigInt(parts[part])) > magnitude(BigInt(parts[largest])) ? part : largest,
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '--:'));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** A provider's names stand in a table cell. */
function escaped(cell: string): string {
  return cell
    .replaceAll('|', '\\|')
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('<', '&lt;');
}

function signed(picoUsd: string): string {
  const amount = BigInt(picoUsd);
  return amount < 0n ? `−${formatUsd(-amount)}` : `+${formatUsd(amount)}`;
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

function percent(ratio: number): string {
  return ratio === 0 ? '0 %' : ratio < 0.0001 ? 'less than 0.01 %' : `${(ratio * 100).toFixed(2)} %`;
}
