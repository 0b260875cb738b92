import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { costOf } from '../../../src/catalog/costOf.ts';
import { picoUsdOf } from '../../../src/catalog/money.ts';
import type { Price, ServiceTier } from '../../../src/catalog/price.ts';
import { addUsage, totalInputTokens, type Usage, type Uses, usageKinds } from '../../../src/catalog/usage.ts';
import { catalog, known } from './priceData.ts';

interface Golden {
  /** A provider's reply or stream, read in `test/unit/wire/usageGolden.test.ts`. */
  readonly reply?: unknown;
  readonly events?: unknown;
  readonly uses?: Uses;
  readonly at?: string;
  readonly name: string;
  readonly model: string;
  readonly provider?: string;
  readonly serviceTier?: ServiceTier;
  readonly estimatedBecause?: string;
  readonly usage: Usage;
  readonly status: string;
  readonly picoUsd?: number;
}

/** Worked by hand, in millionths of a dollar: the sum of tokens × USD per million (`working`). */
const golden: Golden[] = readFileSync(resolve(import.meta.dirname, '../../golden/cost.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Golden => JSON.parse(line))
  .filter(({ reply, events }) => reply === undefined && events === undefined);

for (const { name, model, provider, usage, uses, at, status, picoUsd, serviceTier, estimatedBecause } of golden)
  test(`golden: ${model}, ${name}`, () => {
    const found = catalog.lookup(model, provider);
    const cost = costOf(usage, found.kind === 'known' ? found.model.price : undefined, {
      ...(uses && { uses }),
      ...(at && { atMs: Date.parse(at) }),
      ...(serviceTier && { serviceTier }),
      ...(estimatedBecause && { estimatedBecause }),
    });
    assert.equal(cost.status, status);
    assert.equal('picoUsd' in cost ? cost.picoUsd : undefined, picoUsd);
  });

const models = [...catalog.models()];
const price = fc.constantFrom(...models.flatMap((model) => (model.price === undefined ? [] : [model.price])));
const tier = fc.constantFrom<ServiceTier>('standard', 'batch', 'flex', 'priority');
const tokens = fc.oneof(fc.nat(3), fc.nat(300_000));
const usage = fc.record(Object.fromEntries(usageKinds.map((kind) => [kind, tokens])), { requiredKeys: [] });

function picoUsd(used: Usage, of: Price, serviceTier: ServiceTier): number | undefined {
  const cost = costOf(used, of, { serviceTier });
  return 'picoUsd' in cost ? cost.picoUsd : undefined;
}

test('a cost is a whole number of picodollars, and positive where something priced was used', () => {
  fc.assert(
    fc.property(usage, price, tier, (used, of, serviceTier) => {
      const cost = picoUsd(used, of, serviceTier);
      if (cost === undefined) return;
      assert.ok(Number.isSafeInteger(cost) && cost >= 0);
      const priced = usageKinds.some((kind) => (used[kind] ?? 0) > 0 && (of.usdPerMTok[kind] ?? 0) > 0);
      if (priced) assert.ok(cost > 0);
    }),
    { numRuns: 1000 },
  );
});

test('on one side of the edge, the parts of a usage cost what the whole costs', () => {
  fc.assert(
    fc.property(usage, usage, price, tier, (a, b, of, serviceTier) => {
      const { longContext: _, ...flat } = of;
      const [whole, first, second] = [addUsage(a, b), a, b].map((used) => picoUsd(used, flat, serviceTier));
      if (whole === undefined) assert.ok(first === undefined || second === undefined);
      else assert.equal(whole, (first ?? Number.NaN) + (second ?? Number.NaN));
    }),
    { numRuns: 1000 },
  );
});

test('more tokens never cost less', () => {
  fc.assert(
    fc.property(usage, usage, price, tier, (used, more, of, serviceTier) => {
      const [less, all] = [used, addUsage(used, more)].map((part) => picoUsd(part, of, serviceTier));
      if (less !== undefined && all !== undefined) assert.ok(all >= less);
    }),
    { numRuns: 1000 },
  );
});

test('the edge is where the price list has it, for every model with one', () => {
  const edged = models.flatMap(({ price: of }) =>
    of?.longContext === undefined ? [] : [{ of, edge: of.longContext }],
  );
  assert.ok(edged.length >= 30);
  for (const { of, edge } of edged) {
    const perToken = (input: number) => (picoUsd({ input }, of, 'standard') ?? Number.NaN) / input / 1e6;
    const firstDear = edge.inclusive ? edge.aboveInputTokens : edge.aboveInputTokens + 1;
    assert.equal(perToken(firstDear - 1).toFixed(6), of.usdPerMTok.input?.toFixed(6), of.id);
    assert.equal(perToken(firstDear).toFixed(6), edge.usdPerMTok.input?.toFixed(6), of.id);
  }
});

test('which kind of input reaches the edge does not matter', () => {
  const of = known('claude-sonnet-4-5').price;
  assert.ok(of?.longContext);
  const kinds = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const;
  for (const kind of kinds) {
    const used: Usage = { [kind]: 200_001 };
    assert.equal(totalInputTokens(used), 200_001);
    assert.equal(picoUsd(used, of, 'standard'), Math.round((of.longContext.usdPerMTok[kind] ?? 0) * 1e6) * 200_001);
  }
});

test('every reason of an estimate is given, once', () => {
  const cost = costOf({ cacheRead: 1, output: 1 }, known('deepseek-v3.2', 'deepseek').price, {
    estimatedBecause: 'cut',
  });
  assert.deepEqual(cost.status === 'estimated' && cost.reason.split('; '), [
    'cut',
    'no cached-input price is listed, so it is taken at the input price',
  ]);
  const inputOnly: Price = {
    id: 'test/model@2026-01-01',
    usdPerMTok: { input: 2, output: 8 },
    tiers: { flex: { input: 1 } },
    asOf: '2026-01-01',
    source: 'test',
  };
  const tiered = costOf({ output: 1, reasoning: 1 }, inputOnly, { serviceTier: 'flex' });
  assert.deepEqual(tiered, {
    status: 'estimated',
    picoUsd: 8_000_000,
    priceId: 'test/model@2026-01-01',
    reason: 'the flex price of output is not listed; the flex price of reasoning is not listed',
  });
});

test('dollars of a setting become whole picodollars', () => {
  assert.equal(picoUsdOf(0.5), 500_000_000_000n);
  assert.equal(picoUsdOf(20.1), 20_100_000_000_000n);
});
