import { hash, randomUUID } from 'node:crypto';
import { type CallLimits, createLimits } from '../budget/createLimits.ts';
import { createSharedSpending } from '../budget/createSharedSpending.ts';
import type { PromptCounter } from '../budget/promptCounter.ts';
import {
  createSpendingLimits,
  type SpendingAsk,
  type SpendingLimits,
  type SpendingState,
} from '../budget/spendingLimits.ts';
import { machineSpender } from '../budget/spendingScope.ts';
import { windowAt } from '../budget/spendingWindow.ts';
import type { CacheClock } from '../cache/entryStore.ts';
import type { RedisLink } from '../cache/redis/redisLink.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import { createSpentReader } from '../ledger/createSpentReader.ts';
import type { ProxyClock } from '../proxy/deps.ts';
import type { LimitStanding, RaisedLimit, RaiseLimit } from './api.ts';
import { limitNotRaised, sharedLimitsNotice, spendingNotice, unpricedUnderLimit } from './errors.ts';
import { createLimitRaises } from './limitRaises.ts';
import { createLimitStandings, isRaisable } from './limitStandings.ts';
import { describeError } from './log.ts';
import type { PipelineContext } from './pipeline.ts';
import { createSharedLimitStores } from './sharedLimitStores.ts';

export interface ServiceLimitsDeps {
  readonly context: Pick<PipelineContext, 'store' | 'ledger' | 'publish' | 'notify' | 'identity' | 'log'>;
  /** The Redis of a team that a configuration names. */
  readonly linkOf: (config: Config, workspaceId: string) => RedisLink | undefined;
  readonly clock: ProxyClock & CacheClock;
  readonly catalogOf: (workspaceId: string) => Catalog;
  readonly configOf: (workspaceId: string) => Config;
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
  /** The limits of the whole workspace, as they stand. */
  readonly statesOf: (workspaceId: string) => readonly SpendingState[];
  /** Those of a window's workspace, and what has been passed for a feature or session. Never throws. */
  readonly standingsOf: (workspaceId: string) => readonly LimitStanding[];
  /** Throws `ControlRefused` where it is not to be raised. */
  readonly raise: (request: RaiseLimit) => RaisedLimit;
  readonly close: () => void;
} {
  const { context, catalogOf, configOf, prompts, clock, linkOf, underWay } = deps;
  const { now, startTimer } = clock;
  const never = new AbortController().signal;
  const raises = createLimitRaises(context.store, now);
  const spending = createSpendingLimits({
    now,
    underWay,
    history: createSpentReader(context.store, context.ledger),
    raisedUsd: raises.raisedUsd,
    onEvent: (event) => {
      standings.note(event);
      context.publish(event.state.workspaceId, { type: 'notice', notice: spendingNotice(event) });
      publishStandings(event.state.workspaceId);
    },
  });
  const askOf = (workspaceId: string): SpendingAsk => {
    const { budgets, reconcile } = configOf(workspaceId);
    return { spender: machineSpender(workspaceId), limits: budgets, timeZone: reconcile.timezone };
  };
  const statesOf = (workspaceId: string): SpendingState[] => spending.states(askOf(workspaceId));
  const standings = createLimitStandings({ statesOf, now });
  const standingsOf = (workspaceId: string): readonly LimitStanding[] => {
    try {
      return standings.of(workspaceId);
    } catch (error) {
      // Calls go on without what is shown of their limits.
      context.log.warn('how spending limits stand cannot be read', { error: describeError(error) });
      return [];
    }
  };
  const publishStandings = (workspaceId: string): void =>
    context.publish(workspaceId, { type: 'limits', limits: standingsOf(workspaceId) });
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
  const raise = ({ workspaceId, limit, toUsd }: RaiseLimit): RaisedLimit => {
    const { budgets, reconcile } = configOf(workspaceId);
    const found = budgets.find(
      ({ scope, window, limitUsd }) => scope === limit.scope && window === limit.window && limitUsd === limit.limitUsd,
    );
    if (found === undefined || !isRaisable({ limit: found }) || toUsd <= found.limitUsd) throw limitNotRaised();
    const { resetAtMs: untilMs = now() } = windowAt('day', now(), reconcile.timezone);
    raises.raise(workspaceId, found, toUsd, untilMs);
    context.log.info('a spending limit was raised for today', { workspace: workspaceId, scope: found.scope, toUsd });
    publishStandings(workspaceId);
    return { untilMs };
  };
  return { limits, spending, statesOf, standingsOf, raise, close: shared.close };
}
