import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appliedPricesText, pricesInForce, readAppliedPrices } from '../../../src/catalog/appliedPrices.ts';
import { diffPrices, isSamePrices } from '../../../src/catalog/diffPrices.ts';
import { loadCatalog } from '../../../src/catalog/loadCatalog.ts';
import { diffText } from '../../../src/extension/prices/diffText.ts';
import { untranslated } from '../../../src/extension/translate.ts';
import { catalog, priceData } from './priceData.ts';

const table = (asOf: string, models: object[]) => ({
  schema: 1,
  asOf,
  sources: [{ name: 's' }],
  models: { p: models },
});
const before = loadCatalog(
  table('2026-09-22', [
    { id: 'a', usd: { input: 2, output: 10 } },
    { id: 'b', usd: { input: 1 } },
    { id: 'c', usd: { input: 1 }, maxOutput: 100 },
    { id: 'd', usd: { input: 1 } },
  ]),
);
const after = loadCatalog(
  table('2026-11-01', [
    { id: 'a', usd: { input: 3, output: 100, cacheRead: 0.3 } },
    { id: 'c', usd: { input: 1 }, maxOutput: 200 },
    { id: 'd', usd: { input: 1 } },
    { id: 'e', usd: { input: 1 } },
  ]),
);

test('what other prices would change, the largest first', () => {
  assert.deepEqual(diffPrices(before, after), {
    added: ['p/e'],
    removed: ['p/b'],
    changed: [
      { model: 'p/a', kind: 'cacheRead', before: undefined, after: 0.3 },
      { model: 'p/a', kind: 'output', before: 10, after: 100 },
      { model: 'p/a', kind: 'input', before: 2, after: 3 },
    ],
    otherwise: ['p/c'],
  });
});

test('the same figures of another date are the same prices', () => {
  assert.equal(isSamePrices(diffPrices(catalog, loadCatalog(priceData))), true);
  const later = loadCatalog(table('2026-12-01', [{ id: 'a', usd: { input: 2, output: 10 } }]));
  const earlier = loadCatalog(table('2026-11-01', [{ id: 'a', usd: { input: 2, output: 10 } }]));
  assert.equal(isSamePrices(diffPrices(earlier, later)), true);
});

test('the difference as a document', () => {
  assert.equal(
    diffText(diffPrices(before, after), { before: '2026-09-22', after: '2026-11-01' }, untranslated),
    `# Prices of 1 Nov 2026 in place of those of 22 Sep 2026

## Changed prices (3), USD per million tokens, the largest change first

| Model | Tokens | Before | After | Change |
|---|---|--:|--:|--:|
| p/a | cacheRead | – | $0.30 |  |
| p/a | output | $10 | $100 | × 10 |
| p/a | input | $2 | $3 | +50 % |

## New models (1)

- p/e

## Models no longer listed (1)

- p/b

## Other tiers, fees, dates or limits (1)

- p/c
`,
  );
});

test('applied prices are in force until newer ones are shipped', () => {
  const data = table('2026-11-01', [{ id: 'a', usd: { input: 1 } }]);
  const applied = { url: 'https://p.example', etag: '"1"', appliedAtMs: 5, data };
  assert.deepEqual(readAppliedPrices(appliedPricesText(applied)), applied);
  assert.equal(pricesInForce(applied, priceData), data);
  assert.equal(pricesInForce(undefined, priceData), priceData);
  const newer = table('2026-11-02', [{ id: 'a', usd: { input: 1 } }]);
  assert.equal(pricesInForce(applied, newer), newer);
});

test('a file of applied prices that is damaged is none', () => {
  for (const text of [
    undefined,
    '',
    '{',
    '[]',
    '{"url":"x"}',
    '{"url":"x","data":{"schema":1}}',
    '{"url":1,"data":{}}',
  ])
    assert.equal(readAppliedPrices(text), undefined, text);
});
