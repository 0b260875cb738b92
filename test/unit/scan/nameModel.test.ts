import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameModel } from '../../../src/scan/nameModel.ts';
import { shippedCatalog } from '../../support/detector.ts';

const catalog = shippedCatalog();

test('a model is shown by one name, whichever way its provider is written before it', () => {
  const names: Readonly<Record<string, string>> = {
    'gpt-4o': 'openai/gpt-4o',
    'openai/gpt-4o': 'openai/gpt-4o',
    'openai:gpt-4o': 'openai/gpt-4o',
    'openai:chat:gpt-4o': 'openai/gpt-4o',
    'google-gla:gemini-2.5-pro': 'google/gemini-2.5-pro',
    'us.anthropic.claude-sonnet-4-20250514-v1:0': 'aws/us.anthropic.claude-sonnet-4-20250514-v1:0',
    'ft:gpt-4o-mini-2024-07-18:org::abc': 'openai/ft:gpt-4o-mini-2024-07-18:org::abc',
    'no-such-model:8b': 'no-such-model:8b',
  };
  for (const [text, name] of Object.entries(names)) assert.equal(nameModel(text, catalog, {}).name, name, text);
});
