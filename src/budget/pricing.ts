import type { Catalog, CatalogModel } from '../catalog/catalog.ts';
import { usageKinds } from '../catalog/usage.ts';
import type { Target } from '../config/config.ts';
import type { DearestModel } from './dearestModel.ts';
import { modelOf } from './worstCase.ts';

/** How limits price a target. `dearest`: no price is known, so its provider's dearest is taken. `local`: billed by nobody. */
export interface TargetPricing {
  readonly model: CatalogModel;
  readonly basis: 'listed' | 'local' | 'dearest';
}

export interface PricingDeps {
  readonly catalog: Catalog;
  readonly dearest: DearestModel;
  /** A server of models on the user's own machine. */
  readonly isLocal: (target: Target) => boolean;
}

/** Models of one's own machine that have no price cost nothing; any other has one, known or not. */
export function pricingOf({ catalog, dearest, isLocal }: PricingDeps): (target: Target) => TargetPricing {
  return (target) => {
    const model = modelOf(catalog, target);
    if (model?.price !== undefined) return { model, basis: 'listed' };
    const bounds = model?.maxOutputTokens === undefined ? {} : { maxOutputTokens: model.maxOutputTokens };
    if (isLocal(target)) return { model: { ...freeModel, ...bounds }, basis: 'local' };
    return { model: { ...dearest(catalog, target.provider), ...bounds }, basis: 'dearest' };
  };
}

const freeModel: CatalogModel = {
  provider: 'local',
  id: 'local',
  price: {
    id: 'local',
    usdPerMTok: Object.fromEntries(usageKinds.map((kind) => [kind, 0])),
    asOf: '',
    source: 'the model runs on this machine',
  },
  tokenizer: 'local',
};
