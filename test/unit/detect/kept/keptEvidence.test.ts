import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { importsWithin, readEvidence } from '../../../../src/detect/evidence.ts';
import { DraftText } from '../../../../src/detect/kept/draftText.ts';
import { KeptEvidence } from '../../../../src/detect/kept/keptEvidence.ts';
import { applyChange, editOf, type TextChange } from '../../../../src/detect/kept/textEdit.ts';

/** Signs, pieces of signs, and what makes none of them. */
const scrap = fc.constantFrom(
  'openai',
  'open',
  'ai',
  'llm',
  'fulfi',
  'llment',
  'gpt-',
  '4o',
  'from discord import x\n',
  'import { x } from "prompt-tsx";\n',
  'system_prompt = """\n',
  'prompt = "a text that is longer than thirty characters"\n',
  '"you are a helpful assistant"',
  'instruction',
  '\n',
  ' ',
  '"',
  'x',
  '= 1\n',
);
const filling = fc.constantFrom('', 'value = compute(1)\n'.repeat(20), 'y = 2\n'.repeat(importsWithin / 6));
const text = fc.array(fc.oneof(scrap, scrap, filling), { maxLength: 12 }).map((pieces) => pieces.join(''));

interface Place {
  readonly at: number;
  readonly length: number;
  readonly inserted: string;
}

const places: fc.Arbitrary<Place[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.oneof(fc.constant(0), fc.nat(12), fc.nat(3_000)),
    inserted: fc.oneof(scrap, fc.constant('')),
  }),
  { minLength: 1, maxLength: 8 },
);

function changeAt(now: string, { at, length, inserted }: Place): TextChange {
  const start = Math.floor(at * now.length);
  return { start, length: Math.min(length, now.length - start), text: inserted };
}

test('after any edits the evidence is that of a text never seen before', () => {
  const property = fc.property(text, places, fc.constantFrom('a.py', 'llm/prompts.py'), (first, edits, path) => {
    const kept = new KeptEvidence();
    let now = first;
    assert.deepEqual(kept.read(now, path, false), readEvidence(now, path, false));
    for (const [index, place] of edits.entries()) {
      const change = changeAt(now, place);
      now = applyChange(now, change);
      kept.edit(editOf(change));
      if (index % 3 < 2) assert.deepEqual(kept.read(now, path, false), readEvidence(now, path, false));
    }
    assert.deepEqual(kept.read(now, path, false), readEvidence(now, path, false));
  });
  fc.assert(property, { numRuns: 300 });
});

test('a draft is the text with its edits, and says where they stand', () => {
  const rowOf = (before: string) => {
    const lines = before.split('\n');
    return { row: lines.length - 1, column: lines.at(-1)?.length ?? 0 };
  };
  const property = fc.property(text, places, (first, edits) => {
    const draft = new DraftText(first);
    let now = first;
    for (const [index, place] of edits.entries()) {
      const change = changeAt(now, place);
      const { from, to, newTo } = draft.apply(change);
      assert.deepEqual(from, rowOf(now.slice(0, change.start)));
      assert.deepEqual(to, rowOf(now.slice(0, change.start + change.length)));
      now = applyChange(now, change);
      assert.deepEqual(newTo, rowOf(now.slice(0, change.start + change.text.length)));
      assert.equal(draft.length, now.length);
      assert.equal(draft.slice(0, now.length), now);
      assert.equal(draft.slice(change.start, change.start + 40), now.slice(change.start, change.start + 40));
      assert.equal(draft.differenceTo(now), undefined);
      const other = `${now.slice(0, 5)}!${now.slice(5)}`;
      assert.equal(applyChange(now, draft.differenceTo(other) ?? change), other);
      if (index % 3 === 2) draft.rebase(now);
    }
  });
  fc.assert(property, { numRuns: 300 });
});
