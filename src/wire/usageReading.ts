import type { ServiceTier } from '../catalog/price.ts';
import { type Usage, type UsageKind, type Uses, usageKinds } from '../catalog/usage.ts';
import type { JsonObject } from './json.ts';

/** A provider's usage object, turned into the partition. */
export interface UsageReading {
  readonly usage: Usage;
  readonly raw: JsonObject;
  /** What is billed by the piece: searches, and the kind of request where requests have a fee. */
  readonly uses?: Uses;
  /** Why a cost worked out from it is an estimate; absent = the figures are consistent and complete. */
  readonly doubt?: string;
}

/** Leaves zeros out, so that equal usages are equal objects. */
export function usageOf(tokens: Usage): Usage {
  const usage: Partial<Record<UsageKind, number>> = {};
  for (const kind of usageKinds) {
    const count = tokens[kind];
    if (count !== undefined && count > 0) usage[kind] = count;
  }
  return usage;
}

/** What a billed call is charged for beside its tokens: itself, once, and what its reply lists. */
export function usesOfCall(uses: Uses = {}): Uses {
  return 'requestLow' in uses || 'requestMedium' in uses ? uses : { request: 1, ...uses };
}

/** A count as a provider writes it; null, absent and nonsense are zero. */
export function countAt(object: JsonObject | undefined, key: string): number {
  const value = object?.[key];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

const tiers: Readonly<Record<string, ServiceTier>> = {
  default: 'standard',
  standard: 'standard',
  auto: 'standard',
  scale: 'standard',
  flex: 'flex',
  priority: 'priority',
  fast: 'priority',
  batch: 'batch',
};

/** The tier a provider's word stands for; undefined for none or one that is not known. */
export function serviceTierOf(word: unknown): ServiceTier | undefined {
  return typeof word === 'string' && Object.hasOwn(tiers, word) ? tiers[word] : undefined;
}
