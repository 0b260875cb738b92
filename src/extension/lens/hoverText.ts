import type { CatalogModel } from '../../catalog/catalog.ts';
import { formatUsdPerMTok } from '../../catalog/formatUsd.ts';
import type { Price, UsdPerMTok } from '../../catalog/price.ts';
import type { NamedModel } from '../../scan/nameModel.ts';
import type { TokenCount } from '../../tokens/tokenCount.ts';
import type { Annotation, ModelReason, PromptAnnotation } from '../analysis/annotation.ts';
import { escapeMarkdown } from '../escapeMarkdown.ts';
import type { Translate } from '../translate.ts';
import { annotationText, modelText } from './lensText.ts';

/** The breakdown behind a lens, as Markdown: what was counted, what it is priced with and why, and where the price is from. */
export function hoverText(annotation: Annotation, t: Translate): string {
  const title = `**${escapeMarkdown(annotationText(annotation, t))}**`;
  const body = annotation.kind === 'prompt' ? promptLines(annotation, t) : modelLines(annotation.model, t);
  return [title, ...body].join('\n\n');
}

/** The same for a model by itself: in `tollgate.jsonc` there is no finding. */
export function modelHover(model: NamedModel, t: Translate): string {
  return [`**${escapeMarkdown(modelText(model, t))}**`, ...modelLines(model, t)].join('\n\n');
}

function promptLines({ finding, count, priced }: PromptAnnotation, t: Translate): string[] {
  const counted = [tokenLine(count, t), ...holesLine(finding.holes.length, t)].join(' ');
  if (!priced) return [counted, t('No model is in sight. Set `tollgate.defaultModel` to see a price.')];
  const reason = reasonLine(escapeMarkdown(priced.model.name), priced.reason, t);
  if (priced.inputCost.status === 'unpriced') return [counted, `${reason} ${t('Its price is unknown.')}`];
  return [counted, `${reason} ${t('Input only; the answer is billed as well.')}`, ...priceLines(priced.model, t)];
}

function holesLine(holes: number, t: Translate): string[] {
  if (holes === 0) return [];
  return [
    holes === 1 ? t('What fills the variable comes on top.') : t('What fills the {0} variables comes on top.', holes),
  ];
}

function tokenLine(count: TokenCount, t: Translate): string {
  const tokens = count.tokens.toLocaleString('en-US');
  if (count.basis === 'exact') return t('{0} tokens of text, counted with the tokenizer of the model.', tokens);
  const band = [count.low.toLocaleString('en-US'), count.high.toLocaleString('en-US')] as const;
  return t('About {0} tokens of text, estimated: between {1} and {2} in nine of ten cases.', tokens, ...band);
}

function reasonLine(name: string, reason: ModelReason, t: Translate): string {
  if (reason === 'sameCall') return t('Priced with {0}, the model of the same call.', name);
  if (reason === 'onlyInFile') return t('Priced with {0}, the only model in this file.', name);
  return t('Priced with {0}, your default model.', name);
}

function modelLines(model: NamedModel, t: Translate): string[] {
  const { lookup } = model;
  if (lookup.kind === 'unknown')
    return [t('The price table has no model of this name. Add a price under `prices.overrides` in `tollgate.jsonc`.')];
  const lines = [...limitLines(lookup.model, t), ...priceLines(model, t)];
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

function priceLines({ lookup }: NamedModel, t: Translate): string[] {
  if (lookup.kind === 'unknown') return [];
  const { model, match } = lookup;
  if (!model.price) return [t('The price table knows this model and has no price for it.')];
  const dated = match === 'dated' ? [t('A dated snapshot, priced as {0}.', escapeMarkdown(model.id))] : [];
  const { estimatedBecause } = model.price;
  const estimated = estimatedBecause === undefined ? [] : [t('An estimate: {0}.', escapeMarkdown(estimatedBecause))];
  return [priceTable(model.price, t), ...dated, ...estimated, originLine(model.price, t)];
}

/** Columns of a hover's table stand close together otherwise. */
const gap = '&nbsp;&nbsp;&nbsp;&nbsp; ';

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
    '|---|--:|--:|--:|',
    ...rows.map(
      ([name, rates]) => `| ${name} | ${cell(rates.input)} | ${cell(rates.cacheRead)} | ${cell(rates.output)} |`,
    ),
  ].join('\n');
}

function originLine(price: Price, t: Translate): string {
  const source = /^https:\/\/[^\s)]+$/.test(price.source)
    ? `[${escapeMarkdown(new URL(price.source).host)}](${price.source})`
    : escapeMarkdown(price.source);
  return t('Price of {0}, from {1}.', price.asOf, source);
}
