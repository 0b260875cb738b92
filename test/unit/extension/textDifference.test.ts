import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textDifference } from '../../../src/extension/alias/textDifference.ts';

const piece = fc
  .array(fc.constantFrom('a', 'b', '\r\n', '\n', '\r', '😀', '😁', '\ud83d'), { maxLength: 8 })
  .map((parts) => parts.join(''));

test('applying the difference gives the new text, and nothing outside it is touched', () => {
  fc.assert(
    fc.property(piece, piece, (before, after) => {
      const edit = textDifference(before, after);
      if (!edit) return assert.equal(before, after);
      const { start, end } = edit.span;
      assert.ok(0 <= start && start <= end && end <= before.length);
      assert.equal(before.slice(0, start) + edit.newText + before.slice(end), after);
      for (const offset of [start, end]) assert.notEqual(before.slice(offset - 1, offset + 1), '\r\n');
    }),
  );
});

test('an insertion in the middle is an insertion', () => {
  assert.deepEqual(textDifference('{ "a": 1 }', '{ "a": 1, "b": 2 }'), {
    span: { start: 8, end: 8 },
    newText: ', "b": 2',
  });
  assert.equal(textDifference('same', 'same'), undefined);
});
