import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultTiming, pollDelayMs, retryDelayMs } from '../../../src/batch/timing.ts';

const floor = defaultTiming.pollFloorMs;

test('polls begin at the floor, grow with the age of the job, and stop growing', () => {
  assert.equal(pollDelayMs(0, floor, defaultTiming, 0), 2_000);
  assert.equal(pollDelayMs(60_000, floor, defaultTiming, 0), 6_000);
  assert.equal(pollDelayMs(24 * 3_600_000, floor, defaultTiming, 0), 300_000);
  assert.equal(pollDelayMs(60_000, floor, defaultTiming, 1), 7_200);
});

test('retries double up to a ceiling, and respect what the provider asked for', () => {
  assert.deepEqual(
    [1, 2, 3, 7, 5000].map((failures) => retryDelayMs(failures, undefined, defaultTiming, 0)),
    [5_000, 10_000, 20_000, 300_000, 300_000],
  );
  assert.equal(retryDelayMs(1, 90_000, defaultTiming, 0), 90_000);
  assert.equal(retryDelayMs(1, 7 * 24 * 3_600_000, defaultTiming, 0), 3_600_000);
});

test('no wait is shorter than its floor, whatever the clock says', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (ageMs, random) => {
      const delay = pollDelayMs(ageMs, floor, defaultTiming, random);
      assert.ok(delay >= floor && delay <= defaultTiming.pollCeilingMs * 1.2);
    }),
  );
});
