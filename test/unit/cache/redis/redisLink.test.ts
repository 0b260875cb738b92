import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedisEntryStore } from '../../../../src/cache/redis/createRedisEntryStore.ts';
import { createSharedStores } from '../../../../src/cache/redis/createSharedStores.ts';
import { createRedisLink, type RedisConnection } from '../../../../src/cache/redis/redisLink.ts';
import type { CacheConfig } from '../../../../src/config/config.ts';
import { defaultConfig } from '../../../../src/config/defaultConfig.ts';

/** A clock that is moved by hand. */
function handClock() {
  let nowMs = 1_000_000;
  const timers = new Set<{ atMs: number; fire: () => void }>();
  return {
    now: () => nowMs,
    startTimer: (ms: number, fire: () => void) => {
      const timer = { atMs: nowMs + ms, fire };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass(ms: number): void {
      nowMs += ms;
      for (const timer of [...timers].filter(({ atMs }) => atMs <= nowMs)) {
        timers.delete(timer);
        timer.fire();
      }
    },
  };
}

function slowRedis() {
  const clock = handClock();
  const problems: string[] = [];
  const sent: string[] = [];
  const answers: ((reply: unknown) => void)[] = [];
  const connection: RedisConnection = {
    isReady: true,
    send: (command) => {
      sent.push(String(command[0]));
      return new Promise((resolve) => answers.push(resolve));
    },
    onReady: () => undefined,
    onError: () => undefined,
    close: () => undefined,
  };
  const tell = (message: string): void => void problems.push(message);
  const link = createRedisLink({ connection, name: 'far:6379', clock, onProblem: tell, onRecovered: tell });
  const answer = (reply: unknown): void => {
    for (const one of answers.splice(0)) one(reply);
  };
  return { clock, problems, sent, link, answer, store: createRedisEntryStore({ link, prefix: 'tg', clock }) };
}

test('all look-ups of one call wait 50 ms together, not each', async () => {
  const { clock, sent, store, answer, problems } = slowRedis();
  const call = store.forCall();
  const first = call.get('a');
  clock.pass(30);
  answer(null);
  assert.equal(await first, undefined);
  let isDone = false;
  const second = Promise.resolve(call.byWording('w')).then((found) => {
    isDone = true;
    return found;
  });
  clock.pass(19);
  await new Promise(setImmediate);
  assert.equal(isDone, false);
  clock.pass(1);
  assert.deepEqual(await second, []);
  assert.deepEqual(sent, ['GET', 'ZRANGE']);
  assert.deepEqual(problems, [
    "The team's cache at far:6379 did not answer within 20 ms. Calls go on without it and use it again when it answers.",
  ]);
});

test('reads at the same time wait at the same time', async () => {
  const { clock, store, answer } = slowRedis();
  const call = store.forCall();
  const all = Promise.all(['a', 'b', 'c', 'd'].map((key) => call.get(key)));
  clock.pass(40);
  answer(null);
  await all;
  const last = call.get('e');
  clock.pass(9);
  answer(null);
  assert.equal(await last, undefined);
});

test('after a late answer calls do not ask for a second, then two; an answer in time ends it', async () => {
  const { clock, link, problems, answer, sent } = slowRedis();
  for (const pause of [1000, 2000]) {
    const late = link.ask(['GET', 'a'], 50);
    clock.pass(50);
    assert.equal(await late, undefined);
    clock.pass(pause - 1);
    assert.equal(link.isUsable(), false);
    assert.equal(await link.ask(['GET', 'b'], 50), undefined);
    clock.pass(1);
    assert.equal(link.isUsable(), true);
  }
  assert.equal(problems.length, 1);
  const good = link.ask(['PING'], 50);
  answer('PONG');
  assert.equal(await good, 'PONG');
  assert.match(problems[1] ?? '', /answers again/);
  assert.deepEqual(sent, ['GET', 'GET', 'PING']);
});

const team: CacheConfig = {
  ...defaultConfig.cache,
  scope: 'team',
  store: { kind: 'redis', url: 'env:TEAM_CACHE', prefix: 'tg' },
};

function stores(env: Record<string, string>) {
  const opened: string[] = [];
  const problems: string[] = [];
  const clock = handClock();
  const shared = createSharedStores({
    keyOf: (_workspace, { kind, name }) => (kind === 'env' ? env[name] : undefined),
    open: async (url) => {
      opened.push(url);
      throw new Error('no such host');
    },
    clock,
    onProblem: (message) => problems.push(message),
    onRecovered: () => undefined,
  });
  return { shared, opened, problems };
}

test('only a team shares, one connection for an address', async () => {
  const { shared, opened, problems } = stores({ TEAM_CACHE: 'rediss://user:hidden@cache.example:6380' });
  for (const scope of ['session', 'workspace'] as const) assert.equal(shared.of({ ...team, scope }, 'w'), undefined);
  assert.equal(shared.of({ ...team, store: { kind: 'sqlite' } }, 'w'), undefined);
  assert.deepEqual(opened, []);
  assert.equal(shared.of(team, 'w')?.get('k'), undefined);
  assert.equal(shared.of(team, 'w2')?.get('k'), undefined);
  assert.deepEqual(opened, ['rediss://user:hidden@cache.example:6380']);
  await new Promise(setImmediate);
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /cache\.example:6380 cannot be used \(no such host\)/);
  assert.doesNotMatch(problems[0] ?? '', /hidden/);
  shared.close();
});

test('an address that is not known keeps nothing anywhere, and is told once by its reference', () => {
  for (const env of [{}, { TEAM_CACHE: 'https://cache.example' }]) {
    const { shared, problems } = stores(env);
    assert.equal(shared.of(team, 'w')?.get('k'), undefined);
    assert.equal(shared.of(team, 'w')?.get('k'), undefined);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /^The address of the team's cache is not known: env:TEAM_CACHE/);
    shared.close();
  }
});
