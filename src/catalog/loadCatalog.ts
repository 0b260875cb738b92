import type { Catalog, CatalogModel, ModelLookup } from './catalog.ts';
import { createIdentifierLookup } from './identifierLookup.ts';
import { createModelIndex, type FoundModel, type ModelIndex } from './modelIndex.ts';
import { canonicalProvider, type ModelName, readModelName } from './modelName.ts';
import { overriddenModels, type PriceOverrides } from './overriddenModels.ts';
import { priceOn } from './priceAt.ts';
import { type PriceRow, parsePriceTable } from './priceTable.ts';

/** Which provider an unqualified id is taken to be of, where several sell it: makers first, resellers last. */
const providerOrder = [
  'openai',
  'anthropic',
  'google',
  'mistral',
  'deepseek',
  'xai',
  'cohere',
  'perplexity',
  'moonshotai',
  'minimax',
  'zai',
  'zhipuai',
  'voyageai',
  'ai21',
  'jina',
  'reka',
  'alibaba',
  'groq',
  'cerebras',
  'fireworks',
  'together',
  'cloudflare',
  'aws',
  'azure',
  'github-copilot',
];

const rememberedLookups = 200;

const phases = ['exact', 'rule', 'dated'] as const;

function toModel({ patterns: _, ...row }: PriceRow, nowMs: number | undefined): CatalogModel {
  return nowMs === undefined ? row : { ...row, price: priceOn(row.price, nowMs) };
}

function rank(provider: string): number {
  const place = providerOrder.indexOf(provider);
  return place < 0 ? providerOrder.length : place;
}

function indexByProvider(rows: readonly PriceRow[], nowMs: number | undefined): Map<string, ModelIndex> {
  const byProvider = new Map<string, PriceRow[]>();
  for (const row of rows) {
    const own = byProvider.get(row.provider);
    if (own === undefined) byProvider.set(row.provider, [row]);
    else own.push(row);
  }
  const sorted = [...byProvider].sort(([a], [b]) => rank(a) - rank(b));
  return new Map(
    sorted.map(([provider, own]) => [
      provider,
      createModelIndex(own.map((row) => ({ model: toModel(row, nowMs), patterns: row.patterns }))),
    ]),
  );
}

/** Ids that are ordinary words (`command`, `sonar`) or too short to be told from other names (`o1`). */
function standsAlone(id: string): boolean {
  return id.length >= 4 && /[-\d]/.test(id);
}

/** No model id is a text with spaces, none is longer, and all but bare words carry a digit or a hyphen. */
const idShape = /^[@A-Za-z][\w.:@/-]{2,119}$/;

/** The maker's price under a reseller's name: usually the same, and not stated. */
function asResold(found: FoundModel): FoundModel {
  const { price } = found.model;
  if (price === undefined) return found;
  const estimatedBecause =
    price.estimatedBecause ?? 'this provider is taken to charge what the maker of the model does';
  const { periods, ...plain } = price;
  const resold = periods?.map((period) => ({ ...period, price: { ...period.price, estimatedBecause } }));
  return {
    ...found,
    model: { ...found.model, price: { ...plain, ...(resold && { periods: resold }), estimatedBecause } },
  };
}

export interface CatalogOptions {
  /** By model id, qualified or not; they win over the data. */
  readonly overrides?: PriceOverrides;
  /** The catalogue's names of providers that the user's configuration calls otherwise (`openai-eu`). */
  readonly providerNames?: ReadonlyMap<string, string>;
  /** A change of price that was announced for a day before this is in the figures. Without it: figures of the list's date. */
  readonly nowMs?: number;
}

/**
 * Makes the catalogue from the price data (`media/prices.json`) and the prices of the user's configuration.
 * @throws PriceDataInvalid when the data are not in the format of `media/PRICES.md`
 */
export function loadCatalog(data: unknown, { overrides = {}, providerNames, nowMs }: CatalogOptions = {}): Catalog {
  const table = parsePriceTable(data);
  const indexes = indexByProvider(table.rows, nowMs);
  const gateways = [...indexes.keys()].filter((provider) => !providerOrder.includes(provider));
  const indexesOf = (providers: readonly string[]) => providers.flatMap((provider) => indexes.get(provider) ?? []);
  const sellers = indexesOf([...indexes.keys()].filter((provider) => providerOrder.includes(provider)));
  const gatewayIndexes = indexesOf(gateways);

  const find = ({ provider, id }: ModelName, anyone = sellers): FoundModel | undefined => {
    const searched = provider === undefined ? anyone : indexesOf([provider]);
    for (const phase of phases)
      for (const index of searched) {
        const found = index[phase](id);
        if (found !== undefined) return found;
      }
    return undefined;
  };
  const resold = (text: string, provider: string): FoundModel | undefined => {
    const sold = table.fallbacks.get(provider);
    if (sold === undefined) return undefined;
    for (const { provider: maker, id } of readModelName(text, undefined)) {
      if (maker !== undefined && !sold.includes(maker)) continue;
      for (const candidate of maker === undefined ? sold : [maker]) {
        const found = find({ provider: candidate, id });
        if (found !== undefined) return asResold(found);
      }
    }
    return undefined;
  };
  const listed = (text: string, provider?: string): FoundModel | undefined => {
    const names = readModelName(text, provider);
    for (const name of names) {
      const found = find(name);
      if (found !== undefined) return found;
    }
    for (const { id, provider: reseller } of names) {
      const found = reseller === undefined ? undefined : resold(id, reseller);
      if (found !== undefined) return found;
    }
    // what only a gateway lists, under a qualified id of its own
    return provider === undefined && text.includes('/') ? find({ provider, id: text }, gatewayIndexes) : undefined;
  };
  const overridden = overriddenModels(overrides, listed, table.asOf);

  const looked = new Map<string, ModelLookup>();
  const lookup = (text: string, named?: string): ModelLookup => {
    const key = named === undefined ? text : `${text}\n${named}`;
    const known = looked.get(key);
    if (known !== undefined) return known;
    // A call asks for the same few models again and again; a scan asks for each text once.
    if (looked.size >= rememberedLookups) looked.clear();
    const fresh = lookedUp(text, named);
    looked.set(key, fresh);
    return fresh;
  };
  const lookedUp = (text: string, named?: string): ModelLookup => {
    const provider = named === undefined ? undefined : (providerNames?.get(named) ?? named);
    const found = overridden.find(text, named) ?? overridden.find(text, provider) ?? listed(text, provider);
    if (found === undefined) return { kind: 'unknown', id: text };
    const replaced = overridden.find(`${found.model.provider}/${found.model.id}`, undefined);
    return { kind: 'known', model: replaced?.model ?? found.model, match: found.match };
  };
  const hasExactId = (text: string): boolean => {
    if (!idShape.test(text) || !standsAlone(text)) return false;
    const found = lookup(text);
    // a gateway's ids are those of open weights too, which run anywhere
    return found.kind === 'known' && !isOfGateway(found.model, text);
  };
  const isOfGateway = ({ provider }: CatalogModel, text: string): boolean =>
    gateways.includes(provider) && canonicalProvider(text.split(/[/:]/)[0] ?? '') !== provider;
  const names = new Set(sellers.flatMap((index) => [...index.names()]).filter(standsAlone));

  const allNames = () => [...sellers, ...gatewayIndexes].flatMap((index) => [...index.names()]);

  return {
    asOf: table.asOf,
    lookup,
    lookupIdentifier: createIdentifierLookup(allNames, lookup),
    hasExactId: (text) => names.has(text) || hasExactId(text),
    *models() {
      for (const row of table.rows)
        yield overridden.find(`${row.provider}/${row.id}`, undefined)?.model ?? toModel(row, nowMs);
      yield* overridden.added();
    },
  };
}
