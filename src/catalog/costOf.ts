import type { Cost } from './cost.ts';
import type { Price, ServiceTier } from './price.ts';
import { priceAt } from './priceAt.ts';
import { type Rate, rateOf } from './rateOf.ts';
import { totalInputTokens, type Usage, type UsageKind, type Uses, usageKinds, useKinds } from './usage.ts';

export interface CostOptions {
  /** What the provider says it served, not what was asked for. */
  readonly serviceTier?: ServiceTier;
  /** Makes the cost an estimate: the usage was counted by us, the stream was cut, the price is the base model's. */
  readonly estimatedBecause?: string;
  /** When the call was made: decides between prices of other days and hours. Without it, today's list price. */
  readonly atMs?: number;
  /** What is billed by the piece beside the tokens. A call is one `request`. */
  readonly uses?: Uses;
}

const picoUsdPerTokenAtOneUsdPerMTok = 1_000_000;
const picoUsdPerUsd = 1e12;

function isLong(usage: Usage, { longContext }: Price): boolean {
  if (longContext === undefined) return false;
  const input = totalInputTokens(usage);
  return longContext.inclusive ? input >= longContext.aboveInputTokens : input > longContext.aboveInputTokens;
}

/** One kind's part of a cost: `tokens × usdPerMTok = picoUsd`. */
export interface CostLine {
  readonly kind: UsageKind;
  readonly tokens: number;
  /** Undefined where the rate of this kind is not known. */
  readonly rate?: { readonly usdPerMTok: number; readonly picoUsd: number; readonly estimatedBecause?: string };
}

function picoUsdOfTokens(tokens: number, rate: Rate): number {
  return tokens * Math.round(rate.usd * picoUsdPerTokenAtOneUsdPerMTok);
}

/**
 * How a usage's cost is made, kind by kind; kinds without tokens are left out.
 * Above the long-context edge every kind is billed at the dear rates; the edge counts all input, cached or not.
 */
export function costLines(usage: Usage, price: Price, tier: ServiceTier = 'standard'): CostLine[] {
  const long = isLong(usage, price);
  return usageKinds.flatMap((kind) => {
    const tokens = usage[kind] ?? 0;
    if (tokens === 0) return [];
    const rate = rateOf(price, kind, tier, long);
    if (rate === undefined) return [{ kind, tokens }];
    const because = rate.because === undefined ? {} : { estimatedBecause: rate.because };
    return [{ kind, tokens, rate: { usdPerMTok: rate.usd, picoUsd: picoUsdOfTokens(tokens, rate), ...because } }];
  });
}

/** Fees of a search context that has no figure of its own are those of the largest: an estimate. */
function feeOf({ usdPerUse = {} }: Price, kind: (typeof useKinds)[number]): Rate | undefined {
  const usd = usdPerUse[kind];
  if (usd !== undefined) return { usd };
  if (kind === 'request') return { usd: 0 };
  if ((kind === 'requestLow' || kind === 'requestMedium') && usdPerUse.request !== undefined)
    return { usd: usdPerUse.request, because: 'the fee of this search context is not listed' };
  return undefined;
}

/**
 * What a usage costs at a price, in whole picodollars: the sum of its `costLines` and of the fees of its uses.
 * `unpriced` when the price, the tier, or the rate of a kind that was used is not known: never zero instead. A use whose
 * fee is not known makes an estimate: the tokens are most of such a bill, and are known.
 * @param usage a partition of the billed tokens
 */
export function costOf(usage: Usage, listed: Price | undefined, options: CostOptions = {}): Cost {
  if (listed === undefined) return { status: 'unpriced', reason: 'no price is known for this model' };
  const price = options.atMs === undefined ? listed : priceAt(listed, options.atMs);
  const tier = options.serviceTier ?? 'standard';
  const long = isLong(usage, price);
  let reasons = joined(options.estimatedBecause, price.estimatedBecause);
  let picoUsd = 0;
  for (const kind of usageKinds) {
    const tokens = usage[kind] ?? 0;
    if (tokens === 0) continue;
    const rate = rateOf(price, kind, tier, long);
    if (rate === undefined) return { status: 'unpriced', reason: `no ${tier} price is known for ${kind} tokens` };
    picoUsd += picoUsdOfTokens(tokens, rate);
    reasons = joined(reasons, rate.because);
  }
  if (options.uses !== undefined) {
    for (const kind of useKinds) {
      const uses = options.uses[kind] ?? 0;
      if (uses === 0) continue;
      const fee = feeOf(price, kind);
      picoUsd += fee === undefined ? 0 : Math.round(uses * fee.usd * picoUsdPerUsd);
      reasons = joined(reasons, fee === undefined ? `the fee of ${useNames[kind]} is not in the figure` : fee.because);
    }
  } else if (price.usdPerUse?.request !== undefined) reasons = joined(reasons, 'the fee per request comes on top');
  if (!Number.isSafeInteger(picoUsd) || picoUsd < 0)
    return { status: 'unpriced', reason: 'the usage is not a possible one' };
  return reasons === undefined
    ? { status: 'exact', picoUsd, priceId: price.id }
    : { status: 'estimated', picoUsd, priceId: price.id, reason: reasons };
}

const useNames: Readonly<Record<(typeof useKinds)[number], string>> = {
  request: 'the request',
  requestLow: 'the request',
  requestMedium: 'the request',
  webSearch: 'web searches',
  fileSearch: 'file searches',
  image: 'images',
  audioHour: 'audio',
  page: 'pages',
  character: 'characters',
};

/** Reasons are few and each is told once; most costs have none, and then nothing is allocated. */
function joined(reasons: string | undefined, more: string | undefined): string | undefined {
  if (more === undefined || reasons === undefined) return reasons ?? more;
  return reasons.split('; ').includes(more) ? reasons : `${reasons}; ${more}`;
}
