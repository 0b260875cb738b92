import type { SpendingObjection } from '../batch/job.ts';
import type { ObjectToSpending } from '../batch/planSpending.ts';
import { batchExceeds, modelUnpriced } from '../budget/errors.ts';
import type { SpendingLimits, SpendingState } from '../budget/spendingLimits.ts';
import { machineSpender } from '../budget/spendingScope.ts';
import type { Config } from '../config/config.ts';

/** Asks the spending limits of a workspace about a batch before any of it is sent. */
export function batchSpending(
  spending: Pick<SpendingLimits, 'uncovered'>,
  configOf: (workspaceId: string) => Config,
): ObjectToSpending {
  return (workspaceId, { worstPicoUsd, unpriced: [unpriced] }) => {
    const { budgets, prices, reconcile } = configOf(workspaceId);
    if (budgets.length === 0) return undefined;
    if (unpriced !== undefined && prices.unpriced === 'block') return { message: modelUnpriced(unpriced).message };
    // What costs nothing is let through by a limit that is spent.
    if (worstPicoUsd === 0n) return undefined;
    const ask = { spender: machineSpender(workspaceId), limits: budgets, timeZone: reconcile.timezone };
    const state = spending.uncovered(ask, worstPicoUsd);
    return state === undefined ? undefined : objection(state, worstPicoUsd);
  };
}

function objection(state: SpendingState, worstPicoUsd: bigint | undefined): SpendingObjection {
  return {
    message: batchExceeds(state, worstPicoUsd),
    limit: {
      scope: state.scope,
      window: state.window,
      limitPicoUsd: String(state.limitPicoUsd),
      spentPicoUsd: String(state.spentPicoUsd),
      heldPicoUsd: String(state.reservedPicoUsd),
      ...(state.resetAtMs === undefined ? {} : { resetAtMs: state.resetAtMs }),
    },
    ...(worstPicoUsd === undefined ? {} : { worstPicoUsd: String(worstPicoUsd) }),
  };
}
