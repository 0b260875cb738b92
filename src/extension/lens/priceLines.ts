import type { CatalogModel } from '../../catalog/catalog.ts';
import { formatUsdPerMTok } from '../../catalog/formatUsd.ts';
import type { Price, UsdPerMTok } from '../../catalog/price.ts';
import type { NamedModel } from '../../scan/nameModel.ts';
import { escapeMarkdown } from '../escapeMarkdown.ts';
import { ageText } from '../prices/ageText.ts';
import type { Translate } from '../translate.ts';

/** Columns of a hover's table stand close together otherwise. */
export const gap = '&nbsp;&nbsp;&nbsp;&nbsp; ';

/** Limits, list prices, their age and source, and whether the model is going out of service; each a paragraph of Markdown. */
export function modelLines(model: NamedModel, nowMs: number, t: Translate): string[] {
  const { lookup } = model;
  if (lookup.kind === 'unknown')
    return [t('The price table has no model of this name. Add a price under `prices.overrides` in `tollgate.jsonc`.')];
  const lines = [...limitLines(lookup.model, t), ...priceLines(model, nowMs, t)];
  return [...lines, ...deprecationLines(lookup.model, t)];
}

function deprecationLines({ deprecated }: CatalogModel, t: Translate): string[] {
  if (deprecated === undefined) return [];
  return [deprecated === true ? t('Listed as deprecated.') : t('Listed as deprecated ({0}).', deprecated)];
}

function limitLines({ contextTokens, maxOutputTokens }: CatalogModel, t: Translate): string[] {
  const parts = [
    contextTokens === undefined ? '' : t('{0} tokens of context', contextTokens.toLocaleString('en-US')),
    maxOutputTokens === undefined ? '' : t('{0} of output', maxOutputTokens.toLocaleString('en-US')),
  ].filter((part) => part !== '');
  return parts.length === 0 ? [] : [parts.join(', ')];
}

/** List prices, their age and source. */
export function priceLines({ lookup }: NamedModel, nowMs: number, t: Translate): string[] {
  if (lookup.kind === 'unknown') return [];
  const { model, match } = lookup;
  if (!model.price) return [t('The price table knows this model and has no price for it.')];
  const dated = match === 'dated' ? [t('A dated snapshot, priced as {0}.', escapeMarkdown(model.id))] : [];
  const { estimatedBecause } = model.price;
  const estimated = estimatedBecause === undefined ? [] : [t('An estimate: {0}.', escapeMarkdown(estimatedBecause))];
  return [priceTable(model.price, t), ...dated, ...estimated, originLine(model.price, nowMs, t)];
}

function priceTable(price: Price, t: Translate): string {
  const rows: [string, UsdPerMTok][] = [[t('standard'), price.usdPerMTok]];
  if (price.tiers?.batch) rows.push([t('batch'), price.tiers.batch]);
  if (price.longContext)
    rows.push([
      t('above {0} tokens', price.longContext.aboveInputTokens.toLocaleString('en-US')),
      price.longContext.usdPerMTok,
    ]);
  const cell = (usd: number | undefined): string => (usd === undefined ? '' : formatUsdPerMTok(usd));
  return [
    `| ${t('USD per million')} |${gap}${t('input')} |${gap}${t('cached')} |${gap}${t('output')} |`,
    '|:--|--:|--:|--:|',
    ...rows.map(
      ([name, rates]) => `| ${name} | ${cell(rates.input)} | ${cell(rates.cacheRead)} | ${cell(rates.output)} |`,
    ),
  ].join('\n');
}

/** A price list is put together from many sources; they are all in `media/PRICES.md`. */
function shortSource(source: string, t: Translate): string {
  const [first = '', ...others] = source.split(', ');
  return others.length === 0 ? first : t('{0} and others', first);
}

function originLine(price: Price, nowMs: number, t: Translate): string {
  const source = /^https:\/\/[^\s)]+$/.test(price.source)
    ? `[${escapeMarkdown(new URL(price.source).host)}](${price.source})`
    : escapeMarkdown(shortSource(price.source, t));
  const { text } = ageText(price.asOf, nowMs, t, price.changesOn);
  return `${escapeMarkdown(text)} ${t('Source: {0}', source)}`;
}
