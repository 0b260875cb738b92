import type { UsageKind } from './usage.ts';

/** USD per million tokens, per kind. What a kind without a figure costs is decided in `costOf.ts`. */
export type UsdPerMTok = Readonly<Partial<Record<UsageKind, number>>>;

/** Above `aboveInputTokens` the whole request, output and cache included, is billed at `usdPerMTok`: a cliff. */
export interface LongContextTier {
  readonly aboveInputTokens: number;
  /** xAI bills `>=` at the dear rate, everybody else `>`. */
  readonly inclusive: boolean;
  readonly usdPerMTok: UsdPerMTok;
}

export type ServiceTier = 'standard' | 'batch' | 'flex' | 'priority';

/** The dated list price of one model. */
export interface Price {
  /** `openai/gpt-4o@2026-09-22`: what a ledger row names as the price it was made with. */
  readonly id: string;
  readonly usdPerMTok: UsdPerMTok;
  readonly longContext?: LongContextTier;
  readonly tiers?: Readonly<Partial<Record<Exclude<ServiceTier, 'standard'>, UsdPerMTok>>>;
  /** ISO date of the figures. */
  readonly asOf: string;
  readonly source: string;
  /** Why costs made with these figures are estimates: prices by the time of day, of which only one is held here. */
  readonly estimatedBecause?: string;
}
