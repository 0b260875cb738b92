import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { costLines, costOf } from '../../../src/catalog/costOf.ts';
import type { Price } from '../../../src/catalog/price.ts';
import { usageKinds } from '../../../src/catalog/usage.ts';

const price: Price = {
  id: 'test/model@2026-01-01',
  usdPerMTok: { input: 2.5, cacheRead: 0.25, cacheWrite5m: 3.125, output: 15 },
  longContext: { aboveInputTokens: 200_000, inclusive: false, usdPerMTok: { input: 5, output: 22.5 } },
  tiers: { batch: { input: 1.25, output: 7.5 } },
  asOf: '2026-01-01',
  source: 'test',
};

test('each kind is tokens × rate, at the tier that served it', () => {
  assert.deepEqual(costLines({ input: 1000, output: 10 }, price), [
    { kind: 'input', tokens: 1000, rate: { usdPerMTok: 2.5, picoUsd: 2_500_000_000 } },
    { kind: 'output', tokens: 10, rate: { usdPerMTok: 15, picoUsd: 150_000_000 } },
  ]);
  assert.deepEqual(costLines({ output: 10 }, price, 'batch'), [
    { kind: 'output', tokens: 10, rate: { usdPerMTok: 7.5, picoUsd: 75_000_000 } },
  ]);
});

test('a kind without a rate is a line without one', () => {
  assert.deepEqual(costLines({ inputAudio: 5 }, price), [{ kind: 'inputAudio', tokens: 5 }]);
});

test('property: the lines add up to the cost, and one without a rate means no cost', () => {
  const tokens = fc.option(fc.nat(300_000), { nil: undefined });
  const usage = fc
    .tuple(...usageKinds.map(() => tokens))
    .map((counts) =>
      Object.fromEntries(usageKinds.flatMap((kind, n) => (counts[n] === undefined ? [] : [[kind, counts[n]]]))),
    );
  fc.assert(
    fc.property(usage, fc.constantFrom('standard' as const, 'batch' as const), (used, tier) => {
      const lines = costLines(used, price, tier);
      const cost = costOf(used, price, { serviceTier: tier });
      if (lines.some(({ rate }) => rate === undefined)) assert.equal(cost.status, 'unpriced');
      else if (cost.status === 'exact' || cost.status === 'estimated')
        assert.equal(
          lines.reduce((sum, { rate }) => sum + (rate?.picoUsd ?? 0), 0),
          cost.picoUsd,
        );
      else assert.fail(`every kind has a rate, and yet ${cost.reason}`);
    }),
  );
});
