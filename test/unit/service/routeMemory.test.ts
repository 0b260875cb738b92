import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QualityRecord } from '../../../src/routing/createRouteQuality.ts';
import { createRouteMemory, routeSchema } from '../../../src/service/routeMemory.ts';
import { openStore } from '../../../src/store/openStore.ts';

const dayMs = 86_400_000;
const tier = (alias: string): QualityRecord => ({
  kind: 'tier',
  workspaceId: 'w',
  rule: 'classify',
  alias,
  window: { windowMs: dayMs, buckets: [{ at: 1, calls: 3, failed: 1, faults: { truncated: 1 } }] },
});

function open() {
  const store = openStore({ path: ':memory:', schemas: [routeSchema], clock: () => 0 });
  const warnings: string[] = [];
  let nowMs = 100 * dayMs;
  const memory = createRouteMemory({
    store,
    now: () => nowMs,
    log: { warn: (message) => void warnings.push(message) },
  });
  return { store, memory, warnings, pass: (ms: number) => (nowMs += ms) };
}

test('what was saved last is loaded', () => {
  const { memory, warnings } = open();
  memory.save(tier('cheap'));
  memory.save(tier('quality'));
  memory.save(tier('cheap'));
  memory.close();
  assert.deepEqual(memory.load(), [tier('cheap'), tier('quality')]);
  assert.deepEqual(warnings, []);
});

test('a record that is damaged or of another version is left out, with a line in the log', () => {
  const { store, memory, warnings } = open();
  memory.save(tier('cheap'));
  memory.flush();
  const put = store.database.prepare('INSERT INTO route_quality (key, record, saved_at_ms) VALUES (?, ?, ?)');
  put.run('damaged', '{"kind":"ti', 100 * dayMs);
  put.run('other', '{"kind":"tier","workspaceId":"w"}', 100 * dayMs);
  assert.deepEqual(memory.load(), [tier('cheap')]);
  assert.deepEqual(warnings, ['a record of a route was not understood', 'a record of a route was not understood']);
});

test('records of a month ago are forgotten', () => {
  const { memory, pass } = open();
  memory.save(tier('cheap'));
  memory.flush();
  pass(31 * dayMs);
  assert.deepEqual(memory.load(), []);
});

test('what could not be written is written with the next', () => {
  const { store, memory, warnings } = open();
  store.database.exec('ALTER TABLE route_quality RENAME TO elsewhere');
  memory.save(tier('cheap'));
  memory.flush();
  assert.deepEqual(warnings, ['the figures of routes were not written']);
  store.database.exec('ALTER TABLE elsewhere RENAME TO route_quality');
  memory.save(tier('quality'));
  memory.close();
  assert.deepEqual(memory.load(), [tier('cheap'), tier('quality')]);
});
