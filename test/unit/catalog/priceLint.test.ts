import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import type { CatalogModel } from '../../../src/catalog/catalog.ts';
import type { UsdPerMTok } from '../../../src/catalog/price.ts';
import { catalog } from './priceData.ts';

/** OpenAI's moderation guide: the endpoint is free of charge. */
const free = 'omni-moderation-latest';

/** Models whose figures look wrong; each list is expected to be empty, so that a wrong figure is named. */
function suspects(isSuspect: (usd: UsdPerMTok, model: CatalogModel) => boolean): string[] {
  return [...catalog.models()].flatMap((model) => {
    const { price } = model;
    const lists = [price?.usdPerMTok, price?.longContext?.usdPerMTok, ...Object.values(price?.tiers ?? {})];
    return lists.some((usd) => usd !== undefined && isSuspect(usd, model)) ? [`${model.provider}/${model.id}`] : [];
  });
}

test('cached input costs no more than input, cache writes no less and at most twice', () => {
  // MiniMax bills cache writes of its fast models like those of the slow ones
  const ownWritePrice = /^MiniMax-.*-highspeed$/;
  // Gemini bills its cache by the hour, which OpenRouter writes down as cheap writes
  const ownWrites = (provider: string) => provider === 'openrouter';
  assert.deepEqual(
    suspects(({ input = 0, cacheRead = 0, cacheWrite5m = input, cacheWrite1h = input }, { id, provider }) => {
      if (ownWritePrice.test(id) || ownWrites(provider)) return cacheRead > input;
      const writes = [cacheWrite5m, cacheWrite1h];
      return cacheRead > input || writes.some((usd) => usd < input * 0.99 || usd > input * 2.01);
    }),
    [],
  );
});

test('output costs at least a tenth of input, but for classifiers', () => {
  const classifiers = /llama-guard/;
  assert.deepEqual(
    suspects(({ input, output }, { id }) => {
      if (input === undefined || output === undefined || classifiers.test(id)) return false;
      return output < input / 10;
    }),
    [],
  );
});

test('tiers are within a quarter and four times of standard', () => {
  assert.deepEqual(
    [...catalog.models()].flatMap(({ id, price }) => {
      const standard = price?.usdPerMTok.input ?? 0;
      return Object.entries(price?.tiers ?? {}).flatMap(([tier, { input = standard }]) =>
        input < standard / 4 || input > standard * 4 ? [`${id} ${tier}`] : [],
      );
    }),
    [],
  );
});

test('batch and flex are never dearer than standard, priority never cheaper', () => {
  assert.deepEqual(
    [...catalog.models()].flatMap(({ id, price }) => {
      const standard = price?.usdPerMTok.input ?? 0;
      const { batch, flex, priority } = price?.tiers ?? {};
      const wrong =
        (batch?.input ?? 0) >= standard || (flex?.input ?? 0) >= standard || (priority?.input ?? Infinity) <= standard;
      return price?.tiers !== undefined && wrong ? [id] : [];
    }),
    [],
  );
});

test('figures are per million tokens, not per token or per thousand', () => {
  assert.deepEqual(
    suspects(({ input }, { id }) => input !== undefined && id !== free && (input < 0.002 || input > 200)),
    [],
  );
});

test('nothing is listed as free but what its provider says is free', () => {
  assert.deepEqual(
    suspects((usd) => Object.values(usd).some((figure) => figure === 0)),
    [`openai/${free}`],
  );
});

test('the price data stay small', () => {
  assert.ok(statSync(resolve(import.meta.dirname, '../../../media/prices.json')).size < 200_000);
});
