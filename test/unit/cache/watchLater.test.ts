import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createWatches } from '../../../src/cache/watchLater.ts';
import { chat, noDirectives, openCache, StillClock, scope, withModes } from './cacheFixture.ts';

function watching() {
  const clock = new StillClock();
  const failures: unknown[] = [];
  return { clock, failures, watches: createWatches(clock, (error) => failures.push(error)) };
}

describe('watches', () => {
  test('begin in a later turn, once', () => {
    const { clock, watches } = watching();
    let begun = 0;
    const found = watches.later(() => ++begun);
    assert.equal(begun, 0);
    clock.pass(0);
    assert.deepEqual([begun, found(), found(), begun], [1, 1, 1, 1]);
  });

  test('begin when asked for, where that comes first, and leave no timer', () => {
    const { clock, watches } = watching();
    const found = watches.later(() => 'found');
    assert.deepEqual([found(), clock.timers], ['found', 0]);
  });

  test('are not waited for', async () => {
    const { watches } = watching();
    const found = watches.later(async () => 'found');
    assert.equal(found(), undefined);
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(found(), 'found');
  });

  test('that fail are told of, and fail nobody', async () => {
    const { failures, watches } = watching();
    const [now, later] = [new Error('now'), new Error('later')];
    const found = [
      watches.later(() => {
        throw now;
      })(),
      watches.later(() => Promise.reject(later))(),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      [found, failures],
      [
        [undefined, undefined],
        [now, later],
      ],
    );
  });

  test('are twenty in a second', () => {
    const { clock, watches } = watching();
    const taken = (times: number): number => Array.from({ length: times }, watches.take).filter(Boolean).length;
    assert.equal(taken(25), 20);
    clock.pass(1000);
    assert.equal(taken(5), 5);
  });

  test('end with the cache', () => {
    const { clock, watches } = watching();
    watches.later(() => assert.fail('it was dropped'));
    watches.close();
    assert.equal(clock.timers, 0);
    clock.pass(1);
  });
});

describe('a cache that watches for other wordings', () => {
  const config = withModes('on', 'shadow');

  test('answers a look-up before it has looked', () => {
    const { cache, ask } = openCache();
    ask(chat('What is a lock?'), { config });
    const found = cache.lookup(chat("What's a lock?"), scope, noDirectives, config);
    assert.ok(!(found instanceof Promise) && found.outcome === 'miss' && found.flightKey !== undefined);
    assert.equal(found.watched?.()?.outcome, 'shadowWording');
  });

  test('leaves out what comes beyond twenty in a second, and keeps no question of it', () => {
    const { ask, clock } = openCache();
    for (let index = 0; index < 20; index++) ask(chat(`What is lock number ${index}?`), { config });
    assert.equal(ask(chat('What is a mutex?'), { config }).outcome, 'miss');
    assert.equal(ask(chat('What is lock number 3?'), { config }).outcome, 'hitExact');
    clock.pass(1000);
    assert.equal(ask(chat("What's a mutex?"), { config }).outcome, 'miss');
    assert.equal(ask(chat("What's lock number 3?"), { config }).outcome, 'shadowWording');
  });
});
