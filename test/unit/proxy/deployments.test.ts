import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AliasConfig } from '../../../src/config/config.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import {
  fallbackOnEverything,
  jsonReply,
  proxyDouble,
  proxyRequest,
  scriptedUpstream,
  testConfig,
  textOf,
} from '../../support/proxyDeps.ts';
import { wireJson } from '../../support/wireFixtures.ts';

const azureHost = 'https://res.openai.azure.com';
const version = '?api-version=2024-10-21';

async function ask(path: string, body: string, baseUrl = azureHost, aliases: Record<string, AliasConfig> = {}) {
  const { providers } = testConfig();
  const anthropic = {
    dialect: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    apiKey: { kind: 'secret', name: 'a' },
  } as const;
  const config = testConfig({ providers: { ...providers, anthropic, azure: { dialect: 'openai', baseUrl } }, aliases });
  // What an answer calls its model would be written down in place of the deployment.
  const upstream = scriptedUpstream(jsonReply({ ...wireJson('chat.json'), model: undefined }));
  const { deps, recorded } = proxyDouble(upstream.send, { configOf: () => config, keyOf: () => 'stored' });
  const headers = [
    ['content-type', 'application/json'],
    ['api-key', 'of-the-client'],
  ] as const;
  await textOf(await createProxy(deps).handle(proxyRequest(path, body, { headers, tokenInHeader: true })));
  const [asked = assert.fail('nobody was asked')] = upstream.asked;
  const [{ call, attempts } = assert.fail()] = recorded;
  const sent = Buffer.from(asked.body instanceof Uint8Array ? asked.body : []).toString();
  return { url: asked.url, headers: asked.headers, sent, call, attempt: attempts[0] };
}

const chat = '{"messages": [{"role":"user","content":"hi"}] }';

test('a deployment in the path is the model of the call; path, key and body go on unchanged', async () => {
  for (const [operation, endpoint, body] of [
    ['chat/completions', 'chat.completions', chat],
    ['completions', 'completions', '{"prompt" : "hi"}'],
    ['embeddings', 'embeddings', '{"model":"what-the-sdk-says","input":"hi"}'],
  ] as const)
    for (const baseUrl of [azureHost, `${azureHost}/`, `${azureHost}/openai/v1`]) {
      const path = `/openai/deployments/my%20gpt/${operation}${version}`;
      const { url, headers, sent, call, attempt } = await ask(`/p/azure${path}`, body, baseUrl);
      assert.deepEqual([url, sent], [`${azureHost}${path}`, body]);
      assert.deepEqual(
        headers.filter(([name]) => name !== 'content-type'),
        [['api-key', 'of-the-client']],
      );
      assert.deepEqual([call.metered, call.endpoint, call.modelRequested], [true, endpoint, 'my gpt']);
      assert.deepEqual([attempt?.provider, attempt?.model], ['azure', 'my gpt']);
    }
});

test('a deployment that is named like its model has that model’s price', async () => {
  const { attempt } = await ask(`/p/openai/openai/deployments/gpt-test/chat/completions${version}`, chat);
  assert.deepEqual([attempt?.costStatus, (attempt?.costPicoUsd ?? 0) > 0], ['exact', true]);
});

test('behind a gateway of the user’s own the path stands below its base URL', async () => {
  const path = `/openai/deployments/d/chat/completions${version}`;
  assert.equal((await ask(`/p/azure${path}`, chat, 'https://gate.example/llm')).url, `https://gate.example/llm${path}`);
});

test('what the path names may be an alias: each target is asked at its own path, under its own name', async () => {
  const at = (provider: string, model: string): AliasConfig => ({
    targets: [{ provider, model }],
    onOverflow: 'error',
    fallback: fallbackOnEverything,
  });
  const path = `/p/azure/openai/deployments/cheap/chat/completions${version}&x=1`;
  for (const [provider, model, url] of [
    ['azure', 'my-gpt', `${azureHost}/openai/deployments/my-gpt/chat/completions${version}&x=1`],
    ['groq', 'llama-test', 'https://api.groq.com/openai/v1/chat/completions?x=1'],
    ['anthropic', 'claude-test', 'https://api.anthropic.com/v1/messages'],
  ] as const) {
    const asked = await ask(path, chat, azureHost, { cheap: at(provider, model) });
    assert.deepEqual([asked.url, JSON.parse(asked.sent).model], [url, model]);
    assert.deepEqual([asked.call.alias, asked.call.modelRequested, asked.attempt?.model], ['cheap', 'cheap', model]);
  }
});
