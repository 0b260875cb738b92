import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FailedTry, retryWaitMs } from '../../../src/routing/retryWait.ts';

const failed: FailedTry = { failure: 'server', tries: 1, retryAfterMs: undefined, left: 1, remainingMs: 60_000 };
const half = (): number => 0.5;

test('waits half a second for a server, a tenth for a connection, and as long as it is asked to', () => {
  assert.equal(retryWaitMs(failed, half), 500);
  assert.equal(
    retryWaitMs(failed, () => 0),
    250,
  );
  assert.equal(retryWaitMs({ ...failed, failure: 'connect' }, half), 100);
  assert.equal(retryWaitMs({ ...failed, failure: 'overload', retryAfterMs: 1500 }, half), 1500);
  assert.equal(retryWaitMs({ ...failed, failure: 'overload', retryAfterMs: 100 }, half), 500);
});

test('does not wait longer than the next target deserves, nor a person', () => {
  const overload = { ...failed, failure: 'overload' } as const;
  assert.equal(retryWaitMs({ ...overload, retryAfterMs: 2001 }, half), undefined);
  assert.equal(retryWaitMs({ ...overload, retryAfterMs: 2001, left: 0 }, half), 2001);
  assert.equal(retryWaitMs({ ...overload, retryAfterMs: 10_001, left: 0 }, half), undefined);
});

test('never waits past the deadline, for a second time, or for what will not pass', () => {
  const failures = ['connect', 'overload', 'server', 'context', 'policy', 'quota', 'auth', 'client'] as const;
  const any = fc.record({
    failure: fc.constantFrom(...failures),
    tries: fc.integer({ min: 1, max: 3 }),
    retryAfterMs: fc.option(fc.nat(20_000), { nil: undefined }),
    left: fc.nat(2),
    remainingMs: fc.integer({ min: -10, max: 3000 }),
  });
  fc.assert(
    fc.property(any, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (tried, random) => {
      const waitMs = retryWaitMs(tried, () => random);
      if (waitMs === undefined) return;
      assert.ok(waitMs < tried.remainingMs && waitMs >= (tried.retryAfterMs ?? 0) && tried.tries === 1);
      assert.ok(['connect', 'overload', 'server'].includes(tried.failure));
    }),
  );
});
