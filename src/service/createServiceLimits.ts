import { hash, randomUUID } from 'node:crypto';
import { type CallLimits, createLimits } from '../budget/createLimits.ts';
import { createSharedSpending } from '../budget/createSharedSpending.ts';
import type { PromptCounter } from '../budget/promptCounter.ts';
import { createSpendingLimits, type SpendingLimits } from '../budget/spendingLimits.ts';
import type { CacheClock } from '../cache/entryStore.ts';
import type { RedisLink } from '../cache/redis/redisLink.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import { createSpentReader } from '../ledger/createSpentReader.ts';
import type { ProxyClock } from '../proxy/deps.ts';
import { sharedLimitsNotice, spendingNotice, unpricedUnderLimit } from './errors.ts';
import type { PipelineContext } from './pipeline.ts';
import { createSharedLimitStores } from './sharedLimitStores.ts';

export interface ServiceLimitsDeps {
  readonly context: Pick<PipelineContext, 'store' | 'ledger' | 'publish' | 'notify' | 'identity' | 'log'>;
  /** The Redis of a team that a configuration names. */
  readonly linkOf: (config: Config, workspaceId: string) => RedisLink | undefined;
  readonly clock: ProxyClock & CacheClock;
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly prompts: PromptCounter;
  /** By workspace, the most that batch jobs under way can still cost. Picodollars. */
  readonly underWay: () => ReadonlyMap<string, bigint>;
}

/** A call waits this long for the team's count at most. */
const sharedPatienceMs = 250;

/** Limits over this service's ledger; what they have to say goes to the windows of the workspace. */
export function createServiceLimits(deps: ServiceLimitsDeps): {
  readonly limits: CallLimits;
  readonly spending: SpendingLimits;
  readonly close: () => void;
} {
  const { context, catalogOf, prompts, clock, linkOf, underWay } = deps;
  const { now, startTimer } = clock;
  const never = new AbortController().signal;
  const spending = createSpendingLimits({
    now,
    underWay,
    history: createSpentReader(context.store, context.ledger),
    onEvent: (event) => context.publish(event.state.workspaceId, { type: 'notice', notice: spendingNotice(event) }),
  });
  const shared = createSharedSpending({
    spending,
    storeOf: createSharedLimitStores({ linkOf, wait: (ms) => clock.wait(ms, never), withinMs: sharedPatienceMs }),
    // Its digest: the key itself goes nowhere.
    installation: hash('sha256', context.identity.pseudonymKey, 'base64url').slice(0, 16),
    newId: randomUUID,
    startTimer,
    onAway: (isAway) => context.notify(sharedLimitsNotice(isAway)),
  });
  const limits = createLimits({
    catalogOf,
    prompts,
    spending: shared,
    onUnpriced: (workspaceId, { provider, model }) =>
      context.publish(workspaceId, { type: 'notice', notice: unpricedUnderLimit(`${provider}/${model}`) }),
  });
  return { limits, spending, close: shared.close };
}
