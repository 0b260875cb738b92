import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLedger } from '../../../../src/ledger/createLedger.ts';
import { ledgerSchema } from '../../../../src/ledger/ledgerSchema.ts';
import type { OverviewQuery } from '../../../../src/ledger/overview/overview.ts';
import { percentilesOf } from '../../../../src/ledger/overview/percentiles.ts';
import { mostLayers, seriesOf } from '../../../../src/ledger/overview/seriesOf.ts';
import { openStore } from '../../../../src/store/openStore.ts';
import { plainAttempt, plainCall } from '../rowsForTests.ts';

const dayMs = 86_400_000;
const query: OverviewQuery = {
  workspaceId: 'w',
  fromMs: 0,
  toMs: 2 * dayMs,
  bucket: 'day',
  by: 'model',
  filter: {},
  lastCalls: 10,
};

function openLedger() {
  const store = openStore({ path: ':memory:', schemas: [ledgerSchema], clock: () => 0 });
  return createLedger({ store, onProblem: ({ error }) => assert.fail(error.message) });
}

test('latency is that of metered calls and of requests that a provider answered well', () => {
  const ledger = openLedger();
  for (let n = 1; n <= 100; n++) {
    const timed = { startedAtMs: 1000, firstByteAtMs: 1000 + n, endedAtMs: 1000 + 10 * n };
    ledger.record(plainCall(`c${n}`, { overheadMs: n / 10 }), [
      plainAttempt(`c${n}`, timed),
      plainAttempt(`c${n}`, { ...timed, index: 1, status: 500, endedAtMs: 99_999 }),
    ]);
  }
  ledger.record(plainCall('passed', { metered: false, overheadMs: 1e6 }), []);
  const { latency } = ledger.overview(query);
  assert.deepEqual(latency, {
    calls: 100,
    attempts: 100,
    overheadMs: { p50: 5, p99: 9.9 },
    providerMs: { p50: 500, p99: 990 },
    firstByteMs: { p50: 50, p99: 99 },
  });
  assert.deepEqual(ledger.overview({ ...query, filter: { feature: 'none' } }).latency, { calls: 0, attempts: 0 });
  ledger.close();
});

test('percentiles are values that were measured', () => {
  assert.equal(percentilesOf([]), undefined);
  assert.deepEqual(percentilesOf([7]), { p50: 7, p99: 7 });
  assert.deepEqual(percentilesOf([3, 1, 2]), { p50: 2, p99: 3 });
});

test('what can be filtered by is all of the time, whatever the filter', () => {
  const ledger = openLedger();
  ledger.record(plainCall('a', { feature: 'x', userPseudonym: 'u', branch: 'main', callSite: 'a.ts:1' }), [
    plainAttempt('a'),
  ]);
  ledger.record(plainCall('b'), [plainAttempt('b', { model: 'gpt-5', costPicoUsd: 1 })]);
  const { choices, groups } = ledger.overview({ ...query, filter: { feature: 'x' } });
  assert.deepEqual(choices, {
    model: ['openai/gpt-4o', 'openai/gpt-5'],
    feature: ['x', ''],
    user: ['u', ''],
    branch: ['main', ''],
    callSite: ['a.ts:1', ''],
  });
  assert.deepEqual(
    groups.map(({ key }) => key),
    ['openai/gpt-4o'],
  );
  ledger.close();
});

test('layers are the dearest and one for the others; buckets without calls are there', () => {
  const cells = Array.from({ length: 10 }, (_, n) => ({ startMs: dayMs, key: `k${n}`, costPicoUsd: BigInt(n + 1) }));
  const { startsMs, layers } = seriesOf(cells, 0, 3 * dayMs, 'day');
  assert.deepEqual(startsMs, [0, dayMs, 2 * dayMs]);
  assert.equal(layers.length, mostLayers);
  assert.deepEqual(layers[0], { key: 'k9', costPicoUsd: ['0', '10', '0'] });
  assert.deepEqual(layers.at(-1), { key: undefined, others: 4, costPicoUsd: ['0', '10', '0'] });
  assert.deepEqual(seriesOf([], 0, dayMs, 'day').layers, []);
  assert.deepEqual(seriesOf([], 5_400_000, 3 * 3_600_000, 'hour').startsMs, [3_600_000, 7_200_000]);
});
