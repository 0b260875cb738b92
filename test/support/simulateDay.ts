import type { RouteConfig } from '../../src/config/config.ts';
import { createRouteQuality } from '../../src/routing/createRouteQuality.ts';
import type { GuardConfig } from '../../src/routing/guard.ts';

export interface SimulatedDay {
  readonly calls: number;
  readonly guard: GuardConfig;
  readonly seed: number;
  /** Share of answers that fail in good times and in bad. */
  readonly usual?: number;
  readonly planted?: number;
}

export interface DayResult {
  readonly moves: readonly { readonly direction: 'up' | 'down'; readonly atMs: number }[];
  /** From the planted rise to the move; undefined where nothing moved. */
  readonly detectedAfterMs: number | undefined;
  /** From the end of the bad time to the return. */
  readonly returnedAfterMs: number | undefined;
  /** Failed answers that reached a client, with the guard and without. */
  readonly failures: number;
  readonly failuresUnguarded: number;
}

const hour = 3_600_000;
/** The cheap tier fails more from 8 to 14 o'clock. */
const risesAtMs = 8 * hour;
const fallsAtMs = 14 * hour;

/** A day of calls at even intervals on one route with two tiers, the lower of which has a bad time. The same seed is the same day. */
export function simulateDay({ calls, guard, seed, usual = 0.02, planted = 0.2 }: SimulatedDay): DayResult {
  const random = seeded(seed);
  const moves: { direction: 'up' | 'down'; atMs: number }[] = [];
  const route: RouteConfig = { name: 'r', match: {}, use: 'fast', guard };
  const config = { routes: [route], tiers: ['fast', 'smart'] };
  let atMs = 0;
  let failures = 0;
  let failuresUnguarded = 0;
  const quality = createRouteQuality({
    now: () => atMs,
    memory: { load: () => [], save: () => undefined },
    onMove: ({ direction }) => moves.push({ direction, atMs }),
    onChange: () => undefined,
  });
  for (let n = 0; n < calls; n++) {
    atMs = Math.floor((24 * hour * n) / calls);
    const isBad = atMs >= risesAtMs && atMs < fallsAtMs;
    const { up, isProbe } = quality.shiftOf('w', 'r', config);
    const alias = up === 1 && !isProbe ? 'smart' : 'fast';
    const luck = random();
    const fails = (tier: string): boolean => luck < (tier === 'smart' ? 0.01 : isBad ? planted : usual);
    if (fails(alias)) failures++;
    if (fails('fast')) failuresUnguarded++;
    const faults = fails(alias) ? (['schemaInvalid'] as const) : [];
    quality.record({ workspaceId: 'w', config, rule: 'r', alias, isProbe, faults, request: String(n) });
  }
  const up = moves.find(({ direction, atMs: at }) => direction === 'up' && at >= risesAtMs);
  const down = moves.find(({ direction, atMs: at }) => direction === 'down' && at >= fallsAtMs);
  return {
    moves,
    detectedAfterMs: up && up.atMs - risesAtMs,
    returnedAfterMs: down && down.atMs - fallsAtMs,
    failures,
    failuresUnguarded,
  };
}

/** mulberry32: small, and even enough for coin flips. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
