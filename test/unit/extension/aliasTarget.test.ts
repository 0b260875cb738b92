import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultConfig } from '../../../src/config/defaultConfig.ts';
import { aliasTarget } from '../../../src/extension/alias/aliasTarget.ts';
import { catalog } from './models.ts';

const target = (text: string) => aliasTarget(text, catalog.lookup(text), defaultConfig.providers);

test('the provider is the one that sells the model, and the id stays as the code has it', () => {
  assert.deepEqual(target('gpt-4o-2024-11-20'), { kind: 'target', provider: 'openai', model: 'gpt-4o-2024-11-20' });
  assert.deepEqual(target('claude-sonnet-5'), { kind: 'target', provider: 'anthropic', model: 'claude-sonnet-5' });
  assert.deepEqual(target('models/gemini-3-pro'), { kind: 'target', provider: 'google', model: 'models/gemini-3-pro' });
});

test('a provider that the text names is taken off', () => {
  assert.deepEqual(target('openai/gpt-4o'), { kind: 'target', provider: 'openai', model: 'gpt-4o' });
  assert.deepEqual(target('ollama/llama9:8b'), { kind: 'target', provider: 'ollama', model: 'llama9:8b' });
});

test('an unknown model is taken to be OpenAI-compatible, and a prefix that is no provider stays', () => {
  assert.deepEqual(target('my-model'), { kind: 'target', provider: 'openai', model: 'my-model' });
  assert.deepEqual(target('my-org/my-model'), { kind: 'target', provider: 'openai', model: 'my-org/my-model' });
  assert.deepEqual(target('constructor/x'), { kind: 'target', provider: 'openai', model: 'constructor/x' });
});

test('a provider that the configuration does not have is said', () => {
  const { openai: _, ...others } = defaultConfig.providers;
  assert.deepEqual(aliasTarget('gpt-4o', catalog.lookup('gpt-4o'), others), {
    kind: 'missingProvider',
    provider: 'openai',
  });
});
