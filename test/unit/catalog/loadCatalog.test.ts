import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PriceDataInvalid } from '../../../src/catalog/errors.ts';
import { loadCatalog } from '../../../src/catalog/loadCatalog.ts';
import { catalog, known, priceData } from './priceData.ts';

function found(text: string, provider?: string): string {
  const lookup = catalog.lookup(text, provider);
  return lookup.kind === 'unknown' ? 'unknown' : `${lookup.model.provider}/${lookup.model.id} ${lookup.match}`;
}

const cases: [text: string, provider: string | undefined, expected: string][] = [
  ['gpt-4o', undefined, 'openai/gpt-4o exact'],
  ['gpt-4o', 'openai', 'openai/gpt-4o exact'],
  ['openai/gpt-4o', undefined, 'openai/gpt-4o exact'],
  ['openai:gpt-4o-mini', undefined, 'openai/gpt-4o-mini exact'],
  ['openai:chat:gpt-4o-mini', undefined, 'openai/gpt-4o-mini exact'],
  ['gpt-4o-2024-08-06', undefined, 'openai/gpt-4o exact'],
  ['gpt-4o-2024-05-13', undefined, 'openai/gpt-4o-2024-05-13 exact'],
  ['gpt-4o-2031-01-01', undefined, 'openai/gpt-4o dated'],
  ['gpt-6-sol-2026-09-01', undefined, 'openai/gpt-6-sol rule'],
  ['ft:gpt-4o-mini-2024-07-18:org::abc', undefined, 'openai/ft:gpt-4o-mini rule'],
  ['claude-sonnet-4-5-20250929', undefined, 'anthropic/claude-sonnet-4-5 rule'],
  ['claude-3-5-haiku-20241022', 'anthropic', 'anthropic/claude-3-5-haiku-latest rule'],
  ['claude-2.1', undefined, 'anthropic/claude-2 exact'],
  ['anthropic:messages:claude-opus-4-5', undefined, 'anthropic/claude-opus-4-5 exact'],
  ['claude-opus-4@20250514', undefined, 'google/claude-4-opus rule'],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', undefined, 'aws/anthropic.claude-sonnet-4-5-20250929-v1:0 exact'],
  ['eu.anthropic.claude-opus-5', 'bedrock', 'aws/anthropic.claude-opus-5 exact'],
  ['global.anthropic.claude-opus-5', undefined, 'aws/global.anthropic.claude-opus-5 exact'],
  [
    'arn:aws:bedrock:us-east-1:123:inference-profile/us.anthropic.claude-3-5-haiku-20241022-v1:0',
    undefined,
    'aws/anthropic.claude-3-5-haiku-20241022-v1:0 exact',
  ],
  ['models/gemini-2.5-pro', undefined, 'google/gemini-2.5-pro exact'],
  ['googleai/gemini-2.0-flash-001', undefined, 'google/gemini-2.0-flash rule'],
  ['projects/p/locations/l/publishers/google/models/gemini-2.5-flash', undefined, 'google/gemini-2.5-flash exact'],
  ['gemini-2.5-pro-preview-06-05', undefined, 'google/gemini-2.5-pro rule'],
  ['openai/gpt-oss-120b', 'groq', 'groq/openai/gpt-oss-120b exact'],
  ['accounts/fireworks/models/kimi-k3', undefined, 'fireworks/accounts/fireworks/models/kimi-k3 exact'],
  ['x-ai/grok-4.5', undefined, 'xai/grok-4.5 exact'],
  ['openai-responses:gpt-5', undefined, 'openai/gpt-5 exact'],
  ['openai:responses:gpt-5-mini', undefined, 'openai/gpt-5-mini exact'],
  ['google_genai:gemini-2.5-pro', undefined, 'google/gemini-2.5-pro exact'],
  ['google-gla:gemini-2.0-flash', undefined, 'google/gemini-2.0-flash exact'],
  ['vertex_ai/claude-sonnet-4-5@20250929', undefined, 'google/claude-sonnet-4-5 rule'],
  ['apac.anthropic.claude-3-haiku-20240307-v1:0', undefined, 'aws/anthropic.claude-3-haiku-20240307-v1:0 exact'],
  ['bedrock:us.amazon.nova-pro-v1:0', undefined, 'aws/amazon.nova-pro-v1:0 exact'],
  ['amazon.nova-lite-v1:0:300k', undefined, 'aws/amazon.nova-lite-v1:0 rule'],
  ['us.openai.gpt-5.6-sol', undefined, 'aws/openai.gpt-5.6-sol exact'],
  ['us.anthropic.claude-opus-4-7', undefined, 'aws/anthropic.claude-opus-4-7-v1:0 rule'],
  ['amazon.titan-embed-text-v2:0', undefined, 'aws/amazon.titan-embed-text-v2:0 exact'],
  ['gpt-35-turbo', undefined, 'openai/gpt-3.5-turbo exact'],
  ['azure/gpt-35-turbo-16k', undefined, 'openai/gpt-3.5-turbo-16k exact'],
  ['gpt-4o', 'azure', 'openai/gpt-4o exact'],
  ['claude-opus-4-5@20251101', 'google', 'anthropic/claude-opus-4-5 rule'],
  ['@cf/meta/llama-3.1-8b-instruct', undefined, 'cloudflare/@cf/meta/llama-3.1-8b-instruct exact'],
  ['fireworks_ai/accounts/fireworks/models/kimi-k3', undefined, 'fireworks/accounts/fireworks/models/kimi-k3 exact'],
  ['meta-llama/Llama-3.3-70B-Instruct-Turbo', undefined, 'together/meta-llama/Llama-3.3-70B-Instruct-Turbo exact'],
  ['mistralai/Mixtral-8x7B-Instruct-v0.1', undefined, 'together/mistralai/Mixtral-8x7B-Instruct-v0.1 exact'],
  ['openrouter/anthropic/claude-3.5-sonnet', undefined, 'openrouter/anthropic/claude-3.5-sonnet exact'],
  ['openai/gpt-4o', 'openrouter', 'openrouter/openai/gpt-4o exact'],
  ['openai/gpt-4o-2024-11-20', undefined, 'openai/gpt-4o exact'],
  ['ft:gpt-4.1-2025-04-14:org::id', undefined, 'openai/ft:gpt-4.1-2025-04-14 rule'],
  ['ft:gpt-3.5-turbo-0613:org:name:id', undefined, 'openai/ft:gpt-3.5-turbo rule'],
  ['whisper-1', undefined, 'openai/whisper-1 exact'],
  ['dall-e-3', undefined, 'openai/dall-e-3 exact'],
  ['gpt-4-1106-preview', undefined, 'openai/gpt-4-turbo exact'],
  ['text-embedding-ada-002', undefined, 'openai/text-embedding-ada-002 exact'],
];

for (const [text, provider, expected] of cases)
  test(`${text}${provider === undefined ? '' : ` of ${provider}`} is ${expected}`, () =>
    assert.equal(found(text, provider), expected));

test('what the data do not name is unknown, never a neighbour', () => {
  const strangers = [
    '',
    'gpt',
    'my-gpt-4o',
    'gpt-4o-turbo-max',
    'gpt-4o-mini-pro',
    'claude-sonnet-5-5',
    'gemini-3.5-flash-lite-x',
    'gemini-2.5-pro-tts-x',
    'llama3.2:latest',
    'deepseek-r1:7b',
    'phi3:mini',
    'llama3.2-vision',
    'ollama/llama3',
    'local/mistral-7b',
    'gpt4',
    'GPT-4',
    'somegateway/gpt-4o',
    'openai/claude-sonnet-4-5',
    'order-gpt-4o-2024-08-06',
  ];
  assert.deepEqual(
    strangers.filter((text) => found(text) !== 'unknown'),
    [],
  );
});

test('a provider without prices sells no known model', () => {
  assert.equal(found('gpt-4o', 'ollama'), 'unknown');
  assert.equal(found('gpt-4o', 'my-gateway'), 'unknown');
});

test('what a reseller sells under the name of its maker is taken at the price of the maker, as an estimate', () => {
  const own = known('gpt-4o');
  const resold = known('gpt-4o', 'azure');
  assert.deepEqual(resold.price?.usdPerMTok, own.price?.usdPerMTok);
  assert.equal(resold.price?.estimatedBecause, 'this provider is taken to charge what the maker of the model does');
  assert.equal(own.price?.estimatedBecause, undefined);
  assert.equal(found('gpt-4o', 'groq'), 'unknown');
});

test('ids of open weights that only a gateway lists are no sign of a call', () => {
  assert.equal(found('meta-llama/llama-3.1-8b-instruct').startsWith('unknown'), false);
  assert.equal(catalog.hasExactId('meta-llama/llama-3.1-8b-instruct'), false);
  assert.equal(catalog.hasExactId('openrouter/meta-llama/llama-3.1-8b-instruct'), true);
});

test('deprecated models name the day and the model in their place, and that one is known', () => {
  assert.deepEqual(
    ['gpt-3.5-turbo', 'claude-3-5-sonnet-20241022', 'gemini-2.0-flash'].map((id) => {
      const { deprecatedOn, successor } = known(id);
      return [deprecatedOn, successor];
    }),
    [
      ['2026-10-23', 'gpt-4.1-mini'],
      ['2025-10-28', 'claude-sonnet-4-5'],
      ['2026-06-01', 'gemini-2.5-flash'],
    ],
  );
  for (const { successor, provider } of catalog.models()) if (successor !== undefined) known(successor, provider);
});

test('hasExactId is true of ids, qualified ids and dated snapshots, and false of ordinary words', () => {
  const ids = [
    'gpt-4o',
    'openai/gpt-4o',
    'gpt-4o-2024-08-06',
    'gpt-4o-2031-01-01',
    'claude-sonnet-4-5-20250929',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'models/gemini-2.5-pro',
    'openai/o1',
    'o3-mini',
  ];
  assert.deepEqual(
    ids.filter((id) => !catalog.hasExactId(id)),
    [],
  );
  const others = ['command', 'ada', 'sonar', 'o1', 'O1', 'x1', 'gpt', '2024-08-06', 'the gpt-4o model', 'gpt-4o '];
  assert.deepEqual(
    others.filter((text) => catalog.hasExactId(text)),
    [],
  );
});

test('whatever hasExactId accepts, lookup knows', () => {
  const parts = fc.constantFrom(
    'openai',
    'gpt',
    '4o',
    'mini',
    'claude',
    'sonnet',
    '4',
    '5',
    '20250929',
    'us',
    'v1:0',
    'x',
  );
  const text = fc
    .array(fc.tuple(parts, fc.constantFrom('', '-', '/', '.', ':', '@')), { maxLength: 7 })
    .map((pairs) => pairs.flat().join(''));
  fc.assert(
    fc.property(text, (id) => {
      if (catalog.hasExactId(id)) assert.equal(catalog.lookup(id).kind, 'known');
    }),
  );
});

test('every model of the data is found again by its own id, with its own price', () => {
  for (const model of catalog.models()) assert.equal(known(model.id, model.provider).price?.id, model.price?.id);
});

test('overrides win, and keep what they do not speak of', () => {
  const own = loadCatalog(priceData, {
    overrides: {
      'openai/gpt-4o': { usdPerMTok: { input: 2, cacheRead: 1, output: 8 } },
      'openai/my-ft': { usdPerMTok: { input: 3, output: 12 } },
      'work/llama': { usdPerMTok: { input: 0.1, output: 0.1 } },
    },
  });
  for (const text of ['gpt-4o', 'openai/gpt-4o', 'gpt-4o-2024-08-06']) {
    const lookup = own.lookup(text);
    assert.equal(lookup.kind === 'known' && lookup.model.price?.usdPerMTok.input, 2);
    assert.equal(lookup.kind === 'known' && lookup.model.tokenizer, 'o200k');
    assert.deepEqual(lookup.kind === 'known' && lookup.model.price?.tiers?.batch, { input: 1, output: 4 });
    assert.equal(
      lookup.kind === 'known' && lookup.model.price?.id,
      'openai/gpt-4o@override(input=2,cacheRead=1,output=8)',
    );
  }
  assert.equal(own.lookup('my-ft', 'openai').kind, 'known');
  assert.equal(own.lookup('my-ft').kind, 'known');
  assert.equal(own.lookup('llama', 'work').kind, 'known');
  assert.equal(own.lookup('llama', 'openai').kind, 'unknown');
  assert.equal(own.hasExactId('openai/my-ft'), true);
  assert.equal(catalog.lookup('my-ft').kind, 'unknown');
});

test('data that are not price data are refused, saying where', () => {
  const refused = (data: unknown, at: string) =>
    assert.throws(
      () => loadCatalog(data),
      (error) => error instanceof PriceDataInvalid && error.at === at,
    );
  const table = (row: object) => ({ schema: 1, asOf: '2026-09-22', sources: [{ name: 's' }], models: { p: [row] } });
  refused(null, 'prices');
  refused({ schema: 2 }, 'prices.schema');
  refused({ schema: 1, asOf: 'today' }, 'prices.asOf');
  refused(table({ usd: { input: 1 } }), 'prices.models.p[0].id');
  refused(table({ id: 'a', usd: { input: '1' } }), 'prices.models.p[0].usd.input');
  refused(table({ id: 'a', usd: { input: -1 } }), 'prices.models.p[0].usd.input');
  refused(table({ id: 'a', usd: { tokens: 1 } }), 'prices.models.p[0].usd.tokens');
  refused(table({ id: 'a', usd: {} }), 'prices.models.p[0].usd');
  refused(table({ id: 'a', usd: { input: 1 }, batch: -1 }), 'prices.models.p[0].batch');
});

test('loading never fails otherwise than by PriceDataInvalid', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (data) => {
      assert.throws(() => loadCatalog(data), PriceDataInvalid);
    }),
  );
});
