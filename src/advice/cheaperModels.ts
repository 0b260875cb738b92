import type { Catalog, CatalogModel } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import { cheaperSibling } from './cheaperSibling.ts';

/** A model that costs less than another. Cheaper, not as good: nothing here knows what the prompt needs. */
export interface CheaperModelChoice {
  readonly model: CatalogModel;
  /** The alias of the workspace that stands for it. */
  readonly alias?: string;
}

const mostChoices = 3;

/** The input and output rates are below; a model without both is no comparison. */
function isCheaper({ price }: CatalogModel, than: CatalogModel): boolean {
  const own = price?.usdPerMTok;
  const other = than.price?.usdPerMTok;
  if (own?.input === undefined || own.output === undefined) return false;
  return (
    other?.input !== undefined && other.output !== undefined && own.input < other.input && own.output < other.output
  );
}

function siblingOf(model: CatalogModel, catalog: Catalog): CatalogModel | undefined {
  const sibling = cheaperSibling(model, catalog);
  const lookup = sibling && catalog.lookup(sibling.id, model.provider);
  return lookup?.kind === 'known' ? lookup.model : undefined;
}

/** The workspace's own aliases that cost less, then smaller models of the same provider; three at most, cheapest first. */
export function cheaperModels(model: CatalogModel, catalog: Catalog, aliases: Config['aliases']): CheaperModelChoice[] {
  const choices = new Map<string, CheaperModelChoice>();
  const add = (choice: CheaperModelChoice): void => {
    const key = `${choice.model.provider}/${choice.model.id}`;
    if (choices.size < mostChoices && !choices.has(key) && isCheaper(choice.model, model)) choices.set(key, choice);
  };
  for (const [alias, { targets }] of Object.entries(aliases)) {
    const lookup = targets[0] && catalog.lookup(targets[0].model, targets[0].provider);
    if (lookup?.kind === 'known') add({ model: lookup.model, alias });
  }
  for (let smaller = siblingOf(model, catalog); smaller; smaller = siblingOf(smaller, catalog)) add({ model: smaller });
  const input = ({ model: { price } }: CheaperModelChoice): number => price?.usdPerMTok.input ?? 0;
  return [...choices.values()].sort((a, b) => input(a) - input(b));
}
