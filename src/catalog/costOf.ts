import type { Cost } from './cost.ts';
import type { LongContextTier, Price, ServiceTier, UsdPerMTok } from './price.ts';
import { totalInputTokens, type Usage, type UsageKind, usageKinds } from './usage.ts';

export interface CostOptions {
  /** What the provider says it served, not what was asked for. */
  readonly serviceTier?: ServiceTier;
  /** Makes the cost an estimate: the usage was counted by us, the stream was cut, the price is the base model's. */
  readonly estimatedBecause?: string;
}

/** A rate in USD per million tokens; `because` where the price list does not state it as such. */
interface Rate {
  readonly usd: number;
  readonly because?: string;
}

const picoUsdPerTokenAtOneUsdPerMTok = 1_000_000;

function isLong(usage: Usage, { aboveInputTokens, inclusive }: LongContextTier): boolean {
  const input = totalInputTokens(usage);
  return inclusive ? input >= aboveInputTokens : input > aboveInputTokens;
}

/**
 * The rate of one kind in one list of figures.
 * Reasoning without a price of its own is billed as output (OpenAI, Anthropic, Google, xAI). Cached input without one is
 * taken at the input price, which no provider exceeds: an estimate. Cache writes and audio have no such rule: no rate.
 */
function listRate(figures: UsdPerMTok, kind: UsageKind): Rate | undefined {
  const own = figures[kind];
  if (own !== undefined) return { usd: own };
  if (kind === 'reasoning' && figures.output !== undefined) return { usd: figures.output };
  if (kind === 'cacheRead' && figures.input !== undefined)
    return { usd: figures.input, because: 'no cached-input price is listed, so it is taken at the input price' };
  return undefined;
}

/** A kind that a tier's list leaves out is scaled as the tier scales input. Cached input is not: it may not be cheaper. */
function tierRate(figures: UsdPerMTok, standard: UsdPerMTok, kind: UsageKind, tier: string): Rate | undefined {
  const listed = listRate(figures, kind);
  if (listed !== undefined) return listed;
  const base = listRate(standard, kind);
  if (base === undefined || figures.input === undefined || !standard.input) return undefined;
  return { usd: (base.usd * figures.input) / standard.input, because: `the ${tier} price of ${kind} is not listed` };
}

function rateOf(price: Price, kind: UsageKind, tier: ServiceTier, long: boolean): Rate | undefined {
  const { usdPerMTok: standard, longContext } = price;
  const figures = tier === 'standard' ? standard : price.tiers?.[tier];
  if (figures === undefined) return undefined;
  const rate = tier === 'standard' ? listRate(standard, kind) : tierRate(figures, standard, kind, tier);
  if (!long || longContext === undefined || rate === undefined) return rate;
  const longRate = tierRate(longContext.usdPerMTok, standard, kind, 'long-context');
  if (longRate === undefined || tier === 'standard') return longRate;
  const base = listRate(standard, kind);
  if (base === undefined || base.usd === 0) return undefined;
  return { usd: (longRate.usd * rate.usd) / base.usd, because: `long-context and ${tier} prices combined` };
}

/** One kind's part of a cost: `tokens × usdPerMTok = picoUsd`. */
export interface CostLine {
  readonly kind: UsageKind;
  readonly tokens: number;
  /** Undefined where the rate of this kind is not known. */
  readonly rate?: { readonly usdPerMTok: number; readonly picoUsd: number; readonly estimatedBecause?: string };
}

/**
 * How a usage's cost is made, kind by kind; kinds without tokens are left out.
 * Above the long-context edge every kind is billed at the dear rates; the edge counts all input, cached or not.
 */
export function costLines(usage: Usage, price: Price, tier: ServiceTier = 'standard'): CostLine[] {
  const long = price.longContext !== undefined && isLong(usage, price.longContext);
  return usageKinds.flatMap((kind) => {
    const tokens = usage[kind] ?? 0;
    if (tokens === 0) return [];
    const rate = rateOf(price, kind, tier, long);
    if (rate === undefined) return [{ kind, tokens }];
    const picoUsd = tokens * Math.round(rate.usd * picoUsdPerTokenAtOneUsdPerMTok);
    const because = rate.because === undefined ? {} : { estimatedBecause: rate.because };
    return [{ kind, tokens, rate: { usdPerMTok: rate.usd, picoUsd, ...because } }];
  });
}

/**
 * What a usage costs at a price, in whole picodollars: the sum of its `costLines`.
 * `unpriced` when the price, the tier, or the rate of a kind that was used is not known: never zero instead.
 * @param usage a partition of the billed tokens
 */
export function costOf(usage: Usage, price: Price | undefined, options: CostOptions = {}): Cost {
  if (price === undefined) return { status: 'unpriced', reason: 'no price is known for this model' };
  const tier = options.serviceTier ?? 'standard';
  const reasons = [options.estimatedBecause, price.estimatedBecause];
  let picoUsd = 0;
  for (const { kind, rate } of costLines(usage, price, tier)) {
    if (rate === undefined) return { status: 'unpriced', reason: `no ${tier} price is known for ${kind} tokens` };
    picoUsd += rate.picoUsd;
    reasons.push(rate.estimatedBecause);
  }
  if (!Number.isSafeInteger(picoUsd) || picoUsd < 0)
    return { status: 'unpriced', reason: 'the usage is not a possible one' };
  const reason = [...new Set(reasons.filter((because) => because !== undefined))].join('; ');
  return reason === ''
    ? { status: 'exact', picoUsd, priceId: price.id }
    : { status: 'estimated', picoUsd, priceId: price.id, reason };
}
