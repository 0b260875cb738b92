import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { ensureRedis } from '../../../../scripts/redis.ts';
import type { AnswerScope, CacheLookup } from '../../../../src/cache/answerCache.ts';
import { cacheSchema } from '../../../../src/cache/cacheSchema.ts';
import { createAnswerCache } from '../../../../src/cache/createAnswerCache.ts';
import type { CacheEntry } from '../../../../src/cache/entry.ts';
import type { CacheClock } from '../../../../src/cache/entryStore.ts';
import { createRedisEntryStore } from '../../../../src/cache/redis/createRedisEntryStore.ts';
import { createSharedStores } from '../../../../src/cache/redis/createSharedStores.ts';
import { openRedisClient } from '../../../../src/cache/redis/openRedisClient.ts';
import { createRedisLink, type RedisLink } from '../../../../src/cache/redis/redisLink.ts';
import type { CacheConfig } from '../../../../src/config/config.ts';
import { openStore } from '../../../../src/store/openStore.ts';
import { freePort, type RedisServer, startRedis } from '../../../support/redisServer.ts';
import { answerOf, bothOn, chat, noDirectives, scope, servedText } from '../cacheFixture.ts';

const program = ensureRedis();
const skip = typeof program === 'string' ? program : false;

const clock: CacheClock = {
  now: Date.now,
  startTimer: (ms, fire) => {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};

let server: RedisServer;
let admin: ReturnType<typeof createClient>;
before(async () => {
  if (typeof program === 'string') return;
  server = await startRedis(program, await freePort());
  admin = createClient({ url: server.url, RESP: 2 });
  await admin.connect();
});
after(async () => {
  admin?.destroy();
  await server?.kill();
});
beforeEach(async () => {
  await admin?.flushAll();
});

interface Opened {
  readonly link: RedisLink;
  readonly problems: string[];
}

/** A link that is left open tries again for ever, and its test file never ends. */
const opened: RedisLink[] = [];
afterEach(() => {
  for (const link of opened.splice(0)) link.close();
});

async function open(url = server.url, within = 30_000): Promise<Opened> {
  const problems: string[] = [];
  const tell = (message: string): void => void problems.push(message);
  const connection = await openRedisClient(url);
  const link = createRedisLink({ connection, name: 'cache.example:6379', clock, onProblem: tell, onRecovered: tell });
  opened.push(link);
  await until(() => link.isUsable() || problems.length > 0, within);
  return { link, problems };
}

async function until(holds: () => unknown, withinMs = 30_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come about');
    await sleep(10);
  }
}

function unit(...values: number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

function entryOf(key: string, more: Partial<CacheEntry> = {}): CacheEntry {
  const json = JSON.stringify({ id: key });
  return {
    key,
    workspaceId: 'w1',
    provider: 'openai',
    model: 'gpt-4o',
    answer: { endpoint: 'chat.completions', json, model: 'gpt-4o', finish: 'stop', usage: { input: 3, output: 5 } },
    createdAtMs: Date.now(),
    expiresAtMs: Date.now() + 60_000,
    ...more,
  };
}

const placed = (scope: string, vector: Float32Array) => ({ place: { scope, embedder: 'test', vector } });
const maxBytes = 1_000_000;

test('an entry is found by its key, its wording and its neighbourhood, and by another connection', {
  skip,
}, async () => {
  const [a, b] = [await open(), await open()];
  const store = createRedisEntryStore({ link: a.link, prefix: 'tg', clock });
  const other = createRedisEntryStore({ link: b.link, prefix: 'tg', clock }).forCall();
  const entry = entryOf('k1', {
    wordingKey: 'w',
    question: 'How?',
    session: 's',
    costPicoUsd: 7,
    ...placed('v', unit(1, 1, 0, 0)),
  });
  store.put(entry, maxBytes);
  await until(() => admin.exists('tg:hits').then(() => admin.sendCommand(['VCARD', 'tg:v:v'])));
  const { place: _place, ...kept } = entry;
  assert.deepEqual(await other.get('k1'), kept);
  assert.deepEqual(await other.byWording('w'), [kept]);
  const [near, ...rest] = await other.nearest('v', unit(1, 1, 0.2, 0), 0.9, 8);
  assert.equal(near?.key, 'k1');
  // The cosine, not Redis's own score of (1 + cosine) / 2; eight bits per dimension.
  assert.ok(Math.abs((near?.score ?? 0) - 0.99) < 0.01, String(near?.score));
  assert.deepEqual(rest, []);
  assert.deepEqual(await other.nearest('v', unit(1, 0, 0, 0), 0.9, 8), []);
  assert.deepEqual(await other.nearest('elsewhere', unit(1, 1, 0, 0), 0.9, 8), []);
  assert.deepEqual([a.problems, b.problems], [[], []]);
});

test('everything expires: keys by themselves, elements of sets by filter at once and by the sweep for good', {
  skip,
}, async () => {
  const { link } = await open();
  const store = createRedisEntryStore({ link, prefix: 'tg', clock });
  const short = { createdAtMs: Date.now() - 10_000, expiresAtMs: Date.now() + 40 };
  store.put(entryOf('old', { wordingKey: 'w', question: 'How?', ...short, ...placed('v', unit(1, 0)) }), maxBytes);
  store.put(entryOf('new', { ...placed('v', unit(1, 0.1)) }), maxBytes);
  await until(async () => Number(await admin.sendCommand(['VCARD', 'tg:v:v'])) === 2);
  await sleep(1100);
  assert.equal(await store.get('old'), undefined);
  assert.deepEqual(
    (await store.nearest('v', unit(1, 0), 0.9, 8)).map(({ key }) => key),
    ['new'],
  );
  assert.equal(await store.sweep(Date.now()), 1);
  assert.equal(await admin.sendCommand(['VCARD', 'tg:v:v']), 1);
  assert.equal(await admin.sendCommand(['ZCARD', 'tg:i:w1']), 1);
  assert.equal(await store.sweep(Date.now()), 0);
  for (const key of await admin.keys('tg:[ewv]:*')) assert.ok(Number(await admin.pTTL(key)) > 0, key);
});

test('what is removed, cleared or forgotten is gone from each place', { skip }, async () => {
  const { link } = await open();
  const store = createRedisEntryStore({ link, prefix: 'tg', clock });
  const put = (key: string, more: Partial<CacheEntry>): void =>
    store.put(
      entryOf(key, { wordingKey: `w-${key}`, question: 'How?', ...placed('v', unit(1, 0)), ...more }),
      maxBytes,
    );
  put('a', {});
  put('b', { model: 'gpt-4o-mini' });
  put('c', { workspaceId: 'w2' });
  await until(async () => Number(await admin.sendCommand(['VCARD', 'tg:v:v'])) === 3);
  store.used('a');
  const { hits, entries, models, bytes } = await store.stats('w1');
  assert.deepEqual(
    [hits, entries, models.map(({ model }) => model).sort()],
    [1, 2, ['openai/gpt-4o', 'openai/gpt-4o-mini']],
  );
  assert.equal(await store.bytesOf('w1'), bytes);
  assert.deepEqual(
    (await store.list({ workspaceId: 'w1' }, { limit: 9 }))
      .map(({ entry, hits: served }) => [entry.key, served])
      .sort(),
    [
      ['a', 1],
      ['b', 0],
    ],
  );
  assert.equal(await store.clear({ workspaceId: 'w1', model: 'gpt-4o-mini' }), 1);
  assert.equal(await store.get('b'), undefined);
  assert.equal(await store.remove('a'), true);
  assert.equal(await store.remove('a'), false);
  assert.deepEqual(await store.byWording('w-a'), []);
  store.forgetQuestions('w2');
  await until(async () => Number(await admin.sendCommand(['VCARD', 'tg:v:v'])) === 0);
  const left = await store.get('c');
  assert.deepEqual([left?.key, left?.question, left?.wordingKey], ['c', undefined, undefined]);
  assert.deepEqual((await admin.keys('*')).sort(), ['tg:e:c', 'tg:expiry', 'tg:i:w2']);
});

test('an ACL on the prefix is enough, and another prefix is refused, told once', { skip }, async () => {
  await admin.sendCommand(['ACL', 'SETUSER', 'team', 'on', '>secret', '~team-a:*', '+@all', '-@dangerous', '-@admin']);
  const url = `redis://team:secret@127.0.0.1:${server.port}`;
  const { link, problems } = await open(url);
  const mine = createRedisEntryStore({ link, prefix: 'team-a', clock });
  mine.put(entryOf('k', { wordingKey: 'w', question: 'How?', ...placed('v', unit(1, 0)) }), maxBytes);
  await until(async () => (await mine.nearest('v', unit(1, 0), 0.9, 8)).length === 1);
  assert.equal((await mine.get('k'))?.key, 'k');
  assert.equal(await mine.sweep(Date.now()), 0);
  assert.deepEqual(problems, []);
  const theirs = createRedisEntryStore({ link, prefix: 'team-b', clock });
  assert.equal(await theirs.get('k'), undefined);
  assert.equal(await theirs.get('k'), undefined);
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /^The team's cache at cache\.example:6379 cannot be used \(NOPERM/);
  assert.doesNotMatch(problems[0] ?? '', /secret/);
});

test('Redis going away costs nothing and is told once; it is used again when it is back', { skip }, async () => {
  if (typeof program === 'string') return;
  const port = await freePort();
  const first = await startRedis(program, port);
  const { link, problems } = await open(first.url);
  const store = createRedisEntryStore({ link, prefix: 'tg', clock });
  store.put(entryOf('k'), maxBytes);
  await until(async () => (await store.get('k')) !== undefined);
  await first.kill();
  await until(() => !link.isUsable());
  for (let n = 0; n < 100; n++) {
    const call = store.forCall();
    // Not even a turn of the event loop.
    assert.equal(call.get('k'), undefined);
    assert.deepEqual(call.byWording('w'), []);
    assert.deepEqual(call.nearest('v', unit(1, 0), 0.9, 8), []);
    call.put(entryOf(`k${n}`), maxBytes);
  }
  await until(() => problems.length > 0);
  assert.equal(problems.length, 1);
  const second = await startRedis(program, port);
  await until(() => link.isUsable());
  assert.deepEqual(problems.slice(1), ["The team's cache at cache.example:6379 answers again."]);
  store.put(entryOf('k2'), maxBytes);
  await until(async () => (await store.get('k2')) !== undefined);
  await second.kill();
});

test('two of a team are served one another’s answers, with other machines and keys; other scopes are not', {
  skip,
}, async () => {
  const config: CacheConfig = { ...bothOn, scope: 'team', store: { kind: 'redis', url: server.url, prefix: 'tg' } };
  const problems: string[] = [];
  const member = () => {
    const onProblem = (message: string): void => void problems.push(message);
    const stores = createSharedStores({
      keyOf: () => undefined,
      open: openRedisClient,
      clock,
      onProblem,
      onRecovered: onProblem,
    });
    const store = openStore({ path: ':memory:', schemas: [cacheSchema], clock: Date.now });
    return { stores, cache: createAnswerCache({ store, clock, onProblem, sharedStoreOf: stores.of }) };
  };
  const [anna, ben] = [member(), member()];
  const machines = { anna: scope, ben: { ...scope, workspaceId: 'w9', session: 's9', credential: 'c9' } };
  const asked = chat('How do I delete a local git branch?');
  const reworded = chat('How can I delete a local git branch?');
  const ask = (who: typeof anna, of: AnswerScope, request = asked, how = config) =>
    Promise.resolve(who.cache.lookup(request, of, noDirectives, how));
  await ask(anna, machines.anna);
  await ask(ben, machines.ben);
  let made: CacheLookup;
  await until(async () => {
    made = await ask(anna, machines.anna);
    assert.equal(made.outcome, 'miss');
    if ('ticket' in made && made.ticket !== undefined) anna.cache.store(made.ticket, answerOf('git branch -d'), 5);
    await sleep(20);
    return (await admin.keys('tg:e:*')).length === 1;
  });
  assert.equal(servedText(await ask(ben, machines.ben)), 'git branch -d');
  assert.equal(servedText(await ask(ben, machines.ben, reworded)), 'git branch -d');
  assert.equal((await ask(ben, { ...machines.ben, namespace: 'mine' })).outcome, 'miss');
  assert.equal((await ask(ben, { ...machines.ben, model: 'gpt-4o' })).outcome, 'miss');
  assert.equal((await ask(ben, { ...machines.ben, user: 'p1' })).outcome, 'miss');
  assert.equal((await ask(ben, machines.ben, asked, { ...config, scope: 'workspace' })).outcome, 'miss');
  assert.deepEqual(problems, []);
  for (const { stores, cache } of [anna, ben]) {
    cache.close();
    stores.close();
  }
});
