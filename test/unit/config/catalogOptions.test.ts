import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalog } from '../../../src/catalog/loadCatalog.ts';
import { catalogOptions } from '../../../src/config/catalogOptions.ts';
import { defaultConfig } from '../../../src/config/defaultConfig.ts';
import { priceData } from '../catalog/priceData.ts';

const provider = (baseUrl: string) => ({ dialect: 'openai', baseUrl }) as const;

test('the default configuration says nothing of prices', () => {
  assert.equal(catalogOptions(defaultConfig), undefined);
});

test('a provider under a name of one’s own is priced as the one at its base URL', () => {
  const options = catalogOptions({
    ...defaultConfig,
    providers: {
      ...defaultConfig.providers,
      'openai-eu': provider('https://eu.api.openai.com/v1'),
      work: provider('https://work.openai.azure.com/openai/v1'),
      bedrock: provider('https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1'),
      box: provider('http://localhost:11434/v1'),
      corp: provider('https://llm.corp.example/v1'),
    },
  });
  assert.ok(options);
  // `bedrock` is a name that the catalogue knows
  assert.deepEqual(
    options.providerNames,
    new Map([
      ['openai-eu', 'openai'],
      ['work', 'azure'],
      ['box', 'ollama'],
    ]),
  );
  const catalog = loadCatalog(priceData, options);
  const input = (model: string, name: string) => {
    const found = catalog.lookup(model, name);
    return found.kind === 'known' ? found.model.price?.usdPerMTok.input : undefined;
  };
  assert.equal(input('gpt-4o', 'openai-eu'), 2.5);
  assert.equal(input('gpt-4o', 'work'), 2.5);
  assert.equal(input('us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'bedrock'), 3.3);
  assert.equal(input('gpt-4o', 'box'), undefined);
  assert.equal(input('gpt-4o', 'corp'), undefined);
});

test('an override under the own name wins over the list price of the provider behind it', () => {
  const options = catalogOptions({
    ...defaultConfig,
    providers: { 'openai-eu': provider('https://eu.api.openai.com/v1') },
    prices: { ...defaultConfig.prices, overrides: { 'openai-eu/gpt-4o': { usdPerMTok: { input: 2.75, output: 11 } } } },
  });
  assert.ok(options);
  const found = loadCatalog(priceData, options).lookup('gpt-4o', 'openai-eu');
  assert.equal(found.kind === 'known' && found.model.price?.usdPerMTok.input, 2.75);
});
