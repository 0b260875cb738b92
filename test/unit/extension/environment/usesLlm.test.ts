import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usesLlm } from '../../../../src/extension/environment/usesLlm.ts';

test('dependency files that name a model SDK', () => {
  for (const text of [
    '{"dependencies":{"openai":"^7"}}',
    '{"dependencies":{"@anthropic-ai/sdk":"^1"}}',
    'anthropic==0.60\n',
    'langchain-openai>=0.3',
    'require github.com/sashabaranov/go-openai v1.2',
    '[project]\ndependencies = ["litellm", "fastapi"]',
  ])
    assert.equal(usesLlm(text), true, text);
});

test('dependency files that do not', () => {
  for (const text of [
    '{"dependencies":{"express":"^5","openapi-types":"1"}}',
    'requests==2\nopenai-not-really-x\n',
    '',
  ])
    assert.equal(usesLlm(text), false, text);
});
