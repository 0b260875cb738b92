import type { SpendingObjection } from './job.ts';
import type { JobRecord } from './jobRecord.ts';

/** What is about to be spent, as the spending limits are asked about it. */
export interface BatchSpending {
  /** Of what has a price; undefined = nothing bounds it. */
  readonly worstPicoUsd: bigint | undefined;
  /** Models without a known price. */
  readonly unpriced: readonly { readonly provider: string; readonly model: string }[];
}

/** Says why this must not be spent; undefined = it may. */
export type ObjectToSpending = (workspaceId: string, spending: BatchSpending) => SpendingObjection | undefined;

/** The worst case of jobs together. */
export function spendingOf(
  jobs: readonly Pick<JobRecord, 'provider' | 'model' | 'demo' | 'isUnpriced' | 'worstPicoUsd'>[],
): BatchSpending {
  let worstPicoUsd: bigint | undefined = 0n;
  const unpriced = new Map<string, BatchSpending['unpriced'][number]>();
  for (const { provider, model, demo, isUnpriced, worstPicoUsd: worst } of jobs) {
    if (demo) continue;
    if (isUnpriced) unpriced.set(`${provider}/${model}`, { provider, model });
    else worstPicoUsd = worstPicoUsd === undefined || worst === undefined ? undefined : worstPicoUsd + worst;
  }
  return { worstPicoUsd, unpriced: [...unpriced.values()] };
}
