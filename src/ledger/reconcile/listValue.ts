import type { Catalog } from '../../catalog/catalog.ts';
import type { Price } from '../../catalog/price.ts';
import { priceAt } from '../../catalog/priceAt.ts';
import { rateOf } from '../../catalog/rateOf.ts';
import { usageKinds } from '../../catalog/usage.ts';
import { startOfUtcDay } from './days.ts';
import type { ListValue } from './splitVariance.ts';

const noonMs = 43_200_000;
const picoUsdPerTokenAtOneUsdPerMTok = 1_000_000;

/** A token of a model without a list price, so that at least tokens are compared. */
const weightOfToken = picoUsdPerTokenAtOneUsdPerMTok;

/** What tokens of a model cost at the list of a day, below the long-context edge. */
export function createListValue(catalog: Catalog, provider: string, model: string, day: string): ListValue {
  const found = catalog.lookup(model, provider);
  const listed = found.kind === 'known' ? found.model.price : undefined;
  const price = listed === undefined ? undefined : priceAt(listed, startOfUtcDay(day) + noonMs);
  return (usage, tier) => {
    let picoUsd = 0;
    for (const kind of usageKinds) {
      const tokens = usage[kind] ?? 0;
      if (tokens !== 0) picoUsd += tokens * tokenValue(price, kind, tier);
    }
    return { picoUsd, listed: price !== undefined };
  };
}

function tokenValue(
  price: Price | undefined,
  kind: (typeof usageKinds)[number],
  tier: Parameters<ListValue>[1],
): number {
  if (price === undefined) return weightOfToken;
  const rate =
    rateOf(price, kind, tier, false) ??
    rateOf(price, kind, 'standard', false) ??
    rateOf(price, 'input', 'standard', false);
  return rate === undefined ? weightOfToken : rate.usd * picoUsdPerTokenAtOneUsdPerMTok;
}
