import type { ModelLookup } from '../../catalog/catalog.ts';
import type { Cost } from '../../catalog/cost.ts';
import { formatUsd, formatUsdPerMTok } from '../../catalog/formatUsd.ts';
import type { NamedModel } from '../../scan/nameModel.ts';
import type { TokenCount } from '../../tokens/tokenCount.ts';
import { isMapMember } from '../alias/mentions.ts';
import type { Annotation, ModelAnnotation, PromptAnnotation } from '../analysis/annotation.ts';
import type { Translate } from '../translate.ts';

/** The one line that says what a finding costs: the same in code lenses, at the end of lines and in notebook cells. */
export function annotationText(annotation: Annotation, t: Translate): string {
  return annotation.kind === 'model' ? modelText(annotation.model, t) : promptText(annotation, t);
}

/** Whether an alias can be put in the place of a model: a string, or a member of the generated map. */
export function isExchangeable({ finding }: ModelAnnotation): boolean {
  return finding.kind === 'model' || isMapMember(finding);
}

/** A code lens's title: the line, and for a model what a click on it does. */
export function lensTitle(annotation: Annotation, t: Translate): string {
  const text = annotationText(annotation, t);
  if (annotation.kind === 'prompt' || !isExchangeable(annotation)) return text;
  return `${text} · ${annotation.model.alias === undefined ? t('Use an alias…') : t('Change the alias…')}`;
}

/** `cheap → openai/gpt-4o-mini · $0.15 in / $0.60 out per M` */
export function modelText(model: NamedModel, t: Translate): string {
  const name = model.alias === undefined ? model.name : `${model.alias} → ${model.name}`;
  return `${name} · ${rateText(model.lookup, t)}`;
}

/** `$2.50 in / $10 out per M`, `$0.02 in per M` for a model without output, or `price unknown`. */
export function rateText(lookup: ModelLookup, t: Translate): string {
  const rates = lookup.kind === 'known' ? lookup.model.price?.usdPerMTok : undefined;
  if (rates?.input === undefined) return t('price unknown');
  if (rates.output === undefined) return t('{0} in per M', formatUsdPerMTok(rates.input));
  return t('{0} in / {1} out per M', formatUsdPerMTok(rates.input), formatUsdPerMTok(rates.output));
}

function promptText({ count, priced, finding }: PromptAnnotation, t: Translate): string {
  const cost = priced === undefined ? '' : ` · ${costText(priced.inputCost, t)}`;
  // Instructions of a tool go along with every session, and not with one call that this line would make.
  const session = finding.perSession ? ` ${t('per session')}` : '';
  return `${tokensText(count, t)}${cost}${session}${holesText(finding.holes.length, t)}`;
}

export function tokensText(count: TokenCount, t: Translate): string {
  return t('{0} tok', `${count.basis === 'estimated' ? '~' : ''}${count.tokens.toLocaleString('en-US')}`);
}

/** Input only, and says so. What is not priced is unknown, never zero. */
export function costText(cost: Cost, t: Translate): string {
  if (cost.status === 'unpriced') return t('price unknown');
  if (cost.status === 'notBilled') return t('not billed');
  return t('{0} in', `${cost.status === 'estimated' ? '~' : ''}${formatUsd(cost.picoUsd)}`);
}

function holesText(holes: number, t: Translate): string {
  if (holes === 0) return '';
  return ` ${holes === 1 ? t('+ 1 variable') : t('+ {0} variables', holes)}`;
}
