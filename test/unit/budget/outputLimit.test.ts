import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitOutput } from '../../../src/budget/outputLimit.ts';
import { parsedRequest } from '../../support/wireFixtures.ts';

const chat = parsedRequest('chat.completions', {});

test('a limit is written under the name that the target takes', () => {
  for (const [provider, model, field] of [
    ['openai', 'gpt-4o-mini', 'max_completion_tokens'],
    ['azure', 'my-deployment', 'max_completion_tokens'],
    ['gateway', 'o3-mini', 'max_completion_tokens'],
    ['openrouter', 'openai/gpt-5-mini', 'max_completion_tokens'],
    ['openrouter', 'meta-llama/llama-4', 'max_tokens'],
    ['groq', 'openai/gpt-oss-120b', 'max_tokens'],
    ['ollama', 'olmo2', 'max_tokens'],
  ] as const)
    assert.deepEqual(limitOutput(chat, { provider, model }, 50), { [field]: 50 }, `${provider}/${model}`);
  const target = { provider: 'azure', model: 'd' };
  assert.deepEqual(limitOutput(parsedRequest('responses', {}), target, 50), { max_output_tokens: 50 });
  assert.deepEqual(limitOutput(parsedRequest('completions', {}), target, 50), { max_tokens: 50 });
});

test('a limit that the client wrote is lowered where it stands', () => {
  const asked = parsedRequest('chat.completions', { max_tokens: 90, max_completion_tokens: 20 });
  assert.deepEqual(limitOutput(asked, { provider: 'azure', model: 'd' }, 50), { max_tokens: 50 });
});
