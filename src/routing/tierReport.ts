import type { TierFault } from './answerFault.ts';
import type { Interval } from './wilson.ts';

/** How a tier does on a route, measured from traffic within the window. */
export interface TierReport {
  /** The route's name, `classifier`, or `named` for calls that named the alias themselves. */
  readonly rule: string;
  readonly alias: string;
  readonly windowMs: number;
  /** Answers of providers; what the cache answered says nothing. */
  readonly calls: number;
  /** Calls with at least one fault, escalations aside. */
  readonly failed: number;
  readonly faults: Readonly<Partial<Record<TierFault, number>>>;
  /** Share of failed calls with its 95 % interval (Wilson); absent without calls. */
  readonly errorRate?: Interval & { readonly share: number };
}

/** Where a guard has put its route. */
export interface GuardReport {
  readonly rule: string;
  /** The alias that the route names, and the one that answers. */
  readonly use: string;
  readonly now: string;
  /** Tiers moved up; 0 = as configured. */
  readonly up: number;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly maxErrorRate: number;
  readonly minCalls: number;
  readonly windowMs: number;
  /** Present while calls find out whether the tier below has recovered, or from when they will. */
  readonly probe?: { readonly calls: number; readonly failed: number; readonly of: number; readonly fromMs: number };
}

export interface RouteQualityReport {
  readonly tiers: readonly TierReport[];
  readonly guards: readonly GuardReport[];
}

/** A route was moved; told once. */
export interface GuardEvent {
  readonly workspaceId: string;
  readonly rule: string;
  readonly direction: 'up' | 'down';
  readonly from: string;
  readonly to: string;
  readonly calls: number;
  readonly failed: number;
  readonly errorRate: Interval & { readonly share: number };
}
