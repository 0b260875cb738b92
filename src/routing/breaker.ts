import type { AttemptFailure } from './failureClass.ts';

/**
 * Remembers which targets have failed lately, so that calls with a choice ask the others first. It only ever says what to
 * put last: a target without an alternative is always asked. Times are milliseconds since the epoch.
 */
export interface Breaker {
  /** Whether to ask others first: it cools down, or somebody is finding out right now whether it is back. */
  isOpen(key: string, nowMs: number): boolean;
  /** It is being asked; where it had cooled down, this is the probe that others wait for. */
  asked(key: string, nowMs: number): void;
  /** It has answered, be it with an error that is the request's own fault. */
  succeeded(key: string): void;
  /** @param retryAfterMs what it has asked for */
  failed(key: string, failure: AttemptFailure, retryAfterMs: number | undefined, nowMs: number): void;
}

interface Health {
  /** Without a success in between. */
  failures: number;
  openUntilMs: number;
  probeUntilMs: number;
}

/** This many failures of a kind that may be chance open the breaker. */
const toleratedFailures = 3;
const coolingMs = 5000;
const longestCoolingMs = 60_000;
/** A quota does not come back within seconds. */
const quotaCoolingMs = 5 * 60_000;
/** No provider is taken at its word for longer. */
const longestRetryAfterMs = 10 * 60_000;
/** A probe that has not come back by then is no reason to wait any longer. */
const probeMs = 30_000;
/** Targets are few; keys that are never asked again must not pile up. */
const rememberedKeys = 500;

export function createBreaker(): Breaker {
  const known = new Map<string, Health>();

  const healthOf = (key: string): Health => {
    const health = known.get(key) ?? { failures: 0, openUntilMs: 0, probeUntilMs: 0 };
    // The one that failed longest ago is forgotten first.
    known.delete(key);
    known.set(key, health);
    if (known.size > rememberedKeys) known.delete(known.keys().next().value ?? key);
    return health;
  };

  return {
    isOpen(key, nowMs) {
      const health = known.get(key);
      return health !== undefined && (nowMs < health.openUntilMs || nowMs < health.probeUntilMs);
    },
    asked(key, nowMs) {
      const health = known.get(key);
      if (health !== undefined && health.openUntilMs > 0) health.probeUntilMs = nowMs + probeMs;
    },
    succeeded: (key) => void known.delete(key),
    failed(key, failure, retryAfterMs, nowMs) {
      if (!isTargetsFault(failure)) return void known.delete(key);
      const health = healthOf(key);
      health.failures++;
      health.probeUntilMs = 0;
      const cooling = coolingFor(failure, health.failures, retryAfterMs);
      if (cooling > 0) health.openUntilMs = nowMs + cooling;
    },
  };
}

/** Wrong keys have to be seen, and bad requests are nobody's weakness. */
function isTargetsFault(failure: AttemptFailure): boolean {
  return failure === 'overload' || failure === 'server' || failure === 'connect' || failure === 'quota';
}

function coolingFor(failure: AttemptFailure, failures: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, longestRetryAfterMs);
  if (failure === 'quota') return quotaCoolingMs;
  const beyond = failures - (failure === 'overload' ? 1 : toleratedFailures);
  return beyond < 0 ? 0 : Math.min(coolingMs * 2 ** beyond, longestCoolingMs);
}
