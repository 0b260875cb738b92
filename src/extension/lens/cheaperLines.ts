import type { CheaperModelChoice } from '../../advice/cheaperModels.ts';
import type { CatalogModel } from '../../catalog/catalog.ts';
import { costOf } from '../../catalog/costOf.ts';
import { formatUsdPerMTok } from '../../catalog/formatUsd.ts';
import type { TokenCount } from '../../tokens/tokenCount.ts';
import { escapeMarkdown } from '../escapeMarkdown.ts';
import type { Translate } from '../translate.ts';
import { costText } from './lensText.ts';
import { gap } from './priceLines.ts';

function nameOf({ model, alias }: CheaperModelChoice, t: Translate): string {
  const name = escapeMarkdown(`${model.provider}/${model.id}`);
  return alias === undefined ? name : t('{0} (alias {1})', name, escapeMarkdown(alias));
}

/** Cheaper models with their rates. */
export function cheaperModelLines(choices: readonly CheaperModelChoice[], t: Translate): string[] {
  if (choices.length === 0) return [];
  const rate = (usd: number | undefined): string => (usd === undefined ? '' : formatUsdPerMTok(usd));
  const rows = choices.map((choice) => {
    const { input, output } = choice.model.price?.usdPerMTok ?? {};
    return `| ${nameOf(choice, t)} | ${rate(input)} | ${rate(output)} |`;
  });
  const heading = `| ${t('Cheaper, not of equal quality')} |${gap}${t('input')} |${gap}${t('output')} |`;
  return [[heading, '|:--|--:|--:|', ...rows].join('\n')];
}

/** What the same prompt would cost as input of cheaper models. One with another tokenizer counts the text otherwise. */
export function cheaperPromptLines(
  choices: readonly CheaperModelChoice[],
  count: TokenCount,
  counted: Pick<CatalogModel, 'tokenizer'>,
  t: Translate,
): string[] {
  if (choices.length === 0) return [];
  const rows = choices.map((choice) => {
    const isEstimate = count.basis === 'estimated' || choice.model.tokenizer !== counted.tokenizer;
    const options = isEstimate ? { estimatedBecause: 'tokens are estimated' } : {};
    const cost = costOf({ input: count.tokens }, choice.model.price, options);
    return `| ${nameOf(choice, t)} | ${costText(cost, t)} |`;
  });
  return [[`| ${t('Cheaper, not of equal quality')} |${gap}${t('this prompt')} |`, '|:--|--:|', ...rows].join('\n')];
}
