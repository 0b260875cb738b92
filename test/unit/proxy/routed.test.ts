import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AliasConfig, Config } from '../../../src/config/config.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { HeaderPairs, ProxyResponse } from '../../../src/proxy/exchange.ts';
import {
  fallbackOnEverything,
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  scriptedUpstream,
  testConfig,
} from '../../support/proxyDeps.ts';

const alias = (model: string): AliasConfig => ({
  targets: [{ provider: 'openai', model }],
  onOverflow: 'error',
  fallback: fallbackOnEverything,
});

const config = testConfig({
  aliases: { fast: alias('gpt-test'), smart: alias('gpt-dear') },
  tiers: ['fast', 'smart'],
  routes: [
    { name: 'summaries', match: { callSite: 'src/summaries/**' }, use: 'fast' },
    { name: 'long', match: { minInputTokens: 50 }, use: 'smart' },
  ],
});

const answer = jsonReply({
  id: 'c',
  model: 'gpt-test',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 2 },
});

function open(by: Config = config) {
  const upstream = scriptedUpstream(answer);
  const double = proxyDouble(upstream.send, { configOf: () => by });
  const proxy = createProxy(double.deps);
  const ask = (content: string, headers: HeaderPairs = [], model = 'auto'): Promise<ProxyResponse> =>
    proxy.handle(
      proxyRequest(
        '/v1/chat/completions',
        { model, messages: [{ role: 'user', content }] },
        { headers: [['authorization', 'Bearer sk-client'], ...headers] },
      ),
    );
  return { ask, double, asked: () => upstream.asked.map(({ body }) => JSON.parse(String(body)).model) };
}

test('a call site, the length of the prompt or the classifier choose the alias, and the header says which', async () => {
  const { ask, double, asked } = open();
  const routes = [
    await ask('one two', [['x-tollgate-callsite', 'src/summaries/daily.ts:3:run']]),
    await ask('word '.repeat(60)),
    await ask('Translate to French: good morning.'),
    await ask('Translate to French: good morning.'),
    await ask('Translate to French: good night.', [['x-tollgate-min-tier', 'smart']]),
  ].map((response) => header(response, 'x-tollgate-route'));
  assert.deepEqual(routes, [
    'summaries;tier=fast;reason=match',
    'long;tier=smart;reason=match',
    'classifier;tier=fast;reason=rules;level=simple;score=-4',
    'classifier;tier=fast;reason=sticky',
    'classifier;tier=smart;reason=minTier;level=simple;score=-4;from=fast',
  ]);
  assert.deepEqual(asked(), ['gpt-test', 'gpt-dear', 'gpt-test', 'gpt-test', 'gpt-dear']);
  assert.deepEqual(
    double.recorded.map(({ call }) => call.route),
    ['summaries', 'long', 'classifier', 'classifier', 'classifier'],
  );
});

test('a call that names an alias or a model is not routed', async () => {
  const { ask, asked } = open();
  assert.equal(header(await ask('hello', [], 'smart'), 'x-tollgate-route'), undefined);
  assert.equal(header(await ask('hello', [], 'gpt-other'), 'x-tollgate-route'), undefined);
  assert.deepEqual(asked(), ['gpt-dear', 'gpt-other']);
});

test('limits are told what routed a call, and on which branch it was made', async () => {
  const asked: unknown[] = [];
  const { deps } = proxyDouble(scriptedUpstream(answer).send, {
    configOf: () => config,
    limits: {
      admit: ({ route, attribution }) => {
        asked.push([route, attribution.branch]);
        return { kind: 'admitted' };
      },
    },
  });
  const proxy = createProxy(deps);
  for (const model of ['auto', 'fast']) {
    const body = { model, messages: [{ role: 'user', content: 'word '.repeat(60) }] };
    const headers: HeaderPairs = [
      ['authorization', 'Bearer sk-client'],
      ['x-tollgate-branch', 'main'],
    ];
    await proxy.handle(proxyRequest('/v1/chat/completions', body, { headers }));
  }
  assert.deepEqual(asked, [
    ['long', 'main'],
    [undefined, 'main'],
  ]);
});
