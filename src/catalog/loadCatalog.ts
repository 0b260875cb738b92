import type { Catalog, CatalogModel, ModelLookup } from './catalog.ts';
import { createModelIndex, type FoundModel, type ModelIndex } from './modelIndex.ts';
import { type ModelName, readModelName } from './modelName.ts';
import { overriddenModels, type PriceOverrides } from './overriddenModels.ts';
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
  'groq',
  'cerebras',
  'fireworks',
  'together',
  'cloudflare',
  'aws',
  'azure',
  'github-copilot',
];

const phases = ['exact', 'rule', 'dated'] as const;

function toModel({ patterns: _, ...row }: PriceRow): CatalogModel {
  return row;
}

function rank(provider: string): number {
  const place = providerOrder.indexOf(provider);
  return place < 0 ? providerOrder.length : place;
}

function indexByProvider(rows: readonly PriceRow[]): Map<string, ModelIndex> {
  const providers = [...new Set(rows.map((row) => row.provider))].sort((a, b) => rank(a) - rank(b));
  return new Map(
    providers.map((provider) => {
      const own = rows.filter((row) => row.provider === provider);
      return [provider, createModelIndex(own.map((row) => ({ model: toModel(row), patterns: row.patterns })))];
    }),
  );
}

/** Ids that are ordinary words (`command`, `sonar`) or too short to be told from other names (`o1`). */
function standsAlone(id: string): boolean {
  return id.length >= 4 && /[-\d]/.test(id);
}

/** No model id is a text with spaces, none is longer, and all but bare words carry a digit or a hyphen. */
const idShape = /^[@A-Za-z][\w.:@/-]{2,119}$/;

/**
 * Makes the catalogue from the price data (`media/prices.json`) and the prices of the user's configuration.
 * @param overrides by model id, qualified or not; they win over the data
 * @throws PriceDataInvalid when the data are not in the format of `media/PRICES.md`
 */
export function loadCatalog(data: unknown, overrides: PriceOverrides = {}): Catalog {
  const table = parsePriceTable(data);
  const indexes = indexByProvider(table.rows);

  const find = ({ provider, id }: ModelName): FoundModel | undefined => {
    const searched = provider === undefined ? [...indexes.values()] : [indexes.get(provider)];
    for (const phase of phases)
      for (const index of searched) {
        const found = index?.[phase](id);
        if (found !== undefined) return found;
      }
    return undefined;
  };
  const listed = (text: string, provider?: string): FoundModel | undefined => {
    for (const name of readModelName(text, provider)) {
      const found = find(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const overridden = overriddenModels(overrides, listed, table.asOf);

  const lookup = (text: string, provider?: string): ModelLookup => {
    const found = overridden.find(text, provider) ?? listed(text, provider);
    if (found === undefined) return { kind: 'unknown', id: text };
    const replaced = overridden.find(`${found.model.provider}/${found.model.id}`, undefined);
    return { kind: 'known', model: replaced?.model ?? found.model, match: found.match };
  };
  const hasExactId = (text: string): boolean =>
    idShape.test(text) && standsAlone(text) && lookup(text).kind === 'known';
  const names = new Set([...indexes.values()].flatMap((index) => [...index.names()]).filter(standsAlone));

  return {
    asOf: table.asOf,
    lookup,
    hasExactId: (text) => names.has(text) || hasExactId(text),
    *models() {
      for (const row of table.rows)
        yield overridden.find(`${row.provider}/${row.id}`, undefined)?.model ?? toModel(row);
      yield* overridden.added();
    },
  };
}
