import type { SpendingLimit } from '../config/config.ts';

/** Whose money a call is. */
export interface Spender {
  readonly workspaceId: string;
  /** Pseudonym of the end user the request names; undefined = the person at this machine. */
  readonly user: string | undefined;
  readonly feature: string | undefined;
  readonly session: string | undefined;
  /** What routed the call, as its ledger row says it; undefined = the client named its model. */
  readonly route: string | undefined;
  /** Git branch; undefined = not known, or none checked out. */
  readonly branch: string | undefined;
  /** One run of tests, as its client names it; undefined = none. */
  readonly testRun: string | undefined;
}

/** The machine's own work (batch jobs): nobody else's, of no feature, session, route, branch or test run. */
export function machineSpender(workspaceId: string): Spender {
  return {
    workspaceId,
    user: undefined,
    feature: undefined,
    session: undefined,
    route: undefined,
    branch: undefined,
    testRun: undefined,
  };
}

/** Which spending a limit counts. A field that is absent does not narrow; `null` is "none named". */
export interface SpendingFilter {
  readonly workspaceId?: string;
  readonly user?: string | null;
  readonly feature?: string;
  readonly session?: string | null;
  readonly route?: string;
  readonly branch?: string;
  readonly testRun?: string;
}

/** Picodollars spent by calls that began at `fromMs` or later. */
export type SpendingHistory = (filter: SpendingFilter, fromMs: number) => bigint;

export interface ScopedSpending {
  /** As told to the user: `workspace`, `feature:search`. Never a pseudonym. */
  readonly name: string;
  readonly filter: SpendingFilter;
  /** Calls without a session have no end; they are counted by the day. */
  readonly byDay: boolean;
}

/**
 * What a limit counts for this spender; undefined where it is for somebody or something else.
 * `user` counts over all workspaces. A `testRun` ends when it ends: within its window it is counted as one.
 */
export function spendingScope({ scope, window }: SpendingLimit, spender: Spender): ScopedSpending | undefined {
  // A name may have colons of its own: `feature:billing:refunds`.
  const at = scope.indexOf(':');
  const kind = at < 0 ? scope : scope.slice(0, at);
  const only = at < 0 ? undefined : scope.slice(at + 1);
  const { workspaceId, user, session } = spender;
  const ofSession = window === 'session' ? { session: session ?? null } : {};
  const byDay = window === 'session' && session === undefined;
  switch (kind) {
    case 'workspace':
      return { name: scope, filter: { workspaceId, ...ofSession }, byDay };
    case 'user':
      if (only !== undefined && only !== user) return undefined;
      return { name: kind, filter: { user: user ?? null, ...ofSession }, byDay };
    case 'feature':
    case 'route':
    case 'branch':
    case 'testRun': {
      const own = spender[kind];
      if (own === undefined || (only !== undefined && only !== own)) return undefined;
      // A run of tests is a session of its own, however many its tests have.
      if (kind === 'testRun') return { name: `${kind}:${own}`, filter: { workspaceId, testRun: own }, byDay: false };
      return { name: `${kind}:${own}`, filter: { workspaceId, [kind]: own, ...ofSession }, byDay };
    }
    case 'session':
      if (only !== undefined && only !== session) return undefined;
      return { name: kind, filter: { workspaceId, session: session ?? null }, byDay: session === undefined };
    default:
      return undefined;
  }
}

/** True where a spender's calls are among those that a filter counts. */
export function isCounted(filter: SpendingFilter, spender: Spender): boolean {
  const { workspaceId, user, feature, session, route, branch, testRun } = spender;
  return (
    (filter.workspaceId === undefined || filter.workspaceId === workspaceId) &&
    (filter.user === undefined || filter.user === (user ?? null)) &&
    (filter.feature === undefined || filter.feature === feature) &&
    (filter.session === undefined || filter.session === (session ?? null)) &&
    (filter.route === undefined || filter.route === route) &&
    (filter.branch === undefined || filter.branch === branch) &&
    (filter.testRun === undefined || filter.testRun === testRun)
  );
}
