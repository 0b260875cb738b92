import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDirectives } from '../../../src/cache/readDirectives.ts';

const nothing = { skipRead: false, skipWrite: false, onlyIfCached: false };
const read = (...headers: [string, string][]) => readDirectives(headers).directives;

test('a request that says nothing asks for nothing', () => {
  assert.deepEqual(readDirectives([['content-type', 'application/json']]), {
    directives: nothing,
    namespace: undefined,
  });
});

test('RFC 9111 request directives', () => {
  assert.deepEqual(read(['Cache-Control', 'no-cache']), { ...nothing, skipRead: true });
  assert.deepEqual(read(['cache-control', 'No-Store']), { ...nothing, skipWrite: true });
  assert.deepEqual(read(['cache-control', 'no-cache , no-store']), { ...nothing, skipRead: true, skipWrite: true });
  assert.deepEqual(read(['cache-control', 'max-age=60, only-if-cached']), {
    ...nothing,
    maxAgeMs: 60_000,
    onlyIfCached: true,
  });
  assert.deepEqual(read(['cache-control', 'max-age="5"'], ['cache-control', 'max-age=9']), {
    ...nothing,
    maxAgeMs: 5000,
  });
  assert.deepEqual(read(['cache-control', 'max-age=soon']), { ...nothing, maxAgeMs: 0 });
});

test('Pragma counts only without Cache-Control', () => {
  assert.deepEqual(read(['pragma', 'no-cache']), { ...nothing, skipRead: true });
  assert.deepEqual(read(['pragma', 'no-cache'], ['cache-control', 'max-age=1']), { ...nothing, maxAgeMs: 1000 });
});

test('a retry by an SDK is not read from the cache, a first try is', () => {
  assert.deepEqual(read(['x-stainless-retry-count', '1']), { ...nothing, skipRead: true });
  assert.deepEqual(read(['x-stainless-retry-count', '0']), nothing);
});

test('names of other gateways', () => {
  assert.deepEqual(read(['x-portkey-cache-force-refresh', 'True']), { ...nothing, skipRead: true });
  assert.deepEqual(read(['cf-aig-skip-cache', 'true']), { ...nothing, skipRead: true, skipWrite: true });
  assert.deepEqual(read(['Helicone-Cache-Enabled', 'false']), { ...nothing, skipRead: true, skipWrite: true });
  assert.deepEqual(read(['Helicone-Cache-Enabled', 'true']), nothing);
  assert.deepEqual(read(['cf-aig-cache-ttl', '30']), { ...nothing, ttlMs: 30_000 });
  assert.deepEqual(readDirectives([], { cache: { 'no-cache': true, ttl: 2.5, 's-maxage': 10 } }).directives, {
    ...nothing,
    skipRead: true,
    ttlMs: 2500,
    maxAgeMs: 10_000,
  });
});

test('every namespace narrows: order does not matter, the header it came by does', () => {
  const one = readDirectives([['x-tollgate-cache-namespace', 'a']]).namespace;
  const both = readDirectives([
    ['x-portkey-cache-namespace', 'b'],
    ['x-tollgate-cache-namespace', 'a'],
  ]).namespace;
  const turned = readDirectives([
    ['X-Tollgate-Cache-Namespace', 'a'],
    ['X-Portkey-Cache-Namespace', 'b'],
  ]).namespace;
  const other = readDirectives([['helicone-cache-seed', 'a']]).namespace;
  assert.equal(both, turned);
  assert.equal(new Set([one, both, other, undefined]).size, 4);
});
