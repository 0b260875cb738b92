import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutLongRuns, longestRun } from '../../../src/tokens/runGuard.ts';

const longerRun = new RegExp(
  `[\\p{L}\\p{M}]{${longestRun + 1},}|\\s{${longestRun + 1},}|[^\\p{L}\\p{M}\\p{N}\\s]{${longestRun + 1},}`,
  'u',
);

test('texts without long runs stay whole', () => {
  for (const text of [
    '',
    'hello world',
    'word '.repeat(1000),
    '1'.repeat(5000),
    'a1'.repeat(5000),
    'a'.repeat(longestRun),
  ])
    assert.deepEqual(cutLongRuns(text), [text]);
});

test('a run is cut every 256 characters', () => {
  assert.deepEqual(
    cutLongRuns(`x ${'a'.repeat(600)} y`).map((piece) => piece.length),
    [2 + 256, 256, 88 + 2],
  );
});

test('the pieces are the text, have no long run, and split no character', () => {
  const part = fc.tuple(fc.constantFrom('a', 'é', '漢', ' ', '\n', '-', '🦊', '1', '\u0301', '。'), fc.nat(400));
  const text = fc
    .array(part, { maxLength: 8 })
    .map((parts) => parts.map(([unit, times]) => unit.repeat(times)).join(''));
  fc.assert(
    fc.property(text, (sample) => {
      const pieces = cutLongRuns(sample);
      assert.equal(pieces.join(''), sample);
      for (const piece of pieces) {
        assert.doesNotMatch(piece, longerRun);
        assert.doesNotMatch(piece, /^[\udc00-\udfff]|[\ud800-\udbff]$/);
      }
    }),
    { numRuns: 80 },
  );
});
