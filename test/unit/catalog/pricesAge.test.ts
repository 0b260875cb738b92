import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pricesAge } from '../../../src/catalog/pricesAge.ts';

const at = (date: string) => Date.parse(date);

test('prices are stale after 60 days and very stale after 180', () => {
  const states = ['2026-09-22', '2026-09-21', '2026-11-21', '2026-11-22', '2027-03-21', '2027-03-22'].map((date) => {
    const { state, days } = pricesAge('2026-09-22', at(date));
    return [days, state];
  });
  assert.deepEqual(states, [
    [0, 'fresh'],
    [0, 'fresh'],
    [60, 'fresh'],
    [61, 'stale'],
    [180, 'stale'],
    [181, 'veryStale'],
  ]);
});

test('prices from before a change that was announced for a day that has come are very stale', () => {
  const changes = ['2026-08-21', '2027-01-01', '2026-12-01'];
  assert.deepEqual(pricesAge('2026-09-22', at('2026-10-01'), changes), { state: 'fresh', days: 9 });
  assert.deepEqual(pricesAge('2026-09-22', at('2027-01-02'), changes), {
    state: 'veryStale',
    days: 102,
    changedOn: '2026-12-01',
  });
});
