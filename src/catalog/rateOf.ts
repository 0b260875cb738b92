import type { Price, ServiceTier, UsdPerMTok } from './price.ts';
import type { UsageKind } from './usage.ts';

/** A rate in USD per million tokens; `because` where the price list does not state it as such. */
export interface Rate {
  readonly usd: number;
  readonly because?: string;
}

/**
 * The rate of one kind in one list of figures.
 * Reasoning without a price of its own is billed as output (OpenAI, Anthropic, Google, xAI), images as the text tokens
 * they are counted as (OpenAI's, Anthropic's and Google's guides to images in prompts). Cached input without one is taken
 * at the input price, which no provider exceeds: an estimate. Cache writes and audio have no such rule: no rate.
 */
function listRate(figures: UsdPerMTok, kind: UsageKind): Rate | undefined {
  const own = figures[kind];
  if (own !== undefined) return { usd: own };
  if ((kind === 'reasoning' || kind === 'outputImage') && figures.output !== undefined) return { usd: figures.output };
  if (kind === 'inputImage' && figures.input !== undefined) return { usd: figures.input };
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

/** What one kind of token costs at a tier, on the given side of the long-context edge; undefined where nobody says. */
export function rateOf(price: Price, kind: UsageKind, tier: ServiceTier, long: boolean): Rate | undefined {
  const { usdPerMTok: standard, longContext } = price;
  const figures = tier === 'standard' ? standard : price.tiers?.[tier];
  if (figures === undefined) return undefined;
  if (!long || longContext === undefined)
    return tier === 'standard' ? listRate(standard, kind) : tierRate(figures, standard, kind, tier);
  const longRate = tierRate(longContext.usdPerMTok, standard, kind, 'long-context');
  if (longRate === undefined || tier === 'standard') return longRate;
  const both = longContext.tiers?.[tier];
  if (both !== undefined) return tierRate(both, longContext.usdPerMTok, kind, `long-context ${tier}`);
  const rate = tierRate(figures, standard, kind, tier);
  const base = listRate(standard, kind);
  if (rate === undefined || base === undefined || base.usd === 0) return undefined;
  return { usd: (longRate.usd * rate.usd) / base.usd, because: `long-context and ${tier} prices combined` };
}
