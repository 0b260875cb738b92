import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Breaker, createBreaker } from '../../../src/routing/breaker.ts';
import type { AttemptFailure } from '../../../src/routing/failureClass.ts';
import { retryAfterMs } from '../../../src/routing/retryAfter.ts';

/** Until when others are asked first, after these failures at time 0. */
function openUntil(breaker: Breaker): number {
  let at = 0;
  while (breaker.isOpen('k', at)) at += 500;
  return at;
}

function after(...failures: (readonly [AttemptFailure, number?])[]): number {
  const breaker = createBreaker();
  for (const [failure, retry] of failures) breaker.failed('k', failure, retry, 0);
  return openUntil(breaker);
}

test('an overload cools down at once, as long as it has asked for, twice as long each time otherwise', () => {
  assert.equal(after(['overload']), 5000);
  assert.equal(after(['overload'], ['overload']), 10_000);
  assert.equal(after(['overload'], ['overload'], ['overload'], ['overload'], ['overload'], ['overload']), 60_000);
  assert.equal(after(['overload', 1500]), 1500);
  assert.equal(after(['overload', 0]), 0);
  assert.equal(after(['overload', 86_400_000]), 600_000);
});

test('other faults may be chance, three in a row are not; a quota takes longer', () => {
  assert.equal(after(['server'], ['connect']), 0);
  assert.equal(after(['server'], ['connect'], ['server']), 5000);
  assert.equal(after(['quota']), 300_000);
});

test('what is not the target’s fault shows that it lives', () => {
  for (const failure of ['client', 'auth', 'context', 'policy'] as const)
    assert.equal(after(['overload'], [failure]), 0);
  const breaker = createBreaker();
  breaker.failed('k', 'overload', undefined, 0);
  breaker.succeeded('k');
  assert.equal(openUntil(breaker), 0);
});

test('after cooling down one call finds out for all', () => {
  const breaker = createBreaker();
  breaker.failed('k', 'overload', undefined, 0);
  assert.equal(breaker.isOpen('k', 4999), true);
  assert.equal(breaker.isOpen('k', 5000), false);
  breaker.asked('k', 5000);
  assert.equal(breaker.isOpen('k', 5001), true);
  // A probe that never comes back holds nobody up for long.
  assert.equal(breaker.isOpen('k', 35_000), false);
  breaker.failed('k', 'overload', undefined, 6000);
  assert.equal(breaker.isOpen('k', 15_999), true);
  assert.equal(breaker.isOpen('k', 16_000), false);
  breaker.asked('k', 16_000);
  breaker.succeeded('k');
  assert.equal(breaker.isOpen('k', 16_001), false);
  assert.equal(breaker.isOpen('other', 5001), false);
});

test('keys that are never asked again do not pile up', () => {
  const breaker = createBreaker();
  for (let index = 0; index < 2000; index++) breaker.failed(`k${index}`, 'overload', undefined, 0);
  assert.equal(breaker.isOpen('k0', 1), false);
  assert.equal(breaker.isOpen('k1999', 1), true);
});

test('Retry-After in all its forms', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  const read = (headers: Readonly<Record<string, string>>): number | undefined =>
    retryAfterMs((name) => headers[name], now);
  for (const [value, expected] of [
    ['0', 0],
    ['2', 2000],
    ['1.5', 1500],
    [' 3 ', 3000],
    ['Mon, 23 Nov 2026 10:00:07 GMT', 7000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
    ['1e9', undefined],
  ] as const)
    assert.equal(read({ 'retry-after': value }), expected, value);
  assert.equal(read({ 'retry-after-ms': '250', 'retry-after': '9' }), 250);
  assert.equal(read({ 'retry-after-ms': 'x', 'retry-after': '9' }), 9000);
  assert.equal(read({}), undefined);
});

test('without Retry-After the limit that is used up says when it is full again', () => {
  const wait = (headers: Readonly<Record<string, string>>): number | undefined =>
    retryAfterMs((name) => headers[name], 0);
  for (const [text, expected] of [
    ['6m0s', 360_000],
    ['1h2m3.5s', 3_723_500],
    ['20ms', 20],
    ['2', 2000],
    ['soon', undefined],
    ['', undefined],
  ] as const)
    assert.equal(wait({ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': text }), expected);
  const both = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1s' };
  assert.equal(wait({ ...both, 'x-ratelimit-remaining-tokens': '7', 'x-ratelimit-reset-tokens': '9s' }), 1000);
  assert.equal(wait({ ...both, 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '9s' }), 9000);
  assert.equal(wait({ ...both, 'retry-after': '3' }), 3000);
});
