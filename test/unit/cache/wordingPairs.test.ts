import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as z from 'zod';
import { createLexicalEmbedder } from '../../../src/cache/embedders/lexicalEmbedder.ts';
import { factsOf } from '../../../src/cache/guards/facts.ts';
import { vetoOf } from '../../../src/cache/guards/guards.ts';
import { notAskable } from '../../../src/cache/wording/askable.ts';
import { canonicalWording } from '../../../src/cache/wording/canonicalWording.ts';
import { isDeictic } from '../../../src/cache/wording/deictic.ts';
import { isTimeBound } from '../../../src/cache/wording/timeBound.ts';

const pairSchema = z.object({
  id: z.string(),
  cat: z.string(),
  expect: z.enum(['hit', 'miss']),
  a: z.string(),
  b: z.string(),
});

const pairsOf = (file: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/cache', file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => pairSchema.parse(JSON.parse(line)));

const embedder = createLexicalEmbedder();

/** By equal canonical words, or by vectors that are near enough. */
function isServed(a: string, b: string): boolean {
  if (notAskable(a) !== undefined || notAskable(b) !== undefined) return false;
  const [first, second] = [canonicalWording(a), canonicalWording(b)];
  if (isDeictic(first.words) || isDeictic(second.words)) return false;
  if (first.key !== second.key) {
    if (isTimeBound(a) || isTimeBound(b)) return false;
    const [u, v] = [
      embedder.embedNow?.({ text: a, wording: first }),
      embedder.embedNow?.({ text: b, wording: second }),
    ];
    const cosine = u?.reduce((sum, value, index) => sum + value * (v?.[index] ?? 0), 0) ?? 0;
    if (cosine < embedder.threshold) return false;
  }
  return vetoOf(factsOf(first), factsOf(second)) === undefined;
}

/** Ids of the pairs that come out otherwise than they should. */
function wrong(file: string, expect: 'hit' | 'miss'): string[] {
  return pairsOf(file)
    .filter((pair) => pair.expect === expect && isServed(pair.a, pair.b) !== (expect === 'hit'))
    .map((pair) => pair.id);
}

for (const file of ['guards-dev.jsonl', 'guards-own.jsonl', 'guards-blind.jsonl', 'general-own.jsonl']) {
  test(`${file}: no answer to one question is given to another`, () => {
    assert.ok(pairsOf(file).filter((pair) => pair.expect === 'miss').length >= 43);
    assert.deepEqual(wrong(file, 'miss'), []);
  });
}

test('other wordings of the same question are found, all but two that are told in two sentences', () => {
  assert.deepEqual(wrong('guards-dev.jsonl', 'hit'), ['g-rephrase-1', 'g-rephrase-5']);
  assert.deepEqual(wrong('guards-own.jsonl', 'hit'), []);
  assert.deepEqual(wrong('guards-blind.jsonl', 'hit').length, 4);
  assert.deepEqual(wrong('general-own.jsonl', 'hit').length, 30);
});

test('guards alone, without the canonical words, object to most pairs that must miss and to none that should hit', () => {
  const outcome = (expect: 'hit' | 'miss') => {
    const pairs = ['guards-dev.jsonl', 'guards-own.jsonl']
      .flatMap(pairsOf)
      .filter((pair) => pair.expect === expect && !(expect === 'hit' && /g-rephrase-[15]$/.test(pair.id)));
    const vetoed = pairs.filter((pair) => {
      const [a, b] = [canonicalWording(pair.a), canonicalWording(pair.b)];
      return isDeictic(a.words) || isDeictic(b.words) || vetoOf(factsOf(a), factsOf(b)) !== undefined;
    });
    return { pairs: pairs.length, vetoed: vetoed.length };
  };
  assert.deepEqual(outcome('hit'), { pairs: 132, vetoed: 0 });
  const misses = outcome('miss');
  assert.ok(misses.vetoed / misses.pairs > 0.95, `${misses.vetoed} of ${misses.pairs}`);
});
