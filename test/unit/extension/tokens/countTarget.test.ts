import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countKey, countTarget } from '../../../../src/extension/tokens/countTarget.ts';
import { catalog } from '../../catalog/priceData.ts';

const aliases = {
  quality: {
    targets: [{ provider: 'anthropic', model: 'claude-opus-4-7' }],
    onOverflow: 'error',
    fallback: { on: [], maxAttempts: 1, deadlineMs: 1 },
  },
} as const;
const target = (text: string, alias?: string) =>
  countTarget(
    text,
    { name: text, lookup: catalog.lookup(alias === undefined ? text : 'claude-opus-4-7'), ...(alias && { alias }) },
    aliases,
  );

test('the provider of the model is asked, by the name in the source', () => {
  assert.deepEqual(target('anthropic/claude-3-5-sonnet-20241022'), {
    kind: 'ask',
    provider: 'anthropic',
    model: 'claude-3-5-sonnet-20241022',
    key: 'anthropic/claude-3-5-sonnet',
  });
  assert.deepEqual(target('models/gemini-2.5-pro'), {
    kind: 'ask',
    provider: 'google',
    model: 'gemini-2.5-pro',
    key: 'google/gemini-2.5-pro',
  });
  assert.deepEqual(target('gpt-6-sol'), {
    kind: 'ask',
    provider: 'openai',
    model: 'gpt-6-sol',
    key: 'openai/gpt-6-sol',
  });
  assert.deepEqual(target('quality', 'quality'), {
    kind: 'ask',
    provider: 'anthropic',
    model: 'claude-opus-4-7',
    key: 'anthropic/claude-opus-4-7',
  });
});

test('who is not asked', () => {
  assert.deepEqual(target('gpt-4o'), { kind: 'counted' });
  assert.deepEqual(target('my-own-model'), { kind: 'unknown' });
  assert.deepEqual(target('us.anthropic.claude-opus-4-7'), { kind: 'noEndpoint', provider: 'aws' });
  assert.deepEqual(target('claude-opus-4@20250514'), { kind: 'noEndpoint', provider: 'google' });
  assert.equal(countKey({ name: 'x', lookup: catalog.lookup('my-own-model') }), undefined);
});
