import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeptNesting } from '../../../../src/detect/kept/keptNesting.ts';
import { applyChange, editOf } from '../../../../src/detect/kept/textEdit.ts';
import { isNestedTooDeep } from '../../../../src/detect/nestedTooDeep.ts';

const scrap = fc.constantFrom(
  '(\n'.repeat(60),
  ')\n'.repeat(45),
  'f(x, "([{",\n'.repeat(70),
  '[{('.repeat(40),
  'value = compute(1)\n'.repeat(150),
  '"',
  "'",
  '\\',
  '\n',
  '(',
  ')',
  'x',
);
const text = fc.array(scrap, { maxLength: 10 }).map((pieces) => pieces.join(''));
const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(4_000)),
    inserted: fc.oneof(scrap, fc.constant('')),
    looked: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

test('after any edits a text is as deep as one never seen before', () => {
  const property = fc.property(text, edits, (first, changes) => {
    const kept = new KeptNesting();
    let now = first;
    assert.equal(kept.isTooDeep(now), isNestedTooDeep(now));
    for (const { at, length, inserted, looked } of changes) {
      const start = Math.floor(at * now.length);
      const change = { start, length: Math.min(length, now.length - start), text: inserted };
      now = applyChange(now, change);
      kept.edit(editOf(change));
      if (looked) assert.equal(kept.isTooDeep(now), isNestedTooDeep(now));
    }
    assert.equal(kept.isTooDeep(now), isNestedTooDeep(now));
  });
  fc.assert(property, { numRuns: 400 });
});

test('a quote that a backslash takes over a line is one quote, also where a stretch could end', () => {
  const kept = new KeptNesting();
  const lines = `${'x\n'.repeat(1_000)}${`"${'('.repeat(20)}\\\n((("\n`.repeat(100)}`;
  assert.equal(isNestedTooDeep(lines), false);
  assert.equal(kept.isTooDeep(lines), false);
  const at = lines.indexOf('\\');
  const change = { start: at, length: 1, text: '' };
  kept.edit(editOf(change));
  assert.equal(kept.isTooDeep(applyChange(lines, change)), isNestedTooDeep(applyChange(lines, change)));
});
