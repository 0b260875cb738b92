import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf } from '../../../src/batch/providerFailure.ts';

const nowMs = Date.parse('2026-11-24T00:00:00Z');

function waitOf(headers: Record<string, string>): number | undefined {
  const failure = failureOf({ status: 503, message: 'busy', headers: new Headers(headers), error: undefined }, nowMs);
  assert.equal(failure.kind, 'transient');
  return 'retryAfterMs' in failure ? failure.retryAfterMs : undefined;
}

test('the wait that a provider asks for: milliseconds, seconds or a date', () => {
  assert.equal(waitOf({ 'retry-after-ms': '250', 'retry-after': '9' }), 250);
  assert.equal(waitOf({ 'retry-after': '9' }), 9_000);
  assert.equal(waitOf({ 'retry-after': 'Tue, 24 Nov 2026 00:01:30 GMT' }), 90_000);
  assert.equal(waitOf({ 'retry-after': 'Mon, 23 Nov 2026 00:00:00 GMT' }), 0, 'a date that is over');
  assert.equal(waitOf({ 'retry-after': 'soon' }), undefined);
  assert.equal(waitOf({ 'retry-after': '' }), undefined);
  assert.equal(waitOf({}), undefined);
});
