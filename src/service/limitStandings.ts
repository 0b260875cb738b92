import type { SpendingEvent, SpendingState } from '../budget/spendingLimits.ts';
import type { LimitStanding } from './api.ts';

export interface LimitStandingsDeps {
  /** The limits of the whole workspace, as they stand. */
  readonly statesOf: (workspaceId: string) => readonly SpendingState[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Which limits of a workspace are passed: those of all its calls, and those of a feature or session that have been told of. */
export interface LimitStandings {
  of(workspaceId: string): LimitStanding[];
  note(event: SpendingEvent): void;
}

const maxNoted = 100;

export function createLimitStandings({ statesOf, now }: LimitStandingsDeps): LimitStandings {
  /** Limits that are passed or have refused a call, by what they count. */
  const noted = new Map<string, SpendingState>();
  const isOver = ({ resetAtMs = Number.POSITIVE_INFINITY }: SpendingState): boolean => resetAtMs <= now();
  return {
    of(workspaceId) {
      const whole = statesOf(workspaceId);
      const shown = new Set(whole.map(nameOf));
      for (const [key, state] of noted) if (isOver(state)) noted.delete(key);
      const others = [...noted.values()].filter(
        (state) => state.workspaceId === workspaceId && !shown.has(nameOf(state)),
      );
      return [...whole, ...others].map((state) => standing(state, isPassed(state) || noted.has(keyOf(state))));
    },
    note({ kind, state }) {
      if (kind === 'threshold' || kind === 'downgraded') return;
      noted.set(keyOf(state), state);
      const [oldest] = noted.keys();
      if (noted.size > maxNoted && oldest !== undefined) noted.delete(oldest);
    },
  };
}

function isPassed({ spentPicoUsd, limitPicoUsd }: SpendingState): boolean {
  return spentPicoUsd >= limitPicoUsd;
}

/** The limit, whatever it was raised to. */
function nameOf({ scope, limit: { window, limitUsd } }: SpendingState): string {
  return JSON.stringify([scope, window, limitUsd]);
}

/** A limit that was raised has another amount, and is passed anew. */
function keyOf({ workspaceId, scope, window, limitPicoUsd, resetAtMs }: SpendingState): string {
  return JSON.stringify([workspaceId, scope, window, String(limitPicoUsd), resetAtMs]);
}

function standing(state: SpendingState, exceeded: boolean): LimitStanding {
  const { scope, window, limitPicoUsd, spentPicoUsd, onExceed, resetAtMs, limit } = state;
  return {
    scope,
    window,
    limitPicoUsd: String(limitPicoUsd),
    spentPicoUsd: String(spentPicoUsd),
    onExceed,
    exceeded,
    configured: { scope: limit.scope, window: limit.window, limitUsd: limit.limitUsd },
    raisable: isRaisable(state),
    ...(resetAtMs === undefined ? {} : { resetAtMs }),
  };
}

/** A team's limit is not one person's to raise; a limit that only warns stops nobody. */
export function isRaisable({ limit }: Pick<SpendingState, 'limit'>): boolean {
  return limit.shared !== true && limit.onExceed !== 'warn';
}
