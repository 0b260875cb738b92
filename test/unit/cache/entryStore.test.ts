import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cacheSchema } from '../../../src/cache/cacheSchema.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { answerOf, bothOn, chat, openCache, rowsOf, statsOf, withModes } from './cacheFixture.ts';

const open = (path: string) => openStore({ path, schemas: [cacheSchema], clock: () => 0 });

describe('entries on disk', () => {
  test('are written together within a quarter of a second, and found before that', () => {
    const { ask, clock, store, cache } = openCache();
    ask(chat('a'));
    ask(chat('b'));
    assert.deepEqual(rowsOf(store, 'count(*) AS n'), [{ n: 0 }]);
    assert.equal(ask(chat('a')).outcome, 'hitExact');
    clock.pass(250);
    assert.deepEqual(rowsOf(store, 'count(*) AS n'), [{ n: 2 }]);
    assert.deepEqual(rowsOf(store, 'sum(hits) AS hits'), [{ hits: 1 }]);
    ask(chat('c'));
    cache.close();
    assert.deepEqual(rowsOf(store, 'count(*) AS n'), [{ n: 3 }]);
    assert.equal(clock.timers, 0);
  });

  test('leave nothing in the file or its journal when they, or only their questions, are removed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-cache-'));
    const path = join(folder, 't.db');
    const store = open(path);
    const onDisk = (text: string) =>
      [path, `${path}-wal`].some((file) => existsSync(file) && readFileSync(file).includes(text));
    try {
      const { ask, cache } = openCache(store);
      const long = 'zanzibar '.repeat(2000);
      ask(chat('What is a quokkafloat?'), { answer: answerOf(long) });
      ask(chat('What is a wombatdouble?'), { scope: { workspaceId: 'w2' }, answer: answerOf('tasmania') });
      cache.flush();
      for (const text of ['zanzibar', 'quokkafloat', 'wombatdouble', 'tasmania']) assert.ok(onDisk(text), text);
      assert.equal(cache.clear({ workspaceId: 'w1' }), 1);
      assert.deepEqual(['zanzibar', 'quokkafloat', 'wombatdouble'].map(onDisk), [false, false, true]);
      ask(chat('x'), { scope: { workspaceId: 'w2' }, config: withModes('on', 'off') });
      assert.deepEqual(['wombatdouble', 'tasmania'].map(onDisk), [false, true]);
      cache.clear({});
      assert.equal(onDisk('tasmania'), false);
      cache.close();
    } finally {
      store.close();
      rmSync(folder, { recursive: true });
    }
  });

  test('survive the process, answers, costs and questions', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-cache-'));
    try {
      const path = join(folder, 't.db');
      const first = open(path);
      const before = openCache(first);
      before.ask(chat('What is a lock?'), {
        answer: answerOf('kept', { usage: { input: 3, cacheRead: 2, output: 1 } }),
      });
      before.cache.close();
      first.close();
      const second = open(path);
      const { ask } = openCache(second);
      const exact = ask(chat('What is a lock?'));
      const worded = ask(chat("What's a lock?"));
      assert.deepEqual([exact.outcome, worded.outcome], ['hitExact', 'hitWording']);
      assert.ok('found' in exact && 'answer' in exact.found);
      assert.deepEqual(exact.found.answer, answerOf('kept', { usage: { input: 3, cacheRead: 2, output: 1 } }));
      assert.equal(exact.found.costPicoUsd, 1_500_000);
      second.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('that are damaged are removed, said once, and asked again', () => {
    const { ask, cache, clock, store, problems } = openCache(undefined, 1);
    for (const question of ['a', 'b', 'c']) ask(chat(question));
    clock.pass(250);
    store.database.exec(`UPDATE cache_entry SET answer = '{"endpoint":'`);
    const config = { ...bothOn, semantic: { ...bothOn.semantic, mode: 'off' as const } };
    assert.equal(ask(chat('a'), { config, directives: { skipWrite: true } }).outcome, 'miss');
    assert.equal(ask(chat('b'), { directives: { skipWrite: true } }).outcome, 'miss');
    cache.flush();
    assert.deepEqual(rowsOf(store, 'count(*) AS n'), [{ n: 1 }]);
    assert.deepEqual(problems, [
      'A kept answer could not be read and was removed from the answer cache. It will be asked again.',
    ]);
  });

  test('a database that fails is said once and reads as a miss', () => {
    const { ask, clock, store, problems } = openCache(undefined, 1);
    ask(chat('a'));
    clock.pass(250);
    store.database.exec('DROP TABLE cache_entry');
    assert.equal(ask(chat('a')).outcome, 'miss');
    clock.pass(250);
    assert.equal(ask(chat('a')).outcome, 'miss');
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /no such table.*Calls go on without it/);
  });
});

describe('size', () => {
  const big = (text: string) => answerOf(text.padEnd(2000, '.'));
  const config = { ...bothOn, exact: { ...bothOn.exact, maxBytes: 30_000 } };

  test('stays under the limit; the least recently used go first', () => {
    const { ask, cache, clock } = openCache();
    for (let index = 0; index < 40; index++) {
      ask(chat(`question ${index}`), { config, answer: big('x') });
      if (index % 5 === 0) ask(chat('question 0'), { config });
      clock.pass(250);
    }
    const { bytes, entries } = statsOf(cache, 'w1');
    assert.ok(bytes <= 30_000 && bytes > 20_000, `${bytes}`);
    assert.ok(entries > 6 && entries < 15, `${entries}`);
    const reading = { config, directives: { skipWrite: true } };
    assert.equal(ask(chat('question 0'), reading).outcome, 'hitExact');
    assert.equal(ask(chat('question 39'), reading).outcome, 'hitExact');
    assert.equal(ask(chat('question 1'), reading).outcome, 'miss');
  });

  test('one workspace does not push out another', () => {
    const { ask, clock } = openCache();
    ask(chat('kept'), { config, answer: big('x'), scope: { workspaceId: 'w2' } });
    for (let index = 0; index < 40; index++) {
      ask(chat(`question ${index}`), { config, answer: big('x') });
      clock.pass(250);
    }
    assert.equal(ask(chat('kept'), { config, scope: { workspaceId: 'w2' } }).outcome, 'hitExact');
  });

  test('an answer bigger than the cache is not kept', () => {
    const { ask, cache } = openCache();
    ask(chat('a'), { config, answer: answerOf('x'.repeat(40_000)) });
    assert.equal(statsOf(cache).entries, 0);
  });

  test('answers beyond the memory are read from the file', () => {
    const { ask, clock } = openCache(undefined, 6000);
    for (let index = 0; index < 20; index++) ask(chat(`question ${index}`), { answer: big(`${index}`) });
    clock.pass(250);
    for (let index = 0; index < 20; index++) assert.equal(ask(chat(`question ${index}`)).outcome, 'hitExact');
  });
});

describe('clearing', () => {
  test('by session, by model, one entry, all; the count is what was removed', () => {
    const { ask, cache } = openCache();
    const hit = (question: string, scope = {}) =>
      ask(chat(question), { scope, directives: { skipWrite: true } }).outcome;
    ask(chat('a'));
    ask(chat('b'), { scope: { session: 's2' } });
    ask(chat('c'), { scope: { model: 'gpt-4o' } });
    ask(chat('d'), { scope: { workspaceId: 'w2' } });
    assert.deepEqual(
      statsOf(cache, 'w1')
        .sessions.map(({ session, entries }) => [session, entries])
        .toSorted(),
      [
        ['s1', 2],
        ['s2', 1],
      ],
    );
    assert.equal(cache.clear({ workspaceId: 'w1', session: 's2' }), 1);
    assert.equal(cache.clear({ provider: 'openai', model: 'gpt-4o' }), 1);
    assert.equal(cache.clear({ session: 'none' }), 0);
    assert.deepEqual([hit('a'), hit('d', { workspaceId: 'w2' })], ['hitExact', 'hitExact']);
    const found = ask(chat('a'));
    assert.ok('found' in found && 'entryId' in found.found);
    assert.equal(cache.forget('w1', found.found.entryId), true);
    assert.equal(cache.forget('w1', found.found.entryId), false);
    assert.equal(hit('a'), 'miss');
    assert.equal(cache.clear({}), 1);
    assert.deepEqual(statsOf(cache), { entries: 0, bytes: 0, hits: 0, models: [], sessions: [] });
  });

  test('statistics by workspace and model', () => {
    const { ask, cache } = openCache();
    ask(chat('a'));
    ask(chat('a'));
    ask(chat('b'), { scope: { model: 'gpt-4o' } });
    ask(chat('c'), { scope: { workspaceId: 'w2' } });
    const { entries, hits, models } = statsOf(cache, 'w1');
    assert.deepEqual([entries, hits], [2, 1]);
    assert.deepEqual(models.map(({ model }) => model).toSorted(), ['openai/gpt-4o', 'openai/gpt-4o-mini']);
    assert.equal(statsOf(cache).entries, 3);
  });
});
