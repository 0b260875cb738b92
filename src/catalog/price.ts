import type { UsageKind, UseKind } from './usage.ts';

/** USD per million tokens, per kind. What a kind without a figure costs is decided in `costOf.ts`. */
export type UsdPerMTok = Readonly<Partial<Record<UsageKind, number>>>;

/** USD of one use: a web search, a request, an hour of audio. */
export type UsdPerUse = Readonly<Partial<Record<UseKind, number>>>;

export type ServiceTier = 'standard' | 'batch' | 'flex' | 'priority';

export type TierPrices = Readonly<Partial<Record<Exclude<ServiceTier, 'standard'>, UsdPerMTok>>>;

/** Above `aboveInputTokens` the whole request, output and cache included, is billed at `usdPerMTok`: a cliff. */
export interface LongContextTier {
  readonly aboveInputTokens: number;
  /** xAI bills `>=` at the dear rate, everybody else `>`. */
  readonly inclusive: boolean;
  readonly usdPerMTok: UsdPerMTok;
  readonly tiers?: TierPrices;
}

/** The dated list price of one model. */
export interface Price {
  /** `openai/gpt-4o@2026-09-22`: what a ledger row names as the price it was made with. */
  readonly id: string;
  readonly usdPerMTok: UsdPerMTok;
  readonly longContext?: LongContextTier;
  readonly tiers?: TierPrices;
  readonly usdPerUse?: UsdPerUse;
  /** ISO date of the figures. */
  readonly asOf: string;
  readonly source: string;
  /** Why costs made with these figures are estimates: prices by the time of day, of which only one is held here. */
  readonly estimatedBecause?: string;
  /** When other figures than these hold; the first that is in force counts. Read through `priceAt`. */
  readonly periods?: readonly PricePeriod[];
  /** ISO dates from which the list has other figures, in order. For `pricesAge`. */
  readonly changesOn?: readonly string[];
}

/** A span of time with a price of its own. */
export interface PricePeriod {
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** Minutes of the day, UTC; `to` is not in it, and may lie on the next day. */
  readonly daily?: { readonly from: number; readonly to: number };
  readonly price: Price;
}
