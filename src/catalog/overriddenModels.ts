import type { CatalogModel } from './catalog.ts';
import type { FoundModel } from './modelIndex.ts';
import { canonicalProvider } from './modelName.ts';
import type { Price, UsdPerMTok } from './price.ts';
import { parseUsdPerMTok } from './priceTable.ts';
import { usageKinds } from './usage.ts';

/** Prices of the user's own, by model id: `openai/my-ft`. */
export type PriceOverrides = Readonly<Record<string, { readonly usdPerMTok: UsdPerMTok }>>;

export interface OverriddenModels {
  find(text: string, provider: string | undefined): FoundModel | undefined;
  /** Models that only the overrides know. */
  added(): Iterable<CatalogModel>;
}

/** A contract's discount is taken to hold for the tiers too: each listed figure is scaled like its standard one. */
function scaleTier(tier: UsdPerMTok, listed: UsdPerMTok, own: UsdPerMTok): UsdPerMTok {
  const figures = usageKinds.flatMap((kind) => {
    const [tierUsd, listedUsd, ownUsd] = [tier[kind], listed[kind], own[kind]];
    if (tierUsd === undefined || listedUsd === undefined || listedUsd === 0 || ownUsd === undefined) return [];
    return [[kind, Number(((tierUsd / listedUsd) * ownUsd).toPrecision(12))] as const];
  });
  return Object.fromEntries(figures);
}

function ownPrice(id: string, own: UsdPerMTok, listed: Price | undefined, asOf: string): Price {
  const scale = (tier: UsdPerMTok) => scaleTier(tier, listed?.usdPerMTok ?? {}, own);
  const tiers = Object.entries(listed?.tiers ?? {}).map(([tier, figures]) => [tier, scale(figures)]);
  return {
    id: `${id}@override(${usageKinds.flatMap((kind) => (own[kind] === undefined ? [] : [`${kind}=${own[kind]}`])).join(',')})`,
    usdPerMTok: own,
    ...(listed?.longContext === undefined
      ? {}
      : { longContext: { ...listed.longContext, usdPerMTok: scale(listed.longContext.usdPerMTok) } }),
    ...(tiers.length === 0 ? {} : { tiers: Object.fromEntries(tiers) }),
    asOf,
    source: 'prices.overrides',
  };
}

function splitQualified(key: string): { provider: string; id: string } {
  const slash = key.indexOf('/');
  return slash > 0
    ? { provider: canonicalProvider(key.slice(0, slash)), id: key.slice(slash + 1) }
    : { provider: 'unknown', id: key };
}

/**
 * The models whose prices the user gave. One that the catalogue lists keeps its tokenizer and limits.
 * @param listed looks a name up in the price data alone
 * @throws PriceDataInvalid for a figure that is no price
 */
export function overriddenModels(
  overrides: PriceOverrides,
  listed: (text: string) => FoundModel | undefined,
  asOf: string,
): OverriddenModels {
  const byName = new Map<string, FoundModel>();
  const ofAnyProvider = new Map<string, FoundModel>();
  const added: CatalogModel[] = [];
  for (const [key, { usdPerMTok }] of Object.entries(overrides)) {
    const own = parseUsdPerMTok(usdPerMTok, `prices.overrides["${key}"].usdPerMTok`);
    const base = listed(key)?.model;
    const named = splitQualified(key);
    const { provider, id } = base ?? named;
    const price = ownPrice(key, own, base?.price, asOf);
    const found: FoundModel = { model: { ...(base ?? { provider, id, tokenizer: 'unknown' }), price }, match: 'exact' };
    byName.set(key, found);
    byName.set(`${provider}/${id}`, found);
    if (named.provider === 'unknown') ofAnyProvider.set(key, found);
    if (base !== undefined) continue;
    added.push(found.model);
    if (listed(id) === undefined && !byName.has(id)) byName.set(id, found);
  }
  const find = (text: string, provider: string | undefined): FoundModel | undefined => {
    if (byName.size === 0) return undefined;
    if (provider === undefined) return byName.get(text);
    const canonical = canonicalProvider(provider);
    return byName.get(`${provider}/${text}`) ?? byName.get(`${canonical}/${text}`) ?? ofAnyProvider.get(text);
  };
  return { find, added: () => added };
}
