import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCustomIds, customIdPattern } from '../../../src/batch/customIds.ts';

function named(wishes: readonly string[]): string[] {
  const name = createCustomIds();
  return wishes.map((wish) => name(wish));
}

test('ids keep what was wished for where that is possible', () => {
  assert.deepEqual(named(['a', 'a', 'b/c d', 'b c d', '', 'Ünï', '日本語', '-x-', 'a-2']), [
    'a',
    'a-2',
    'b-c-d',
    'b-c-d-2',
    'item',
    'n',
    'item-2',
    '-x-',
    'a-2-2',
  ]);
});

test('a long wish is cut, and still unique', () => {
  const long = 'x'.repeat(100);
  assert.deepEqual(named([long, long, 'x'.repeat(64)]), ['x'.repeat(64), `${'x'.repeat(62)}-2`, `${'x'.repeat(62)}-3`]);
});

test('whatever is wished for, ids are valid, unique and the same again', () => {
  const wish = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('a', 'a-2', 'a-3', 'item'));
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 60 }), (wishes) => {
      const ids = named(wishes);
      assert.equal(new Set(ids).size, wishes.length);
      for (const id of ids) assert.match(id, customIdPattern);
      assert.deepEqual(named(wishes), ids);
    }),
  );
});

test('fifty thousand equal wishes take no quadratic time', () => {
  const ids = named(Array.from({ length: 50_000 }, () => 'same'));
  assert.equal(ids.at(-1), 'same-50000');
});
