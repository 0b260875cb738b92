import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windowAt } from '../../../src/budget/spendingWindow.ts';

const at = (text: string): number => Date.parse(text);
const span = (window: Parameters<typeof windowAt>[0], now: string) => {
  const { fromMs, resetAtMs } = windowAt(window, at(now));
  return [fromMs, resetAtMs].map((ms) => (ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16)));
};

test('days, weeks from Monday, and months, in UTC', () => {
  assert.deepEqual(span('day', '2026-11-23T23:59:59.999Z'), ['2026-11-23T00:00', '2026-11-24T00:00']);
  assert.deepEqual(span('day', '2026-11-24T00:00:00Z'), ['2026-11-24T00:00', '2026-11-25T00:00']);
  assert.deepEqual(span('week', '2026-11-22T12:00:00Z'), ['2026-11-16T00:00', '2026-11-23T00:00']);
  assert.deepEqual(span('week', '2026-11-23T00:00:00Z'), ['2026-11-23T00:00', '2026-11-30T00:00']);
  assert.deepEqual(span('month', '2026-12-31T23:00:00Z'), ['2026-12-01T00:00', '2027-01-01T00:00']);
  assert.deepEqual(span('month', '2028-02-29T00:00:00Z'), ['2028-02-01T00:00', '2028-03-01T00:00']);
});

test('a session has no end of its own', () => {
  assert.deepEqual(windowAt('session', 5), { fromMs: 0 });
});
