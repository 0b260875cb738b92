import type { ServiceTier } from '../../catalog/price.ts';
import type { Usage } from '../../catalog/usage.ts';

/** Tokens a provider says it served on one day. */
export interface ReportedUsage {
  /** `2026-11-24`, in the report's own time zone (UTC for the APIs). */
  readonly day: string;
  readonly model: string;
  /** Absent where the report does not tell tiers apart. */
  readonly tier?: ServiceTier;
  /** The provider's id of the key, or its name in an exported file. */
  readonly keyId?: string;
  readonly usage: Usage;
  /** Absent where the provider does not count requests (Anthropic). */
  readonly requests?: number;
}

/** Money a provider says it bills for one day. */
export interface ReportedCost {
  readonly day: string;
  /** Absent for what is not billed by the token: searches, code execution, credits. */
  readonly model?: string;
  readonly keyId?: string;
  /** The provider's own words for the line. */
  readonly item: string;
  /** Negative for credits. */
  readonly picoUsd: bigint;
}

/** A provider's own numbers, from its API or from its exported files. */
export interface ProviderReport {
  readonly usage: readonly ReportedUsage[];
  readonly costs: readonly ReportedCost[];
}

/** The item of costs that are one figure for a whole day. */
export const wholeDay = 'all usage';

export const emptyReport: ProviderReport = { usage: [], costs: [] };

export function joinReports(reports: readonly ProviderReport[]): ProviderReport {
  return { usage: reports.flatMap(({ usage }) => usage), costs: reports.flatMap(({ costs }) => costs) };
}
