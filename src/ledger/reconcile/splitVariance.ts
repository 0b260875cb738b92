import type { ServiceTier } from '../../catalog/price.ts';
import { type Usage, type UsageKind, usageKinds } from '../../catalog/usage.ts';
import type { DayPair, UsageByTier } from './pairDays.ts';

/**
 * Why a provider bills something else than the ledger has:
 * `bypass` calls with keys that do not go through Tollgate, or where keys are not told apart, calls that were not recorded;
 * `missing` calls with our keys that the ledger does not have; `notOnInvoice` calls that only the ledger has;
 * `unpriced` recorded calls without a price; `estimated` recorded calls whose tokens were estimated;
 * `tier` tokens billed at another service tier than recorded; `price` the same tokens at other rates;
 * `unexplained` where the report has costs but no usage.
 */
export const varianceParts = [
  'bypass',
  'missing',
  'notOnInvoice',
  'unpriced',
  'estimated',
  'tier',
  'price',
  'unexplained',
] as const;

export type VariancePart = (typeof varianceParts)[number];

/** Picodollars, provider minus ledger. */
export type VarianceParts = Readonly<Record<VariancePart, bigint>>;

/** What tokens cost at the list: picodollars, or only a weight where the model has no list price. */
export type ListValue = (usage: Usage, tier: ServiceTier) => { readonly picoUsd: number; readonly listed: boolean };

export const noVariance: VarianceParts = {
  bypass: 0n,
  missing: 0n,
  notOnInvoice: 0n,
  unpriced: 0n,
  estimated: 0n,
  tier: 0n,
  price: 0n,
  unexplained: 0n,
};

/**
 * Splits a day's difference by cause; the parts add up to it exactly.
 * Tokens are valued at the rate the ledger paid that day for that model, so that contracts and long-context prices, which
 * sums over a day cannot show, are in it; where the ledger has none, at the list price.
 * @param costPicoUsd what the provider bills, undefined where its report has no costs
 */
export function splitVariance(pair: DayPair, list: ListValue, costPicoUsd: bigint | undefined): VarianceParts {
  const { ledger, provider } = pair;
  if (provider.usage === undefined) {
    const part = costPicoUsd === undefined ? 'notOnInvoice' : 'unexplained';
    return { ...noVariance, [part]: (costPicoUsd ?? 0n) - ledger.costPicoUsd };
  }
  const { own, foreign } = provider.usage;
  const rate = ourRate(pair, list, costPicoUsd);
  const recorded = rate * listValueOf(ledger.priced, list);
  const tier = provider.usage.tiersKnown ? rate * movedBetweenTiers(ledger.priced, ledger.unpriced, own, list) : 0;
  const foreignValue = rate * listValueOf(atKnownTiers(foreign, pair), list);
  const more = rate * listValueOf(atKnownTiers(own, pair), list) - recorded - tier;
  const unpriced = Math.min(Math.max(more, 0), rate * listValueOf(ledger.unpriced, list));
  const { estimated, coverage } = splitCoverage(pair, more - unpriced, more + recorded + tier);
  const { keysTold } = provider.usage;
  const parts = {
    bypass: whole(foreignValue + (keysTold ? 0 : Math.max(coverage, 0))),
    missing: whole(keysTold ? Math.max(coverage, 0) : 0),
    notOnInvoice: whole(Math.min(coverage, 0)),
    unpriced: whole(unpriced),
    estimated: whole(estimated),
    tier: whole(tier),
  };
  const explained = Object.values(parts).reduce((sum, part) => sum + part, 0n);
  const price = costPicoUsd === undefined ? 0n : costPicoUsd - ledger.costPicoUsd - explained;
  return { ...noVariance, ...parts, price };
}

/** Picodollars billed to us per picodollar of the list. */
function ourRate({ ledger, provider }: DayPair, list: ListValue, costPicoUsd: bigint | undefined): number {
  const listed = listValueOf(ledger.priced, list);
  if (listed > 0) return Number(ledger.costPicoUsd) / listed;
  const usage = provider.usage;
  if (usage === undefined || costPicoUsd === undefined || isListed(usage.own, list) || isListed(usage.foreign, list))
    return 1;
  const weight = listValueOf(usage.own, list) + listValueOf(usage.foreign, list);
  return weight > 0 ? Number(costPicoUsd) / weight : 1;
}

/**
 * What more the provider counts with our keys is calls that the ledger lacks, or estimates that were wrong. Counts of requests
 * tell them apart; without, a wrong estimate is held to be at most as wrong as it is large.
 */
function splitCoverage({ ledger, provider }: DayPair, more: number, ownValue: number) {
  if (ledger.estimatedRequests === 0) return { estimated: 0, coverage: more };
  const requests = provider.usage?.ownRequests;
  if (requests === undefined) {
    const limit = Number(ledger.estimatedPicoUsd);
    const estimated = Math.min(limit, Math.max(-limit, more));
    return { estimated, coverage: more - estimated };
  }
  const lacking = requests - ledger.requests - ledger.unpricedRequests;
  const coverage = requests === 0 ? 0 : (ownValue / requests) * lacking;
  return { estimated: more - coverage, coverage };
}

/** Where the report tells no tiers apart, tokens are taken to be split as the ledger has them. */
function atKnownTiers(usage: UsageByTier, { ledger, provider }: DayPair): UsageByTier {
  if (provider.usage?.tiersKnown !== false) return usage;
  const all = usage.get('standard');
  if (all === undefined || ledger.priced.size <= 1) {
    const [only] = ledger.priced.keys();
    return all === undefined || only === undefined ? usage : new Map([[only, all]]);
  }
  const split = new Map<ServiceTier, Partial<Record<UsageKind, number>>>();
  for (const kind of usageKinds) {
    const tokens = all[kind] ?? 0;
    const sum = [...ledger.priced.values()].reduce((count, tierUsage) => count + (tierUsage[kind] ?? 0), 0);
    for (const [tier, tierUsage] of ledger.priced) {
      const share = sum === 0 ? Number(tier === 'standard') : (tierUsage[kind] ?? 0) / sum;
      split.set(tier, { ...split.get(tier), [kind]: tokens * share });
    }
    if (sum === 0 && !ledger.priced.has('standard'))
      split.set('standard', { ...split.get('standard'), [kind]: tokens });
  }
  return split;
}

/** What it makes that tokens were billed at another tier than recorded: more in one tier, as many fewer in another. */
function movedBetweenTiers(priced: UsageByTier, unpriced: UsageByTier, own: UsageByTier, list: ListValue): number {
  const tiers = new Set<ServiceTier>([...priced.keys(), ...own.keys()]);
  if (tiers.size < 2) return 0;
  let value = 0;
  for (const kind of usageKinds) {
    const gained = { tokens: 0, value: 0 };
    const lost = { tokens: 0, value: 0 };
    for (const tier of tiers) {
      const recorded = (priced.get(tier)?.[kind] ?? 0) + (unpriced.get(tier)?.[kind] ?? 0);
      const excess = (own.get(tier)?.[kind] ?? 0) - recorded;
      const side = excess > 0 ? gained : lost;
      const tokens = Math.abs(excess);
      side.tokens += tokens;
      side.value += list({ [kind]: tokens }, tier).picoUsd;
    }
    const moved = Math.min(gained.tokens, lost.tokens);
    if (moved > 0) value += moved * (gained.value / gained.tokens - lost.value / lost.tokens);
  }
  return value;
}

function listValueOf(usage: UsageByTier, list: ListValue): number {
  let sum = 0;
  for (const [tier, tokens] of usage) sum += list(tokens, tier).picoUsd;
  return sum;
}

function isListed(usage: UsageByTier, list: ListValue): boolean {
  return [...usage].some(([tier, tokens]) => list(tokens, tier).listed);
}

function whole(picoUsd: number): bigint {
  return BigInt(Math.round(picoUsd));
}
