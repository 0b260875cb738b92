import type { CatalogModel } from '../catalog/catalog.ts';
import { costOf } from '../catalog/costOf.ts';
import type { Usage } from '../catalog/usage.ts';

/** An attempt whose cost is not known: its model has no price, or it broke and nobody has said what is billed. */
export interface UncostedAttempt {
  readonly provider: string;
  readonly usage: Usage;
}

/**
 * What limits count it at: what it used, at the dearest price of its provider. Where it is not known what it used, what was
 * held for the call. Picodollars.
 */
export function uncostedPicoUsd({ usage }: UncostedAttempt, dearest: CatalogModel, heldPicoUsd: bigint): bigint {
  if (Object.keys(usage).length === 0) return heldPicoUsd;
  const cost = costOf(usage, dearest.price);
  return cost.status === 'exact' || cost.status === 'estimated' ? BigInt(cost.picoUsd) : heldPicoUsd;
}
