import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, canonicalMembers } from '../../../src/cache/canonicalJson.ts';
import type { JsonValue } from '../../../src/wire/json.ts';

const json = fc.jsonValue({ maxDepth: 4 }).map((value): JsonValue => JSON.parse(JSON.stringify(value)));
const isSafe = (value: unknown): boolean =>
  typeof value === 'number'
    ? Math.abs(value) <= Number.MAX_SAFE_INTEGER
    : typeof value !== 'object' || value === null || Object.values(value).every(isSafe);

/** The same value, written with its keys in another order. */
function turned(value: JsonValue | undefined): JsonValue {
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map(turned);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turned(item)]),
  );
}

test('key order does not matter', () => {
  fc.assert(fc.property(json, (value) => assert.equal(canonicalJson(turned(value)), canonicalJson(value))));
});

test('equal text is equal value', () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      fc.pre(isSafe(a) && isSafe(b));
      const same = canonicalJson(a) === canonicalJson(b);
      assert.equal(same, JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
    }),
  );
});

function sorted(value: JsonValue | undefined): JsonValue {
  if (typeof value !== 'object' || value === null) return value === 0 ? 0 : (value ?? null);
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [`k${key}`, sorted(item)]),
  );
}

test('number form does not matter; a number that lost digits cannot be compared', () => {
  assert.equal(canonicalJson(JSON.parse('[1.0, 1e2, -0, 0.10]')), canonicalJson(JSON.parse('[1, 100, 0, 1e-1]')));
  assert.equal(canonicalJson(JSON.parse('{"seed": 9007199254740993}')), undefined);
  assert.equal(canonicalJson(JSON.parse('[[9007199254740993]]')), undefined);
  assert.equal(canonicalJson(JSON.parse('1e400')), undefined);
});

test('members are left out at the top only', () => {
  const body: JsonValue = { user: 'a', n: 1, inner: { user: 'b' } };
  assert.equal(canonicalMembers(body, new Set(['user'])), '{"inner":{"user":"b",},"n":1,}');
});

test('of a long text stands its digest: equal for equal texts only, also where they are no proper Unicode', () => {
  const long = 'x'.repeat(5000);
  const forms = [long, `${long}y`, `${long}\ud800`, `${long}\ud801`, `${long}\ufffd`].map((text) =>
    canonicalJson([text]),
  );
  assert.equal(new Set(forms).size, forms.length);
  assert.match(String(forms[0]), /^\[#[\w-]{43},\]$/);
  assert.equal(canonicalJson(['x'.repeat(5000)]), forms[0]);
  assert.notEqual(canonicalJson([String(forms[0]).slice(1, -2)]), forms[0]);
});
