import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../../src/config/config.ts';
import { defaultConfig } from '../../../src/config/defaultConfig.ts';
import { parseConfigFile } from '../../../src/config/parseConfigFile.ts';
import { resolveConfig } from '../../../src/config/resolveConfig.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { UpstreamRequest } from '../../../src/proxy/exchange.ts';
import { jsonReply, proxyDouble, proxyRequest, scriptedUpstream, textOf } from '../../support/proxyDeps.ts';
import { wireJson } from '../../support/wireFixtures.ts';

/** The workspace's configuration with an alias `x` of one model of this provider, as a file would say it. */
function configFor(provider: string, providers: object = {}): Config {
  const file = { version: 1, providers, aliases: { x: { targets: [`${provider}/the-model`] } } };
  const { layer, problems: read } = parseConfigFile(JSON.stringify(file), 'workspace');
  assert.deepEqual(read, []);
  const { config, problems } = resolveConfig([layer], { trusted: true });
  assert.deepEqual(problems, []);
  return config;
}

async function ask(config: Config, path: string, body: object = {}): Promise<UpstreamRequest> {
  const upstream = scriptedUpstream(jsonReply(wireJson('chat.json')));
  const { deps } = proxyDouble(upstream.send, {
    configOf: () => config,
    keyOf: (_workspace, { kind, name }) => `${kind}-${name}`,
  });
  const request = proxyRequest(path, { model: 'x', messages: [], input: 'a', ...body }, { tokenInHeader: true });
  await textOf(await createProxy(deps).handle({ ...request, headers: [['content-type', 'application/json']] }));
  return upstream.asked[0] ?? assert.fail();
}

const key = ({ headers }: UpstreamRequest): string =>
  headers.flatMap(([name, value]) => (/authorization|api-key/.test(name) ? [`${name}: ${value}`] : [])).join();

const byName = [
  ['openai', 'https://api.openai.com/v1/chat/completions'],
  ['google', 'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions'],
  ['mistral', 'https://api.mistral.ai/v1/chat/completions'],
  ['groq', 'https://api.groq.com/openai/v1/chat/completions'],
  ['deepseek', 'https://api.deepseek.com/v1/chat/completions'],
  ['xai', 'https://api.x.ai/v1/chat/completions'],
  ['openrouter', 'https://openrouter.ai/api/v1/chat/completions'],
] as const;

for (const [name, url] of byName)
  test(`${name} works by its name alone, with the key stored under it`, async () => {
    for (const path of ['/v1/chat/completions', `/p/${name}/v1/chat/completions`, `/p/${name}/chat/completions`]) {
      const asked = await ask(configFor(name), path);
      assert.equal(asked.url, url);
      assert.equal(key(asked), `authorization: Bearer secret-${name}`);
      assert.equal(JSON.parse(Buffer.from(asked.body as Uint8Array).toString()).model, 'the-model');
    }
  });

test('anthropic and ollama work by their names alone', async () => {
  const claude = await ask(configFor('anthropic'), '/v1/messages', { max_tokens: 1 });
  assert.deepEqual([claude.url, key(claude)], ['https://api.anthropic.com/v1/messages', 'x-api-key: secret-anthropic']);
  const local = await ask(configFor('ollama'), '/v1/chat/completions');
  assert.deepEqual([local.url, key(local)], ['http://127.0.0.1:11434/v1/chat/completions', '']);
  assert.equal(Object.keys(defaultConfig.providers).length, byName.length + 2);
});

test('any other server of the OpenAI dialect is its base URL', async () => {
  const own = { dialect: 'openai', baseUrl: 'https://llm.example.org/proxy/v1/', apiKey: 'env:LITELLM_KEY' };
  const asked = await ask(configFor('litellm', { litellm: own }), '/v1/chat/completions');
  assert.deepEqual(
    [asked.url, key(asked)],
    ['https://llm.example.org/proxy/v1/chat/completions', 'authorization: Bearer env-LITELLM_KEY'],
  );
});

test('Azure: the v1 API by its endpoint alone or in full, the key in a header of its own', async () => {
  for (const baseUrl of ['https://res.openai.azure.com', 'https://res.openai.azure.com/openai/v1/']) {
    const azure = { dialect: 'openai', baseUrl, apiKey: 'secret:azure' };
    const asked = await ask(configFor('azure', { azure }), '/v1/chat/completions', { stream: true });
    assert.deepEqual(
      [asked.url, key(asked)],
      ['https://res.openai.azure.com/openai/v1/chat/completions', 'api-key: secret-azure'],
    );
  }
  const foundry = { dialect: 'openai', baseUrl: 'https://res.services.ai.azure.com/openai/v1', apiKey: 'env:K' };
  const asked = await ask(configFor('azure', { azure: foundry }), '/v1/responses');
  assert.deepEqual(
    [asked.url, key(asked)],
    ['https://res.services.ai.azure.com/openai/v1/responses', 'api-key: env-K'],
  );
});

test('Azure: the dated API has the deployment in the path and its date in the query', async () => {
  const azure = { dialect: 'openai', baseUrl: 'https://res.openai.azure.com', apiVersion: '2024-10-21' };
  const config = configFor('azure', { azure: { ...azure, apiKey: 'secret:azure' } });
  const root = 'https://res.openai.azure.com/openai';
  for (const [path, url] of [
    ['/v1/chat/completions', `${root}/deployments/the-model/chat/completions?api-version=2024-10-21`],
    ['/v1/embeddings?x=1', `${root}/deployments/the-model/embeddings?x=1&api-version=2024-10-21`],
    ['/v1/responses', `${root}/responses?api-version=2024-10-21`],
    [
      '/p/azure/chat/completions?api-version=2025-01-01',
      `${root}/deployments/the-model/chat/completions?api-version=2025-01-01`,
    ],
    ['/v1/messages', `${root}/deployments/the-model/chat/completions?api-version=2024-10-21`],
  ] as const)
    assert.equal((await ask(config, path, path === '/v1/messages' ? { max_tokens: 1, input: null } : {})).url, url);
});

test('an api-version that is no date is a problem of the file', () => {
  const file = { version: 1, providers: { azure: { dialect: 'openai', apiVersion: 'newest' } } };
  const { problems } = parseConfigFile(JSON.stringify(file), 'workspace');
  assert.match(problems[0]?.message ?? '', /must be a date as Azure writes it/);
});
