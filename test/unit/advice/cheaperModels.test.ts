import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cheaperModels } from '../../../src/advice/cheaperModels.ts';
import type { CatalogModel } from '../../../src/catalog/catalog.ts';
import { defaultFallback } from '../../../src/config/defaultConfig.ts';
import { shippedCatalog } from '../../support/detector.ts';

const catalog = shippedCatalog();

function modelOf(id: string): CatalogModel {
  const lookup = catalog.lookup(id);
  assert.equal(lookup.kind, 'known');
  return lookup.model;
}

const alias = (provider: string, model: string) =>
  ({ targets: [{ provider, model }], onOverflow: 'error', fallback: defaultFallback }) as const;

function choices(id: string, aliases = {}): string[] {
  return cheaperModels(modelOf(id), catalog, aliases).map(
    ({ model, alias: name }) => `${name ?? '-'} ${model.provider}/${model.id}`,
  );
}

test('smaller models of the same provider', () => {
  assert.deepEqual(choices('gpt-4.1'), ['- openai/gpt-4o-mini', '- openai/gpt-4.1-mini']);
  assert.deepEqual(choices('gpt-4o-mini'), []);
});

test('aliases of the workspace come first where they cost less, whoever sells them', () => {
  const aliases = {
    small: alias('openai', 'gpt-4o-mini'),
    other: alias('anthropic', 'claude-haiku-4-5'),
    same: alias('openai', 'gpt-4o'),
    unknown: alias('ollama', 'llama3.2'),
  };
  assert.deepEqual(choices('gpt-4o', aliases), ['small openai/gpt-4o-mini', 'other anthropic/claude-haiku-4-5']);
  assert.deepEqual(choices('gpt-4.1', { tiny: alias('openai', 'gpt-4.1-mini') }), [
    '- openai/gpt-4o-mini',
    'tiny openai/gpt-4.1-mini',
  ]);
});

test('every choice costs less in both directions, cheapest first, three at most', () => {
  for (const model of catalog.models()) {
    const found = cheaperModels(model, catalog, { any: alias('openai', 'gpt-5-nano') });
    assert.ok(found.length <= 3);
    const inputs = found.map((choice) => choice.model.price?.usdPerMTok.input ?? Number.NaN);
    assert.deepEqual(
      inputs,
      inputs.toSorted((a, b) => a - b),
    );
    for (const { model: smaller } of found) {
      assert.ok((smaller.price?.usdPerMTok.input ?? 9e9) < (model.price?.usdPerMTok.input ?? 0), model.id);
      assert.ok((smaller.price?.usdPerMTok.output ?? 9e9) < (model.price?.usdPerMTok.output ?? 0), model.id);
    }
  }
});
