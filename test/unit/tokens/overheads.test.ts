import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overheadTokens } from '../../../src/tokens/overheads.ts';

test('OpenAI: the cookbook’s rule for messages, exact', () => {
  assert.deepEqual(overheadTokens('o200k', { messages: 1 }), { tokens: 7, basis: 'exact' });
  assert.deepEqual(overheadTokens('cl100k', { messages: 6 }), { tokens: 27, basis: 'exact' });
  assert.deepEqual(overheadTokens('o200k', { messages: 0 }), { tokens: 0, basis: 'exact' });
});

test('OpenAI: tools, an estimate', () => {
  const weather = { properties: 2, choices: 2 };
  // 7 + (12 + 7 + 3 + 2×3 + 2×3)
  assert.deepEqual(overheadTokens('o200k', { messages: 1, tools: [weather] }), { tokens: 41, basis: 'estimated' });
  assert.deepEqual(overheadTokens('o200k', { messages: 1, tools: [{ properties: 0, choices: 0 }] }), {
    tokens: 26,
    basis: 'estimated',
  });
});

test('Anthropic: a base, messages, and a system prompt for tools', () => {
  const tool = { properties: 1, choices: 0 };
  assert.deepEqual(overheadTokens('claude-3', { messages: 3 }), { tokens: 12, basis: 'estimated' });
  assert.deepEqual(overheadTokens('claude-2026', { messages: 1, tools: [tool, tool] }), {
    tokens: 8 + 346 + 106,
    basis: 'estimated',
  });
  assert.deepEqual(overheadTokens('claude-3', { messages: 1, tools: [tool], forcedTool: true }), {
    tokens: 8 + 313 + 53,
    basis: 'estimated',
  });
});

test('others are estimates', () => {
  assert.deepEqual(overheadTokens('gemini', { messages: 4 }), { tokens: 4, basis: 'estimated' });
  assert.deepEqual(overheadTokens('mistral', { messages: 2 }), { tokens: 11, basis: 'estimated' });
  assert.deepEqual(overheadTokens(undefined, { messages: 2 }), { tokens: 11, basis: 'estimated' });
});
