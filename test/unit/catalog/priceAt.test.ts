import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { costOf } from '../../../src/catalog/costOf.ts';
import { loadCatalog } from '../../../src/catalog/loadCatalog.ts';
import type { Price } from '../../../src/catalog/price.ts';
import { allPrices, priceAt } from '../../../src/catalog/priceAt.ts';
import { catalog, known, priceData } from './priceData.ts';

const own = loadCatalog({
  schema: 1,
  asOf: '2026-09-22',
  sources: [{ name: 'test' }],
  models: {
    openai: [
      {
        id: 'm',
        usd: { input: 4 },
        before: [
          { until: '2026-08-21', usd: { input: 5 } },
          { until: '2026-01-01', usd: { input: 6 } },
        ],
        later: [
          { from: '2027-01-01', usd: { input: 3 } },
          { from: '2028-01-01', usd: { input: 2 } },
        ],
        daily: [{ from: '22:30', to: '01:00', usd: { input: 1 } }],
      },
    ],
  },
});

function priced(): Price {
  const found = own.lookup('m');
  assert.ok(found.kind === 'known' && found.model.price);
  return found.model.price;
}

test('the price in force is that of the day, and of the hour', () => {
  const price = priced();
  const at = (time: string) => priceAt(price, Date.parse(time));
  const cases: [string, number, string][] = [
    ['2025-12-31T23:59:59Z', 6, 'openai/m@before-2026-01-01'],
    ['2026-01-01T00:00:00Z', 5, 'openai/m@before-2026-08-21'],
    ['2026-08-20T23:59:59Z', 5, 'openai/m@before-2026-08-21'],
    ['2026-08-21T02:00:00Z', 4, 'openai/m@2026-09-22'],
    ['2026-09-22T22:29:59Z', 4, 'openai/m@2026-09-22'],
    ['2026-09-22T22:30:00Z', 1, 'openai/m@2026-09-22T22:30Z'],
    ['2026-09-23T00:59:59Z', 1, 'openai/m@2026-09-22T22:30Z'],
    ['2026-09-23T01:00:00Z', 4, 'openai/m@2026-09-22'],
    ['2027-01-01T00:00:00Z', 3, 'openai/m@2027-01-01'],
    ['2029-06-01T23:00:00Z', 2, 'openai/m@2028-01-01'],
  ];
  for (const [time, input, id] of cases) {
    assert.equal(at(time).usdPerMTok.input, input, time);
    assert.equal(at(time).id, id, time);
  }
  assert.deepEqual(price.changesOn, ['2027-01-01', '2028-01-01']);
  assert.equal(allPrices(price).length, 7);
});

test('a price by the hour is exact with a time and an estimate without one', () => {
  const noon = costOf({ input: 10 }, priced(), { atMs: Date.parse('2026-09-22T12:00:00Z') });
  assert.deepEqual(noon, { status: 'exact', picoUsd: 40_000_000, priceId: 'openai/m@2026-09-22' });
  assert.deepEqual(costOf({ input: 10 }, priced()), {
    status: 'estimated',
    picoUsd: 40_000_000,
    priceId: 'openai/m@2026-09-22',
    reason: 'the price depends on the hour of the day',
  });
});

test('prices without dates and hours are the same at any time', () => {
  const price = known('gpt-4o').price;
  assert.ok(price);
  fc.assert(fc.property(fc.nat(4e12), (atMs) => assert.equal(priceAt(price, atMs), price)));
});

test('at every time every model has one price, named differently from those of other times', () => {
  const dated = [...catalog.models()].flatMap(({ price }) => (price?.periods === undefined ? [] : [price]));
  assert.ok(dated.length >= 15);
  for (const price of dated) {
    const ids = new Set(allPrices(price).map(({ id }) => id));
    const figures = new Set(
      allPrices(price).map(({ usdPerMTok, longContext }) => JSON.stringify([usdPerMTok, longContext])),
    );
    assert.ok(ids.size >= figures.size, price.id);
  }
});

test('an announced change that has come is the price of the day, and calls of other days keep theirs', () => {
  const today = loadCatalog(priceData, { nowMs: Date.parse('2027-02-01') }).lookup('gemini-3.6-flash');
  const price = today.kind === 'known' ? today.model.price : undefined;
  assert.ok(price);
  assert.deepEqual([price.id, price.usdPerMTok.input], ['google/gemini-3.6-flash@2027-01-01', 1.5]);
  assert.deepEqual(price.changesOn, ['2027-01-01']);
  assert.equal(priceAt(price, Date.parse('2026-12-31')).usdPerMTok.input, 0.75);
  assert.equal(priceAt(price, Date.parse('2026-12-31')).id, 'google/gemini-3.6-flash@2026-09-22');
  assert.equal(priceAt(price, Date.parse('2027-02-01')).usdPerMTok.input, 1.5);
  assert.equal(known('gemini-3.6-flash').price?.usdPerMTok.input, 0.75);
});
