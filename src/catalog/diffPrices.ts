import type { Catalog, CatalogModel } from './catalog.ts';
import { type UsageKind, usageKinds } from './usage.ts';

/** One figure of a model that differs. */
export interface PriceChange {
  /** `openai/gpt-4o`. */
  readonly model: string;
  readonly kind: UsageKind;
  /** USD per million tokens; undefined where one list has no figure. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

export interface PriceDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The largest change first. */
  readonly changed: readonly PriceChange[];
  /** Models whose tiers, fees, dates or limits differ and whose figures do not. */
  readonly otherwise: readonly string[];
}

function nameOf({ provider, id }: CatalogModel): string {
  return `${provider}/${id}`;
}

function byName(catalog: Catalog): Map<string, CatalogModel> {
  return new Map([...catalog.models()].map((model) => [nameOf(model), model]));
}

/** How many times dearer or cheaper; a figure that comes or goes is the largest change there is. */
export function changeFactor({ before, after }: PriceChange): number {
  if (!before || !after) return Number.POSITIVE_INFINITY;
  return Math.max(after / before, before / after);
}

/** What is not figures of input, output and cache: dates of the list are no difference. */
function rest({ price, ...model }: CatalogModel): string {
  const { id: _id, asOf: _asOf, source: _source, usdPerMTok: _figures, periods, ...terms } = price ?? {};
  const spans = periods?.map(({ price: { usdPerMTok, longContext }, ...when }) => [when, usdPerMTok, longContext]);
  return JSON.stringify([model, terms, spans]);
}

/** What changes when one list of prices takes the place of another. */
export function diffPrices(before: Catalog, after: Catalog): PriceDiff {
  const [old, now] = [byName(before), byName(after)];
  const changed: PriceChange[] = [];
  const otherwise: string[] = [];
  for (const [name, model] of now) {
    const was = old.get(name);
    if (was === undefined) continue;
    const changes = usageKinds.flatMap((kind): PriceChange[] => {
      const figures = { before: was.price?.usdPerMTok[kind], after: model.price?.usdPerMTok[kind] };
      return figures.before === figures.after ? [] : [{ model: name, kind, ...figures }];
    });
    changed.push(...changes);
    if (changes.length === 0 && rest(was) !== rest(model)) otherwise.push(name);
  }
  return {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: changed.sort((a, b) => changeFactor(b) - changeFactor(a)),
    otherwise,
  };
}

/** Whether there is nothing to tell but the date. */
export function isSamePrices({ added, removed, changed, otherwise }: PriceDiff): boolean {
  return added.length + removed.length + changed.length + otherwise.length === 0;
}
