import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelSize } from '../../../src/catalog/modelSize.ts';
import { known } from './priceData.ts';

test('models are ranked by their price', () => {
  const cases = {
    'gpt-5': 'flagship',
    'gpt-4o': 'flagship',
    'claude-sonnet-4-5': 'flagship',
    'claude-opus-4-5': 'flagship',
    'gemini-2.5-pro': 'flagship',
    'claude-haiku-4-5': 'mid',
    'o3-mini': 'mid',
    'gpt-4o-mini': 'small',
    'gpt-5-mini': 'small',
    'gemini-2.5-flash': 'small',
    'text-embedding-3-small': undefined,
  };
  for (const [id, size] of Object.entries(cases)) assert.equal(modelSize(known(id).price), size, id);
  assert.equal(modelSize(undefined), undefined);
});
