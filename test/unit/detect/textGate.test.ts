import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { textPatterns } from '../../../src/detect/evidence.ts';
import { createTextGate } from '../../../src/detect/textGate.ts';

const patterns = [
  /openai|\bcohere\b|llama[-_]?index/i,
  /(?:from|import) (?:agno|phi)\b/,
  /gpt-?\d|o[134]-(?:mini|pro)/i,
  /["']?role["']?\s*[:=]\s*["'](?:system|user)["']/,
  /new{1,2} Agent\(\s*\w+|abc+def|x{3}wyz/,
];

// The generator knows no `\b`; its texts may stand against any other.
const withoutEdges = ({ source }: RegExp): RegExp => new RegExp(source.replaceAll('\\b', ''));

test('a text that a pattern matches always passes, wherever the match stands', () => {
  const text = fc
    .constantFrom(...patterns)
    .chain((pattern) =>
      fc.tuple(fc.string(), fc.stringMatching(withoutEdges(pattern)), fc.string()).map((pieces) => pieces.join('')),
    );
  const gate = createTextGate(patterns);
  fc.assert(
    fc.property(text, (one) => {
      assert.equal(gate(one), true);
      assert.equal(gate(one.toUpperCase().toLowerCase()), true);
    }),
    { numRuns: 2000 },
  );
});

test('a text without what all matches have in common does not pass', () => {
  const gate = createTextGate(patterns);
  for (const text of ['', 'open air', 'role of the user', 'import a from b', 'graphics', 'gp', 'coherence'])
    assert.equal(gate(text), text === 'coherence', text);
});

test('a pattern that nothing tells from other text is refused', () => {
  assert.throws(() => createTextGate([/openai|a[bc]d/]), /Nothing in/);
});

test('no text that a pattern of the evidence matches is kept from it', () => {
  const root = join(import.meta.dirname, '../../..');
  const folders = ['test/fixtures/findings', 'src/detect', 'src/detect/rules', 'src/advice', 'test/unit/detect'];
  const files = folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)));
  const texts = files.filter((file) => /\.\w+$/.test(file)).map((file) => readFileSync(file, 'utf8'));
  const gate = createTextGate(textPatterns);
  const matching = [...texts, ...texts.flatMap((text) => text.split('\n'))].filter((text) =>
    textPatterns.some((pattern) => pattern.test(text)),
  );
  assert.ok(matching.length > 200);
  assert.deepEqual(
    matching.filter((text) => !gate(text)),
    [],
  );
});
