import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { localTime, windowAt } from '../../../src/budget/spendingWindow.ts';

const at = (text: string): number => Date.parse(text);
const span = (window: Parameters<typeof windowAt>[0], now: string, timeZone = 'UTC') => {
  const { fromMs, resetAtMs } = windowAt(window, at(now), timeZone);
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

test('days, weeks and months of a time zone, over changes of its clocks', () => {
  const berlin = (window: 'day' | 'week' | 'month', now: string) => span(window, now, 'Europe/Berlin');
  assert.deepEqual(berlin('day', '2026-11-23T22:59:59Z'), ['2026-11-22T23:00', '2026-11-23T23:00']);
  assert.deepEqual(berlin('day', '2026-11-23T23:00:00Z'), ['2026-11-23T23:00', '2026-11-24T23:00']);
  // 23 and 25 hours long.
  assert.deepEqual(berlin('day', '2026-03-29T12:00:00Z'), ['2026-03-28T23:00', '2026-03-29T22:00']);
  assert.deepEqual(berlin('day', '2026-10-25T12:00:00Z'), ['2026-10-24T22:00', '2026-10-25T23:00']);
  assert.deepEqual(berlin('week', '2026-10-25T12:00:00Z'), ['2026-10-18T22:00', '2026-10-25T23:00']);
  assert.deepEqual(berlin('month', '2026-10-31T23:30:00Z'), ['2026-10-31T23:00', '2026-11-30T23:00']);
  assert.deepEqual(span('day', '2026-11-23T12:00:00Z', 'Asia/Kathmandu'), ['2026-11-22T18:15', '2026-11-23T18:15']);
  // Cairo's clocks go from 0:00 to 1:00 on the last Friday of April: the day begins with the change.
  assert.deepEqual(span('day', '2026-04-24T12:00:00Z', 'Africa/Cairo'), ['2026-04-23T22:00', '2026-04-24T21:00']);
});

test('every moment is in the day it begins, and the next begins where it ends', () => {
  const zones = ['America/New_York', 'America/Santiago', 'Africa/Cairo', 'Pacific/Apia', 'Asia/Kolkata'];
  const moment = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });
  fc.assert(
    fc.property(moment, fc.constantFrom(...zones), fc.constantFrom('day', 'week', 'month'), (now, zone, window) => {
      const { fromMs, resetAtMs = 0 } = windowAt(window, now, zone);
      assert.ok(fromMs <= now && now < resetAtMs);
      assert.deepEqual(windowAt(window, fromMs, zone), { fromMs, resetAtMs });
      assert.equal(windowAt(window, resetAtMs, zone).fromMs, resetAtMs);
      assert.equal(windowAt(window, resetAtMs - 1, zone).fromMs, fromMs);
    }),
    { numRuns: 300 },
  );
});

test('a time as its zone writes it', () => {
  assert.equal(localTime(at('2026-11-30T23:00:00Z'), 'Europe/Berlin'), '2026-12-01 00:00 Europe/Berlin');
  assert.equal(localTime(at('2026-12-01T00:00:00Z'), 'UTC'), '2026-12-01 00:00 UTC');
});
