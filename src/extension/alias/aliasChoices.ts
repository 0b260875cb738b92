import type { Catalog } from '../../catalog/catalog.ts';
import type { UsdPerMTok } from '../../catalog/price.ts';
import type { Config } from '../../config/config.ts';
import type { NamedModel } from '../../scan/nameModel.ts';
import { nameModel } from '../../scan/nameModel.ts';
import { rateText } from '../lens/lensText.ts';
import type { Translate } from '../translate.ts';

/** One existing alias, as it is offered for a model. */
export interface AliasChoice {
  readonly name: string;
  /** Its first target and that one's price. */
  readonly description: string;
  /** What it saves against the model in the code; absent where a price is unknown. */
  readonly detail: string | undefined;
}

/** Aliases that stand for the very model first, then the others as they stand in the file. The present one is left out. */
export function aliasChoices(
  current: NamedModel,
  aliases: Config['aliases'],
  catalog: Catalog,
  t: Translate,
): AliasChoice[] {
  const candidates = Object.keys(aliases)
    .filter((name) => name !== current.alias)
    .map((name) => ({ name, model: nameModel(name, catalog, aliases) }));
  const same = (model: NamedModel): boolean => model.name === current.name;
  const ordered = [...candidates.filter(({ model }) => same(model)), ...candidates.filter(({ model }) => !same(model))];
  return ordered.map(({ name, model }) => ({
    name,
    description: `${model.name} · ${rateText(model.lookup, t)}`,
    detail: same(model) ? t('the same model') : savingText(current, model, t),
  }));
}

function ratesOf({ lookup }: NamedModel): UsdPerMTok | undefined {
  return lookup.kind === 'known' ? lookup.model.price?.usdPerMTok : undefined;
}

function savingText(from: NamedModel, to: NamedModel, t: Translate): string | undefined {
  const before = ratesOf(from);
  const after = ratesOf(to);
  if (before?.input === undefined || after?.input === undefined) return undefined;
  const input = changeText(before.input, after.input, t);
  if (before.output === undefined || after.output === undefined) return t('against {0}: input {1}', from.name, input);
  return t('against {0}: input {1}, output {2}', from.name, input, changeText(before.output, after.output, t));
}

/** `94 % cheaper`, `2.5 times dearer`, `the same`: dearer ones as a factor, because percentages above 100 mislead. */
function changeText(before: number, after: number, t: Translate): string {
  if (before === after) return t('the same');
  if (after < before) return t('{0} % cheaper', Math.round((1 - after / before) * 100));
  if (before === 0) return t('dearer');
  return t('{0} times dearer', Number((after / before).toPrecision(2)));
}
