import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLocalProvider, providerOfUrl } from '../../../src/catalog/providerOfUrl.ts';

test('whose prices hold is told by the host', () => {
  const cases: [string, string | undefined][] = [
    ['https://api.openai.com/v1', 'openai'],
    ['https://eu.api.openai.com/v1', 'openai'],
    ['https://api.anthropic.com', 'anthropic'],
    ['https://my-resource.openai.azure.com/openai/deployments/x', 'azure'],
    ['https://r.services.ai.azure.com/models', 'azure'],
    ['https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1', 'aws'],
    ['https://bedrock-runtime-fips.us-east-1.amazonaws.com', 'aws'],
    ['https://bedrock-mantle.us-east-1.api.aws/v1', 'aws'],
    ['https://generativelanguage.googleapis.com/v1beta/openai/', 'google'],
    ['https://europe-west4-aiplatform.googleapis.com/v1', 'google'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['https://api.x.ai/v1', 'xai'],
    ['https://api.groq.com/openai/v1', 'groq'],
    ['http://localhost:11434/v1', 'ollama'],
    ['http://127.0.0.1:1234/v1', 'lmstudio'],
    ['http://127.0.0.1:4000/v1', undefined],
    ['https://api.openai.com.evil.example/v1', undefined],
    ['https://evilapi.openai.com/v1', undefined],
    ['https://llm.corp.example/v1', undefined],
    ['https://s3.eu-west-1.amazonaws.com', undefined],
    ['demo:', undefined],
    ['not a url', undefined],
  ];
  for (const [url, provider] of cases) assert.equal(providerOfUrl(url), provider, url);
});

test('servers of local models', () => {
  assert.deepEqual(['ollama', 'lmstudio', 'vllm', 'openai', 'local'].filter(isLocalProvider), [
    'ollama',
    'lmstudio',
    'vllm',
  ]);
});
