import type { UsageKind } from './usage.ts';

/** USD per million tokens, per kind. A kind without a figure is billed as the kind it falls back to (see `cost.ts`). */
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
}
