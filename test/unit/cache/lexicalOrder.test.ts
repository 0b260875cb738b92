import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLexicalEmbedder } from '../../../src/cache/embedders/lexicalEmbedder.ts';

test('the same words in another order are not near enough', async () => {
  const embedder = createLexicalEmbedder();
  for (const pair of [
    ['How do I convert a list of tuples?', 'How do I convert a tuple of lists?'],
    ['Is A a subset of B?', 'Is B a subset of A?'],
    ['Write a Python script parser', 'Write a script parser in Python'],
  ]) {
    const [a = new Float32Array(), b = new Float32Array()] = await embedder.embed(pair);
    const cosine = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
    assert.ok(cosine < embedder.threshold, `${pair.join(' / ')}: ${cosine}`);
  }
});
