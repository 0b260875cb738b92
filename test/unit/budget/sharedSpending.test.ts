import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { ensureRedis } from '../../../scripts/redis.ts';
import { createSharedSpending, type SharedStore } from '../../../src/budget/createSharedSpending.ts';
import { createSpendingLimits, type SpendingDecision } from '../../../src/budget/spendingLimits.ts';
import { machineSpender } from '../../../src/budget/spendingScope.ts';
import type { SpendingLimit } from '../../../src/config/config.ts';
import { defaultConfig } from '../../../src/config/defaultConfig.ts';
import { freePort, type RedisServer, startRedis } from '../../support/redisServer.ts';
import { soakRounds } from '../../support/soak.ts';

const usd = (amount: number): bigint => BigInt(Math.round(amount * 1e6)) * 1_000_000n;
const team: SpendingLimit = {
  scope: 'workspace',
  limitUsd: 1,
  window: 'month',
  warnAt: [],
  onExceed: 'block',
  shared: true,
};
const now = Date.parse('2026-11-23T12:00:00Z');

/** One of the team's machines, each with a workspace of its own. */
function machine(name: string, store: SharedStore | undefined, leaseMs = 120_000) {
  const away: boolean[] = [];
  let ids = 0;
  const timers = new Set<NodeJS.Timeout>();
  const spending = createSpendingLimits({ now: () => now, history: () => 0n, onEvent: () => undefined });
  const shared = createSharedSpending({
    spending,
    storeOf: () => store,
    installation: name,
    newId: () => `${name}-${ids++}`,
    startTimer: (ms, run) => {
      const timer = setTimeout(run, ms);
      timers.add(timer);
      return () => clearTimeout(timer);
    },
    onAway: (isAway) => away.push(isAway),
    leaseMs,
  });
  const ask = { spender: machineSpender(name), limits: [team] };
  const reserve = async (amount: number): Promise<SpendingDecision> =>
    shared.reserve({ ...ask, worstCasePicoUsd: usd(amount) }, defaultConfig);
  return {
    away,
    reserve,
    spend: async (amount: number): Promise<boolean> => {
      const decision = await reserve(amount);
      if (decision.kind === 'reserved') decision.settle(usd(amount));
      return decision.kind === 'reserved';
    },
    left: async () => {
      await shared.listen?.(ask, defaultConfig);
      return shared.left(ask).block[0];
    },
    /** As when the process is gone: it renews and settles nothing any more. */
    crash: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

describe('without its store', () => {
  const silent: SharedStore = { prefix: 't', run: async () => undefined };

  test('each machine keeps the limit by its own count, and the user is told once', async () => {
    const one = machine('a', silent);
    assert.equal(await one.spend(0.7), true);
    assert.equal(await one.spend(0.4), false);
    assert.equal(await one.spend(0.3), true);
    assert.deepEqual(one.away, [true]);
    one.crash();
  });

  test('what was last heard of the others still counts', async () => {
    let answers = true;
    const store: SharedStore = {
      prefix: 't',
      run: async () => (answers ? [0, String(usd(0.6) / 1000n), '0', '0'] : undefined),
    };
    const one = machine('a', store);
    assert.equal(await one.left(), usd(0.4));
    answers = false;
    assert.equal(await one.spend(0.5), false);
    assert.equal(await one.spend(0.4), true);
    assert.deepEqual(one.away, [true]);
    one.crash();
  });

  test('a limit that names no store is one of this machine', async () => {
    const one = machine('a', undefined);
    assert.equal(await one.spend(1), true);
    assert.equal(await one.spend(0.1), false);
  });
});

const program = ensureRedis();

describe('in Redis', { skip: typeof program === 'string' ? program : false }, () => {
  let server: RedisServer;
  let client: ReturnType<typeof createClient>;
  let isDown = false;
  const store: SharedStore = {
    prefix: 't:x',
    run: async (script, keys, args) =>
      isDown ? undefined : client.sendCommand(['EVAL', script, String(keys.length), ...keys, ...args]),
  };
  const figures = async (): Promise<Record<string, string>[]> => {
    const names = (await client.keys('t:x:b:*')).filter((name) => !name.endsWith(':held') && !name.includes(':done:'));
    return Promise.all(names.map((name) => client.hGetAll(name)));
  };
  const settled = async (spent: bigint): Promise<void> => {
    for (let tries = 0; ; tries++) {
      const [found] = await figures();
      if (found?.spent === String(spent / 1000n) && found.reserved === '0') return;
      assert.ok(tries < 500, JSON.stringify(found));
      await sleep(20);
    }
  };

  before(async () => {
    if (typeof program === 'string') return;
    server = await startRedis(program, await freePort());
    client = createClient({ url: server.url, RESP: 2 });
    await client.connect();
  });
  after(async () => {
    client?.destroy();
    await server?.kill();
  });
  beforeEach(async () => {
    isDown = false;
    await client?.flushAll();
  });

  test('machines share a limit: what one holds and spends, the other cannot', async () => {
    const [a, b] = [machine('a', store), machine('b', store)];
    const held = await a.reserve(0.6);
    const refused = await b.reserve(0.6);
    assert.ok(refused.kind === 'exceeded' && held.kind === 'reserved');
    assert.deepEqual([refused.state.spentPicoUsd, refused.state.reservedPicoUsd], [0n, usd(0.6)]);
    held.settle(usd(0.1));
    held.settle(usd(0.1));
    await settled(usd(0.1));
    assert.equal(await b.left(), usd(0.9));
    assert.equal(await b.spend(0.9), true);
    await settled(usd(1));
    assert.equal(await a.spend(0.000001), false);
    assert.deepEqual([a.away, b.away], [[], []]);
    const [{ ...kept } = {}] = await figures();
    assert.deepEqual(kept, {
      spent: '1000000000',
      reserved: '0',
      'by:a': '100000000',
      'by:b': '900000000',
    });
    for (const name of await client.keys('t:x:b:*')) assert.ok((await client.pTTL(name)) > 0, name);
    a.crash();
    b.crash();
  });

  test('200 calls at once from four machines never pass it', async () => {
    for (let round = 0; round < Math.max(1, soakRounds(0.2)); round++) {
      await client.flushAll();
      const machines = ['a', 'b', 'c', 'd'].map((name) => machine(`${name}${round}`, store));
      const calls = Array.from({ length: 200 }, (_, n) => machines[n % 4]?.reserve(0.011) ?? assert.fail());
      const made = (await Promise.all(calls)).filter((decision) => decision.kind === 'reserved');
      assert.equal(made.length, 90);
      for (const decision of made) decision.settle(usd(0.011));
      await settled(usd(0.99));
      for (const one of machines) one.crash();
    }
  });

  test('what a crashed machine held comes back when its lease is over', async () => {
    const [a, b] = [machine('a', store, 150), machine('b', store)];
    assert.equal((await a.reserve(0.8)).kind, 'reserved');
    a.crash();
    for (let tries = 0; !(await b.spend(0.8)); tries++) {
      assert.ok(tries < 500);
      await sleep(20);
    }
    await settled(usd(0.8));
    b.crash();
  });

  test('a call that takes long keeps what it holds', async () => {
    const [a, b] = [machine('a', store, 2000), machine('b', store)];
    assert.equal((await a.reserve(0.8)).kind, 'reserved');
    const renewed = async (): Promise<string | undefined> => {
      const [name] = await client.keys('*:held');
      const [first] = name === undefined ? [] : await client.zRangeWithScores(name, 0, 0);
      return first && String(first.score);
    };
    const first = await renewed();
    for (let tries = 0; (await renewed()) === first; tries++) {
      assert.ok(tries < 500);
      await sleep(20);
    }
    assert.equal(await b.spend(0.8), false);
    a.crash();
    b.crash();
  });

  test('what was spent while it was away is told to it once when it is back', async () => {
    const [a, b] = [machine('a', store, 400), machine('b', store)];
    isDown = true;
    assert.equal(await a.spend(0.5), true);
    assert.deepEqual(a.away, [true]);
    isDown = false;
    assert.equal(await a.spend(0.2), true);
    await settled(usd(0.7));
    assert.deepEqual(a.away, [true, false]);
    assert.equal(await b.spend(0.4), false);
    a.crash();
    b.crash();
  });
});
