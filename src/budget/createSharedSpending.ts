import { hash } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { MoneyLimits } from './reserveMoney.ts';
import { renewScript, reserveScript, settleScript } from './sharedScripts.ts';
import type { AppliedLimit, SpendingAsk, SpendingDecision, SpendingLimits, SpendingRequest } from './spendingLimits.ts';

/** A Redis that a team shares. */
export interface SharedStore {
  /** Of all its keys. */
  readonly prefix: string;
  /** Runs a script as one step. Undefined = no answer in time, or none at all. */
  run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
}

export interface SharedSpendingDeps {
  readonly spending: SpendingLimits;
  /** Where a configuration shares its limits; undefined = nowhere. */
  readonly storeOf: (config: Config, workspaceId: string) => SharedStore | undefined;
  /** Tells this installation's spending from that of others. */
  readonly installation: string;
  readonly newId: () => string;
  /** Returns what cancels it. */
  readonly startTimer: (ms: number, run: () => void) => () => void;
  /** The store did not answer, or does again; told at each change. */
  readonly onAway: (isAway: boolean) => void;
  /** How long a machine that crashes holds its reservations; two minutes by default. */
  readonly leaseMs?: number;
}

/** Spending limits with those of a team, which every machine of it asks before each call. */
export interface SharedSpending extends MoneyLimits {
  close(): void;
}

const defaultLeaseMs = 120_000;
const settledMarkMs = 3_600_000;
/** Keys outlive their window, for calls that began in it. */
const keptAfterMs = 86_400_000;
/** Settlements that wait for the store; beyond, the oldest are known here only. */
const maxWaiting = 10_000;

interface SharedLimit extends AppliedLimit {
  readonly keys: readonly [hash: string, set: string];
  readonly untilMs: string;
}

interface Settlement {
  readonly store: SharedStore;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/**
 * Adds a team's store to the limits of one machine. Each machine counts for itself too, with what it last heard of the others:
 * while the store is away, that is what a limit holds by, and what was spent meanwhile is told to the store when it is back.
 */
export function createSharedSpending(deps: SharedSpendingDeps): SharedSpending {
  const { spending, storeOf, installation, newId, startTimer, onAway, leaseMs = defaultLeaseMs } = deps;
  const open = new Map<string, { store: SharedStore; sets: readonly string[] }>();
  let waiting: Settlement[] = [];
  let isAway = false;
  let cancelTimer: (() => void) | undefined;
  let isSending = false;

  return {
    left: spending.left,
    applied: spending.applied,
    listen(ask, config) {
      const shared = sharedOf(ask, config);
      return shared && listen(shared);
    },
    reserve(request, config) {
      const own = spending.reserve(request);
      const shared = own.kind === 'reserved' ? sharedOf(request, config) : undefined;
      return shared === undefined || own.kind === 'exceeded' ? own : reserveThere(request, own, shared);
    },
    close: () => cancelTimer?.(),
  };

  function sharedOf(ask: SpendingAsk, config: Config): Shared | undefined {
    if (!ask.limits.some(({ shared }) => shared === true)) return undefined;
    const store = storeOf(config, ask.spender.workspaceId);
    if (store === undefined) return undefined;
    const limits = spending.applied(ask).flatMap((one) => (one.limit.shared === true ? [withKeys(one, store)] : []));
    return limits.length === 0 ? undefined : { store, limits };
  }

  async function listen({ store, limits }: Shared): Promise<void> {
    const args = ['', String(leaseMs), '0', installation, ...limits.flatMap(({ untilMs }) => ['-1', untilMs])];
    hear(limits, await asked(store, reserveScript, keysOf(limits), args));
  }

  async function reserveThere(
    request: SpendingRequest,
    own: Extract<SpendingDecision, { kind: 'reserved' }>,
    { store, limits }: Shared,
  ): Promise<SpendingDecision> {
    const id = newId();
    const { worstCasePicoUsd, mayDowngrade = false } = request;
    const allowed = ({ limit, limitPicoUsd }: SharedLimit): string =>
      limit.onExceed === 'block' || (mayDowngrade && limit.onExceed === 'downgrade')
        ? String(limitPicoUsd / 1000n)
        : '-1';
    const each = limits.flatMap((limit) => [allowed(limit), limit.untilMs]);
    const args = [id, String(leaseMs), nanoUsd(worstCasePicoUsd), installation, ...each];
    const heard = hear(limits, await asked(store, reserveScript, keysOf(limits), args));
    const refusing = heard && limits[heard.refusing - 1];
    if (heard !== undefined && refusing !== undefined) {
      own.settle(0n);
      const place = spending.applied(request).findIndex(({ limit }) => limit === refusing.limit);
      const state = spending.states(request)[place];
      const figures = heard.figures[heard.refusing - 1];
      if (state !== undefined && figures !== undefined)
        return {
          kind: 'exceeded',
          state: { ...state, spentPicoUsd: figures.spent * 1000n, reservedPicoUsd: figures.reserved * 1000n },
        };
    }
    open.set(id, { store, sets: limits.map(({ keys: [, set] }) => set) });
    keepAlive();
    let isOpen = true;
    const settle = (actualPicoUsd: bigint): void => {
      if (!isOpen) return;
      isOpen = false;
      own.settle(actualPicoUsd);
      open.delete(id);
      const spent = [id, nanoUsd(actualPicoUsd), installation, String(settledMarkMs)];
      const keys = [`${store.prefix}:b:done:${id}`, ...keysOf(limits)];
      waiting.push({ store, keys, args: [...spent, ...limits.map(({ untilMs }) => untilMs)] });
      if (waiting.length > maxWaiting) waiting.shift();
      keepAlive();
      void sendWaiting();
    };
    return { kind: 'reserved', settle };
  }

  /** In order, one at a time; what has no answer is told again later, and counts once. */
  async function sendWaiting(): Promise<void> {
    if (isSending) return;
    isSending = true;
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      if ((await asked(next.store, settleScript, next.keys, next.args)) === undefined) break;
      const sent = next;
      waiting = waiting.filter((one) => one !== sent);
    }
    isSending = false;
  }

  function keepAlive(): void {
    cancelTimer ??= startTimer(leaseMs / 4, () => {
      cancelTimer = undefined;
      void renew();
      void sendWaiting();
      if (open.size > 0 || waiting.length > 0) keepAlive();
    });
  }

  async function renew(): Promise<void> {
    const stores = new Set([...open.values()].map(({ store }) => store));
    for (const store of stores) {
      const held = [...open].flatMap(([id, one]) =>
        one.store === store ? one.sets.map((set) => [set, id] as const) : [],
      );
      const ids = held.map(([, id]) => id);
      await asked(
        store,
        renewScript,
        held.map(([set]) => set),
        [String(leaseMs), ...ids],
      );
    }
  }

  async function asked(store: SharedStore, script: string, keys: readonly string[], args: readonly string[]) {
    const answer = await store.run(script, keys, args);
    if ((answer === undefined) !== isAway) {
      isAway = !isAway;
      onAway(isAway);
    }
    return answer;
  }
}

interface Shared {
  readonly store: SharedStore;
  readonly limits: readonly SharedLimit[];
}

interface Figures {
  readonly spent: bigint;
  readonly reserved: bigint;
  /** By this installation. */
  readonly own: bigint;
}

interface Heard {
  /** Place of the limit that refuses, from 1; 0 = none. */
  readonly refusing: number;
  readonly figures: readonly Figures[];
}

/** Takes what others have spent into the counts of this machine. */
function hear(limits: readonly SharedLimit[], answer: unknown): Heard | undefined {
  if (!Array.isArray(answer)) return undefined;
  const [refusing = 0, ...amounts] = answer.map((part) => BigInt(String(part)));
  const figures = limits.map(({ counter }, place): Figures => {
    const [spent = 0n, reserved = 0n, own = 0n] = amounts.slice(3 * place, 3 * place + 3);
    counter.elsewhere = spent > own ? (spent - own) * 1000n : 0n;
    return { spent, reserved, own };
  });
  return { refusing: Number(refusing), figures };
}

/** Names hold nothing of the scope's: branches and features are the team's own business. */
function withKeys(applied: AppliedLimit, { prefix }: SharedStore): SharedLimit {
  const { scope, fromMs, resetAtMs = 0 } = applied.counter;
  const name = `${prefix}:b:${hash('sha256', JSON.stringify([scope, fromMs, resetAtMs]), 'base64url')}`;
  return { ...applied, keys: [name, `${name}:held`], untilMs: String(resetAtMs + keptAfterMs) };
}

function keysOf(limits: readonly SharedLimit[]): string[] {
  return limits.flatMap(({ keys }) => keys);
}

/** Rounded up: a limit is never passed by what was rounded off. */
function nanoUsd(picoUsd: bigint): string {
  return String((picoUsd + 999n) / 1000n);
}
