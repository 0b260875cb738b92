import type { Catalog, CatalogModel } from '../catalog/catalog.ts';
import type { UsdPerMTok } from '../catalog/price.ts';
import { usageKinds } from '../catalog/usage.ts';

/** Makes up the model that costs what the dearest of a provider's models do, kind by kind: for calls whose price is not known. */
export type DearestModel = (catalog: Catalog, provider: string) => CatalogModel;

/** Catalogues have thousands of models and change rarely, so each is gone through once per provider. */
export function createDearestModel(): DearestModel {
  const known = new WeakMap<Catalog, Map<string, CatalogModel>>();
  return (catalog, provider) => {
    const ofCatalog = known.get(catalog) ?? new Map<string, CatalogModel>();
    known.set(catalog, ofCatalog);
    const found = ofCatalog.get(provider) ?? dearestOf(catalog, provider);
    ofCatalog.set(provider, found);
    return found;
  };
}

/** Of all providers where the catalogue has no prices of this one. */
function dearestOf(catalog: Catalog, provider: string): CatalogModel {
  const own = listsOf(catalog, (model) => model.provider === provider);
  const lists = own.length > 0 ? own : listsOf(catalog, () => true);
  const usdPerMTok = Object.fromEntries(
    usageKinds.flatMap((kind) => {
      const figures = lists.flatMap((list) => list[kind] ?? []);
      return figures.length === 0 ? [] : [[kind, Math.max(...figures)] as const];
    }),
  );
  return {
    provider,
    id: 'dearest',
    price: { id: `${provider}/dearest@${catalog.asOf}`, usdPerMTok, asOf: catalog.asOf, source: 'the dearest known' },
    tokenizer: 'unknown',
  };
}

function listsOf(catalog: Catalog, isMeant: (model: CatalogModel) => boolean): UsdPerMTok[] {
  return [...catalog.models()].flatMap((model) =>
    model.price === undefined || !isMeant(model)
      ? []
      : [
          model.price.usdPerMTok,
          ...(model.price.longContext === undefined ? [] : [model.price.longContext.usdPerMTok]),
        ],
  );
}
