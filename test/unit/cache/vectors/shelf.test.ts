import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createShelf } from '../../../../src/cache/vectors/shelf.ts';

const dimensions = 24;
/** Sparse as well as dense ones, from a few values, so that many are near one another. */
const vectors = fc
  .array(fc.constantFrom(0, 0, 0, 1, -1, 0.5, 3), { minLength: dimensions, maxLength: dimensions })
  .filter((values) => values.some((value) => value !== 0))
  .map((values) => Float32Array.from(values, (value) => value / Math.hypot(...values)));

/** What a row is kept as: one byte per dimension. */
function kept(vector: Float32Array): number[] {
  const scale = Math.max(...vector.map(Math.abs)) / 127;
  return [...vector].map((value) => Math.round(value / scale) * scale);
}

function dot(query: Float32Array, row: readonly number[]): number {
  return query.reduce((sum, value, place) => sum + value * (row[place] ?? 0), 0);
}

const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ put: vectors }) },
  { weight: 1, arbitrary: fc.record({ drop: fc.nat(60) }) },
);

test('whoever is near enough is found, and nobody else, whatever was put and dropped before', () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 60 }),
      vectors,
      fc.constantFrom(-1, 0, 0.5, 0.8, 0.955),
      (changes, query, minScore) => {
        const shelf = createShelf(dimensions);
        const rows = new Map<string, Float32Array>();
        for (const [number, one] of changes.entries()) {
          if ('put' in one) {
            shelf.put(`k${number}`, one.put);
            rows.set(`k${number}`, one.put);
          } else {
            shelf.drop(`k${one.drop}`);
            rows.delete(`k${one.drop}`);
          }
        }
        assert.equal(shelf.size, rows.size);
        assert.equal(shelf.oldest(), rows.keys().next().value);
        const scores = new Map([...rows].map(([key, row]) => [key, dot(query, kept(row))]));
        const found = new Map(shelf.nearest(query, minScore, 1000).map(({ key, score }) => [key, score]));
        for (const [key, score] of scores) {
          // At the very threshold, rounding decides.
          if (Math.abs(score - minScore) < 1e-6) continue;
          assert.equal(found.has(key), score > minScore, `${key} ${score}`);
          if (score > minScore) assert.ok(Math.abs((found.get(key) ?? 9) - score) < 1e-6);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('the nearest come first, as many as are asked for', () => {
  const shelf = createShelf(2);
  for (const [key, angle] of [
    ['far', 0.5],
    ['near', 0.1],
    ['nearer', 0.05],
  ] as const)
    shelf.put(key, Float32Array.from([Math.cos(angle), Math.sin(angle)]));
  const found = shelf.nearest(Float32Array.from([1, 0]), 0.8, 2);
  assert.deepEqual(
    found.map(({ key }) => key),
    ['nearer', 'near'],
  );
});
