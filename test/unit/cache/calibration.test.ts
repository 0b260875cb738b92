import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { calibrate } from '../../../src/cache/calibration/calibrate.ts';
import { calibrationText } from '../../../src/cache/calibration/calibrationText.ts';
import { developerPairs, type LabelledPair } from '../../../src/cache/calibration/developerPairs.ts';
import { wilson } from '../../../src/cache/calibration/wilson.ts';
import type { Embedder } from '../../../src/cache/embedders/embedder.ts';
import { createLexicalEmbedder } from '../../../src/cache/embedders/lexicalEmbedder.ts';
import type { JudgedPair } from '../../../src/cache/trust/cachedPair.ts';

test('the built-in pairs: four hundred, none twice, half of them near misses', () => {
  const pairs = developerPairs();
  assert.equal(pairs.length, 400);
  assert.equal(pairs.filter(({ isSame }) => isSame).length, 200);
  assert.equal(new Set(pairs.map(({ a, b }) => `${a}\n${b}`)).size, 400);
  for (const { a, b } of pairs) assert.notEqual(a, b);
});

/** The cosine of a pair is the number at the end of its second text, in thousandths. */
const numbered: Embedder = {
  id: 'numbered',
  dimensions: 2,
  threshold: 0.9,
  deadlineMs: 10,
  embed: async (texts) =>
    texts.map((text) => {
      const cosine = Number(/=0\.(\d+)$/.exec(text)?.[1] ?? 1000) / 1000;
      return new Float32Array([cosine, Math.sqrt(1 - cosine * cosine)]);
    }),
};

const judgedAt = (similarity: number, verdict: JudgedPair['verdict'], embedder = 'numbered'): JudgedPair => ({
  id: `${similarity} ${verdict}`,
  kind: 'semantic',
  served: true,
  embedder,
  similarity,
  verdict,
  judgedAtMs: 0,
});
const many = (count: number, similarity: number, verdict: JudgedPair['verdict']): JudgedPair[] =>
  Array.from({ length: count }, () => judgedAt(similarity, verdict));

const calibrated = (judged: readonly JudgedPair[], pairs: readonly LabelledPair[] = [], falseHitRate = 0.02) =>
  calibrate({ embedder: numbered, pairs, judged, falseHitRate });

test('a threshold is lowered to where the wanted rate still holds, when enough pairs say so', async () => {
  const report = await calibrated([...many(60, 0.95, 'right'), ...many(40, 0.85, 'right'), ...many(9, 0.7, 'wrong')]);
  assert.deepEqual([report.proposed?.threshold, report.proposed?.right, report.proposed?.wrong], [0.705, 100, 0]);
  assert.equal(report.proposed?.recall, 1);
  assert.equal(report.isUncertain, true);
  const sure = await calibrated([...many(300, 0.85, 'right'), ...many(30, 0.7, 'wrong')]);
  assert.equal(sure.isUncertain, false);
});

test('few pairs lower nothing; wrong ones raise', async () => {
  const few = await calibrated([...many(5, 0.85, 'right'), ...many(2, 0.7, 'wrong')]);
  assert.deepEqual([few.proposed?.threshold, few.isUncertain], [0.9, true]);
  const wrong = await calibrated([...many(50, 0.97, 'right'), ...many(3, 0.93, 'wrong')]);
  assert.equal(wrong.proposed?.threshold, 0.935);
  assert.deepEqual([wrong.present.right, wrong.present.wrong], [50, 3]);
});

test('no threshold is proposed where none is good', async () => {
  const report = await calibrated(many(10, 0.99, 'wrong'));
  assert.equal(report.proposed?.falseHitRate, undefined);
  assert.match(calibrationText(report), /in force \| 0\.9 \| 0 \| 10 \| 100\.0 %/);
});

test('pairs that a guard refuses, or that have the same words, do not count for the embedder', async () => {
  const report = await calibrated(
    [],
    [
      { a: 'How do I install Python 3.11?', b: 'How do I install Python 3.12?', isSame: false },
      { a: 'How do I delete a git branch?', b: 'How can I delete a git branch?', isSame: true },
    ],
  );
  assert.deepEqual(report.settled, { byWording: 1, byGuard: 1, wronglyByWording: 0 });
  assert.deepEqual([report.present.right, report.present.wrong], [0, 0]);
});

test('judged pairs count by their texts, and without them only for the embedder that compared them', async () => {
  const worded: JudgedPair = { ...judgedAt(0.2, 'wrong', 'other'), asked: 'topic=0.990', matched: 'topic' };
  const report = await calibrated([worded, judgedAt(0.95, 'right'), judgedAt(0.95, 'wrong', 'other')]);
  assert.deepEqual([report.present.right, report.pairs.judged], [1, 3]);
});

test('the lexical embedder serves none of the near misses at its threshold', async () => {
  const report = await calibrate({
    embedder: createLexicalEmbedder(),
    pairs: developerPairs(),
    judged: [],
    falseHitRate: 0.02,
  });
  assert.deepEqual([report.present.wrong, report.settled.wronglyByWording], [0, 0]);
  assert.equal(report.pairs.builtIn, 400);
  assert.match(calibrationText(report), /^# Calibration of lexical-3\n\n400 built-in pairs/);
});

test('Wilson’s interval holds the rate, narrows with the trials and matches published figures', () => {
  const { low, high } = wilson(3, 217);
  assert.deepEqual([low.toFixed(4), high.toFixed(4)], ['0.0047', '0.0399']);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
      const hits = Math.round(share * trials);
      const of = wilson(hits, trials);
      assert.ok(0 <= of.low && of.low <= of.rate && of.rate <= of.high && of.high <= 1);
      const ten = wilson(hits * 10, trials * 10);
      assert.ok(ten.high - ten.low <= of.high - of.low);
    }),
    { numRuns: 200 },
  );
});
