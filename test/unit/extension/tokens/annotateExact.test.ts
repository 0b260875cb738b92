import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelMention, Prompt } from '../../../../src/detect/finding.ts';
import { annotate } from '../../../../src/extension/analysis/annotate.ts';
import { catalog } from '../models.ts';

const call = { start: 0, end: 100 };
const mention: ModelMention = {
  kind: 'model',
  span: { start: 10, end: 27 },
  literal: { start: 10, end: 27 },
  text: 'claude-sonnet-5',
  replaceable: true,
};
const prompt: Prompt = {
  kind: 'prompt',
  span: { start: 40, end: 60 },
  parts: [{ span: { start: 41, end: 59 }, text: 'Summarise this.' }],
  holes: [],
  call,
};
const estimate = { basis: 'estimated', tokens: 5, low: 4, high: 6 } as const;
const counter = {
  count: async (texts: readonly string[]) => texts.map(() => estimate),
  peek: () => undefined,
  dispose: async () => undefined,
};

test('a count that the provider gave takes the place of the estimate, for its model and text alone', async () => {
  const exactCount = (model: string, text: string) =>
    model === 'anthropic/claude-sonnet-5' && text === 'Summarise this.' ? 7 : undefined;
  const deps = { catalog, aliases: {}, counter, defaultModel: '' };
  const shown = async (more: object) => {
    const annotations = await annotate([mention, prompt], { ...deps, ...more });
    const found = annotations.find(({ kind }) => kind === 'prompt');
    return found?.kind === 'prompt' ? [found.count, found.priced?.inputCost] : undefined;
  };
  const priceId = 'anthropic/claude-sonnet-5@2026-09-22';
  assert.deepEqual(await shown({ exactCount }), [
    { basis: 'exact', tokens: 7 },
    { status: 'exact', picoUsd: 14_000_000, priceId },
  ]);
  assert.deepEqual(await shown({}), [
    estimate,
    { status: 'estimated', picoUsd: 10_000_000, priceId, reason: 'tokens are estimated' },
  ]);
  assert.deepEqual((await shown({ exactCount: () => undefined }))?.[0], estimate);
});
