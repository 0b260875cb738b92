import { type CallLimits, createLimits } from '../budget/createLimits.ts';
import type { PromptCounter } from '../budget/promptCounter.ts';
import { createSpendingLimits, type SpendingLimits } from '../budget/spendingLimits.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { createSpentReader } from '../ledger/createSpentReader.ts';
import { spendingNotice, unpricedUnderLimit } from './errors.ts';
import type { PipelineContext } from './pipeline.ts';

export interface ServiceLimitsDeps {
  readonly context: Pick<PipelineContext, 'store' | 'ledger' | 'publish' | 'log'>;
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly prompts: PromptCounter;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** By workspace, the most that batch jobs under way can still cost. Picodollars. */
  readonly underWay: () => ReadonlyMap<string, bigint>;
}

/** Limits over this service's ledger; what they have to say goes to the windows of the workspace. */
export function createServiceLimits(deps: ServiceLimitsDeps): {
  readonly limits: CallLimits;
  readonly spending: SpendingLimits;
} {
  const { context, catalogOf, prompts, now, underWay } = deps;
  const spending = createSpendingLimits({
    now,
    underWay,
    history: createSpentReader(context.store, context.ledger),
    onEvent: (event) => context.publish(event.state.workspaceId, { type: 'notice', notice: spendingNotice(event) }),
  });
  const limits = createLimits({
    catalogOf,
    prompts,
    spending,
    onUnpriced: (workspaceId, { provider, model }) =>
      context.publish(workspaceId, { type: 'notice', notice: unpricedUnderLimit(`${provider}/${model}`) }),
  });
  return { limits, spending };
}
