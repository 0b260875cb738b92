import type { Config, RouteConfig } from '../config/config.ts';
import type { TierFault } from './answerFault.ts';
import { type TierShift, unshifted } from './createRouter.ts';
import {
  type CountedAnswer,
  type GuardState,
  type GuardStep,
  guardAnswer,
  guardProbe,
  probeSize,
  startGuard,
} from './guard.ts';
import { addOutcome, emptyWindow, type OutcomeWindow, sumOutcomes } from './outcomeWindow.ts';
import { createRetryWatch } from './retryWatch.ts';
import type { GuardEvent, GuardReport, RouteQualityReport, TierReport } from './tierReport.ts';
import { wilson, z95 } from './wilson.ts';

/** One answer, or what there was instead of one. */
export interface RouteOutcome {
  readonly workspaceId: string;
  readonly config: Pick<Config, 'routes' | 'tiers'>;
  readonly rule: string;
  readonly alias: string;
  readonly isProbe: boolean;
  readonly faults: readonly TierFault[];
  /** Tells the same request again; a digest, never the prompt. */
  readonly request: string;
}

/** What is kept over restarts: one record per route and tier, and one per guard. */
export type QualityRecord =
  | {
      readonly kind: 'tier';
      readonly workspaceId: string;
      readonly rule: string;
      readonly alias: string;
      readonly window: OutcomeWindow;
    }
  | { readonly kind: 'guard'; readonly workspaceId: string; readonly rule: string; readonly state: GuardState };

export interface QualityMemory {
  load(): readonly QualityRecord[];
  /** Called for every change; may write later. Never throws. */
  save(record: QualityRecord): void;
}

export interface RouteQualityDeps {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly memory: QualityMemory;
  readonly onMove: (event: GuardEvent) => void;
  readonly onChange: (workspaceId: string) => void;
}

/** How tiers do on their routes, and where guards have put the routes because of it. */
export interface RouteQuality {
  /** A request is about to go to a provider: one that came before and is asked again was not answered well. */
  asked(workspaceId: string, config: RouteOutcome['config'], request: string): void;
  record(outcome: RouteOutcome): void;
  shiftOf(workspaceId: string, rule: string, config: RouteOutcome['config']): TierShift;
  report(workspaceId: string, config: RouteOutcome['config']): RouteQualityReport;
}

const defaultWindowMs = 86_400_000;
/** One in so many calls finds out about the tier below. */
const probeEvery = 10;

export function createRouteQuality({ now, memory, onMove, onChange }: RouteQualityDeps): RouteQuality {
  const tiers = new Map<string, Extract<QualityRecord, { kind: 'tier' }>>();
  const guards = new Map<string, Extract<QualityRecord, { kind: 'guard' }>>();
  const turns = new Map<string, number>();
  const retries = createRetryWatch();
  for (const record of memory.load()) {
    if (record.kind === 'tier') tiers.set(keyOf(record.workspaceId, record.rule, record.alias), record);
    else guards.set(keyOf(record.workspaceId, record.rule), record);
  }

  const count = (outcome: RouteOutcome, calls: number, failed: number, faults: readonly TierFault[]): void => {
    const { workspaceId, rule, alias, config } = outcome;
    const windowMs = routeOf(config, rule)?.guard?.windowMs ?? defaultWindowMs;
    const key = keyOf(workspaceId, rule, alias);
    const known = tiers.get(key)?.window;
    const window = known?.windowMs === windowMs ? known : emptyWindow(windowMs);
    const sums = { calls, failed, faults: Object.fromEntries(faults.map((fault) => [fault, 1])) };
    const record = { kind: 'tier', workspaceId, rule, alias, window: addOutcome(window, sums, now()) } as const;
    tiers.set(key, record);
    memory.save(record);
    onChange(workspaceId);
  };

  const step = (outcome: RouteOutcome, counted: CountedAnswer): void => {
    const { workspaceId, rule, alias, config } = outcome;
    const route = routeOf(config, rule);
    const guard = route?.guard;
    const at = route === undefined ? -1 : config.tiers.indexOf(route.use);
    if (route === undefined || guard === undefined || at < 0) return;
    const key = keyOf(workspaceId, rule);
    const known = guards.get(key)?.state;
    const state = known?.seen.windowMs === guard.windowMs ? known : startGuard(guard, now());
    const present = config.tiers[at + state.up];
    let next: GuardStep | undefined;
    if (alias === present && !outcome.isProbe)
      next = guardAnswer(state, guard, counted, config.tiers.length - 1 - at, now());
    else if (outcome.isProbe && alias === config.tiers[at + state.up - 1])
      next = guardProbe(state, guard, counted, now());
    if (next === undefined) return;
    const record = { kind: 'guard', workspaceId, rule, state: next.state } as const;
    guards.set(key, record);
    memory.save(record);
    if (next.move === undefined) return;
    const { direction, calls, failed: failures } = next.move;
    const to = config.tiers[at + next.state.up] ?? alias;
    const from = present ?? alias;
    onMove({ workspaceId, rule, direction, from, to, calls, failed: failures, errorRate: rateOf(failures, calls) });
  };

  return {
    asked(workspaceId, config, request) {
      const earlier = retries.again(`${workspaceId}\n${request}`, now());
      if (earlier === undefined) return;
      const outcome = { workspaceId, config, ...earlier, faults: [], request };
      count(outcome, 0, earlier.failed ? 0 : 1, ['retried']);
      if (!earlier.failed) step(outcome, { calls: 0, failed: 1 });
    },
    record(outcome) {
      const { workspaceId, request, rule, alias, isProbe } = outcome;
      const failed = outcome.faults.some((fault) => fault !== 'escalated');
      retries.answered(`${workspaceId}\n${request}`, { rule, alias, isProbe, failed }, now());
      count(outcome, 1, failed ? 1 : 0, outcome.faults);
      step(outcome, { calls: 1, failed: failed ? 1 : 0 });
    },
    shiftOf(workspaceId, rule, config) {
      const key = keyOf(workspaceId, rule);
      const state = guards.get(key)?.state;
      if (state === undefined || state.up === 0 || routeOf(config, rule)?.guard === undefined) return unshifted;
      if (now() < state.probeAtMs) return { up: state.up, isProbe: false };
      const turn = (turns.get(key) ?? 0) + 1;
      turns.set(key, turn);
      return { up: state.up, isProbe: turn % probeEvery === 0 };
    },
    report(workspaceId, config) {
      const at = now();
      const own = <One extends { readonly workspaceId: string }>(records: Iterable<One>): One[] =>
        [...records].filter((record) => record.workspaceId === workspaceId);
      return {
        tiers: own(tiers.values())
          .map((record) => tierReport(record, at))
          .filter(({ calls, faults }) => calls > 0 || Object.keys(faults).length > 0),
        guards: own(guards.values()).flatMap(({ rule, state }) => guardReport(rule, state, config)),
      };
    },
  };
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\n');
}

function routeOf({ routes }: RouteOutcome['config'], rule: string): RouteConfig | undefined {
  return routes.find(({ name }) => name === rule);
}

function rateOf(failed: number, calls: number): TierReport['errorRate'] & object {
  return { share: calls === 0 ? 0 : failed / calls, ...wilson(Math.min(failed, calls), calls, z95) };
}

function tierReport(
  { rule, alias, window }: { rule: string; alias: string; window: OutcomeWindow },
  atMs: number,
): TierReport {
  const { calls, failed, faults } = sumOutcomes(window, atMs);
  const report = { rule, alias, windowMs: window.windowMs, calls, failed: Math.min(failed, calls), faults };
  return calls === 0 ? report : { ...report, errorRate: rateOf(failed, calls) };
}

function guardReport(rule: string, state: GuardState, config: RouteOutcome['config']): GuardReport[] {
  const route = routeOf(config, rule);
  const at = route === undefined ? -1 : config.tiers.indexOf(route.use);
  if (route?.guard === undefined || at < 0) return [];
  const { maxErrorRate, minCalls, windowMs } = route.guard;
  const now = config.tiers[Math.min(at + state.up, config.tiers.length - 1)] ?? route.use;
  const probe = { ...state.probe, of: probeSize(route.guard, state.probe.failed), fromMs: state.probeAtMs };
  const report = { rule, use: route.use, now, up: state.up, sinceMs: state.sinceMs, maxErrorRate, minCalls, windowMs };
  return [state.up === 0 ? report : { ...report, probe }];
}
