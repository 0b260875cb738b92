import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shiftSpan } from '../../../src/extension/analysis/shiftAnnotations.ts';

const text = '0123456789abcdefghij';

function edited(change: { start: number; length: number; inserted: number }): string {
  return text.slice(0, change.start) + '·'.repeat(change.inserted) + text.slice(change.start + change.length);
}

test('an edit outside a span moves it and keeps its text', () => {
  const outside = fc
    .tuple(fc.nat(19), fc.nat(19), fc.nat(19), fc.nat(19), fc.nat(5), fc.boolean())
    .map(([a, b, c, d, inserted, after]) => {
      const [p = 0, q = 0, r = 0, s = 0] = [a, b, c, d].sort((x, y) => x - y);
      return after
        ? { span: { start: p, end: q }, change: { start: r, length: s - r, inserted } }
        : { span: { start: r, end: s }, change: { start: p, length: q - p, inserted } };
    })
    .filter(({ span }) => span.end > span.start);
  fc.assert(
    fc.property(outside, ({ span, change }) => {
      const moved = shiftSpan(span, change);
      assert.ok(moved);
      assert.equal(edited(change).slice(moved.start, moved.end), text.slice(span.start, span.end));
    }),
  );
});

test('a span never leaves the text and never turns around', () => {
  const any = fc.record({
    span: fc.tuple(fc.nat(20), fc.nat(20)).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) })),
    change: fc
      .tuple(fc.nat(20), fc.nat(20), fc.nat(5))
      .map(([a, b, inserted]) => ({ start: Math.min(a, b), length: Math.abs(a - b), inserted })),
  });
  fc.assert(
    fc.property(any, ({ span, change }) => {
      const moved = shiftSpan(span, change);
      if (!moved) return assert.equal(change.inserted, 0);
      assert.ok(moved.start >= 0 && moved.start <= moved.end && moved.end <= edited(change).length);
    }),
  );
});

test('typing inside a span lets it grow, cutting an edge lets it shrink', () => {
  const span = { start: 5, end: 10 };
  assert.deepEqual(shiftSpan(span, { start: 7, length: 0, inserted: 2 }), { start: 5, end: 12 });
  assert.deepEqual(shiftSpan(span, { start: 7, length: 2, inserted: 0 }), { start: 5, end: 8 });
  assert.deepEqual(shiftSpan(span, { start: 3, length: 4, inserted: 1 }), { start: 4, end: 7 });
  assert.deepEqual(shiftSpan(span, { start: 8, length: 9, inserted: 1 }), { start: 5, end: 8 });
});

test('what is deleted is gone, what is replaced keeps its place', () => {
  const span = { start: 5, end: 10 };
  assert.equal(shiftSpan(span, { start: 4, length: 10, inserted: 0 }), undefined);
  assert.deepEqual(shiftSpan(span, { start: 0, length: 20, inserted: 30 }), { start: 0, end: 30 });
});
