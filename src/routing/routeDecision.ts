import type { RouteConfig } from '../config/config.ts';

/**
 * Why a call was given its alias. `match`: a route fits. `rules`, `model`: the classifier. `sticky`: its turn or
 * conversation has it already. `cacheWarm`: a lower tier would do, but would lose the cached prefix. `guard`: too many
 * answers of the tier below have failed. `probe`: whether they still do. `minTier`: the client asked for more.
 * `escalated`: the answer of the tier below failed a check.
 */
export type RouteReason =
  | 'match'
  | 'rules'
  | 'model'
  | 'sticky'
  | 'cacheWarm'
  | 'guard'
  | 'probe'
  | 'minTier'
  | 'escalated';

export interface RouteDecision {
  /** The route's name, or `classifier`. */
  readonly rule: string;
  /** Absent for the classifier's. */
  readonly route?: RouteConfig;
  readonly alias: string;
  readonly reason: RouteReason;
  /** It finds out whether the tier below has recovered. */
  readonly isProbe: boolean;
  /** `score=3`, `from=cheap`: for the explain header. */
  readonly notes: readonly string[];
}

export const classifierRule = 'classifier';
/** Under which calls are measured that named the alias of a tier themselves. */
export const namedRule = 'named';

/** `classify;task=classify;tier=cheap;reason=match`, for `x-tollgate-route`. */
export function decisionText({ rule, alias, reason, notes }: RouteDecision, task: string | undefined): string {
  const parts = [rule, ...(task === undefined ? [] : [`task=${task}`]), `tier=${alias}`, `reason=${reason}`, ...notes];
  return parts.join(';');
}
