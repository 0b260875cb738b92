import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contentMix } from '../../../src/tokens/contentMix.ts';
import { encodingOf, familyCount } from '../../../src/tokens/tokenizerFamilies.ts';
import { catalog } from '../catalog/priceData.ts';

test('OpenAI counts are exact, all others have a band', () => {
  assert.deepEqual(familyCount(412, 'o200k', { prose: 1 }), { basis: 'exact', tokens: 412 });
  assert.deepEqual(familyCount(412, 'cl100k', { prose: 1 }), { basis: 'exact', tokens: 412 });
  assert.deepEqual(familyCount(100, 'claude-3', { prose: 1 }), {
    basis: 'estimated',
    tokens: 119,
    low: 107,
    high: 129,
  });
  assert.deepEqual(familyCount(100, 'claude-2026', { code: 1 }), {
    basis: 'estimated',
    tokens: 152,
    low: 138,
    high: 168,
  });
  assert.deepEqual(familyCount(100, 'gemini', { json: 1 }), { basis: 'estimated', tokens: 108, low: 100, high: 116 });
  assert.deepEqual(familyCount(100, undefined, { prose: 1 }), { basis: 'estimated', tokens: 100, low: 85, high: 160 });
  assert.deepEqual(familyCount(100, 'constructor', { prose: 1 }), familyCount(100, undefined, { prose: 1 }));
  assert.equal(encodingOf('cl100k'), 'cl100k');
  assert.equal(encodingOf('claude-3'), 'o200k');
});

test('nothing counts as nothing, something as something, and the estimate lies in its band', () => {
  const families = [...new Set([...catalog.models()].map(({ tokenizer }) => tokenizer)), undefined];
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.nat(100_000), fc.constantFrom(...families), share, (counted, family, cjk) => {
      const found = familyCount(counted, family, { cjk, prose: 1 - cjk });
      assert.equal(found.tokens === 0, counted === 0);
      if (found.basis === 'estimated') assert.ok(found.low <= found.tokens && found.tokens <= found.high);
    }),
  );
});

test('content classes', () => {
  const classOf = (text: string) => Object.keys(contentMix(text)).join('+');
  assert.equal(classOf('You are a helpful assistant. Summarise the text below in three short sentences.'), 'prose');
  assert.equal(
    classOf('export function add(a: number, b: number): number {\n  return (a + b) * factor[0];\n}\n'),
    'code',
  );
  assert.equal(classOf('{ "name": "get_weather", "parameters": { "type": "object", "required": ["city"] } }'), 'json');
  assert.equal(classOf('请把下面的客户来信总结成三个要点'), 'cjk');
  assert.equal(classOf('Translate to English: 请把下面的客户来信总结成三个要点'), 'cjk+prose');
  assert.equal(classOf('   \n'), 'prose');
});

test('the shares of a text sum to 1, however long it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 6000 }), (text) => {
      const sum = Object.values(contentMix(text)).reduce((total, share) => total + share, 0);
      assert.ok(Math.abs(sum - 1) < 1e-9);
    }),
    { numRuns: 50 },
  );
});
