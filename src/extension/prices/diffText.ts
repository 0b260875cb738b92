import { changeFactor, type PriceChange, type PriceDiff } from '../../catalog/diffPrices.ts';
import { formatUsdPerMTok } from '../../catalog/formatUsd.ts';
import type { Translate } from '../translate.ts';
import { dateText } from './ageText.ts';

/** Models that a list names before it only counts. */
const named = 200;

/** What new prices would change, as Markdown: shown before they are taken over. */
export function diffText(
  diff: PriceDiff,
  dates: { readonly before: string; readonly after: string },
  t: Translate,
): string {
  const title = t('Prices of {0} in place of those of {1}', dateText(dates.after), dateText(dates.before));
  const sections = [
    ...changeSection(diff.changed, t),
    ...listSection(t('New models ({0})', diff.added.length), diff.added, t),
    ...listSection(t('Models no longer listed ({0})', diff.removed.length), diff.removed, t),
    ...listSection(t('Other tiers, fees, dates or limits ({0})', diff.otherwise.length), diff.otherwise, t),
  ];
  const nothing = sections.length === 0 ? [t('No figure differs.')] : [];
  return `${[`# ${title}`, ...nothing, ...sections].join('\n\n')}\n`;
}

function changeSection(changed: readonly PriceChange[], t: Translate): string[] {
  if (changed.length === 0) return [];
  const rows = changed.slice(0, named).map((change) => {
    const cell = (usd: number | undefined): string => (usd === undefined ? '–' : formatUsdPerMTok(usd));
    return `| ${change.model} | ${change.kind} | ${cell(change.before)} | ${cell(change.after)} | ${factorText(change)} |`;
  });
  const head = `| ${t('Model')} | ${t('Tokens')} | ${t('Before')} | ${t('After')} | ${t('Change')} |\n|---|---|--:|--:|--:|`;
  return [
    `## ${t('Changed prices ({0}), USD per million tokens, the largest change first', changed.length)}`,
    [head, ...rows].join('\n'),
    ...restText(changed.length, t),
  ];
}

function factorText(change: PriceChange): string {
  const { before = 0, after = 0 } = change;
  const factor = changeFactor(change);
  if (!Number.isFinite(factor)) return '';
  const percent = Math.round((after / before - 1) * 100);
  return factor >= 10 ? `× ${Number((after / before).toPrecision(2))}` : `${percent > 0 ? '+' : ''}${percent} %`;
}

function listSection(title: string, models: readonly string[], t: Translate): string[] {
  if (models.length === 0) return [];
  const list = models.slice(0, named).map((model) => `- ${model}`);
  return [`## ${title}`, list.join('\n'), ...restText(models.length, t)];
}

function restText(count: number, t: Translate): string[] {
  return count > named ? [t('… and {0} more', count - named)] : [];
}
