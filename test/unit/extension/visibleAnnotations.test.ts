import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cost } from '../../../src/catalog/cost.ts';
import type { PromptAnnotation } from '../../../src/extension/analysis/annotation.ts';
import { visibleAnnotations } from '../../../src/extension/lens/visibleAnnotations.ts';
import { nameModel } from '../../../src/scan/nameModel.ts';
import { aliases, catalog } from './models.ts';

const span = { start: 0, end: 1 };
const lens = { models: true, prompts: true, minimumTokens: 30, minimumUsd: 0, maximumCharacters: 1000 };
const mention = {
  kind: 'model',
  span,
  finding: { kind: 'const', span, text: 'gpt-4o' },
  model: nameModel('gpt-4o', catalog, aliases),
} as const;

function prompt(tokens: number, inputCost?: Cost): PromptAnnotation {
  const finding = { kind: 'prompt', span, parts: [], holes: [] } as const;
  const count = { basis: 'exact', tokens } as const;
  if (!inputCost) return { kind: 'prompt', span, finding, count };
  return { kind: 'prompt', span, finding, count, priced: { model: mention.model, reason: 'default', inputCost } };
}

const exact = (picoUsd: number): Cost => ({ status: 'exact', picoUsd, priceId: 'x' });

test('a prompt at the threshold is shown, one below it is not; models always are', () => {
  const [short, long] = [prompt(29), prompt(30)];
  assert.deepEqual(visibleAnnotations([mention, short, long], lens), [mention, long]);
});

test('the threshold in money hides what is known to be cheaper, and never what is unpriced', () => {
  const cheap = prompt(100, exact(999_999_999));
  const dear = prompt(100, exact(1_000_000_000));
  const unknown = prompt(100, { status: 'unpriced', reason: '' });
  assert.deepEqual(visibleAnnotations([cheap, dear, unknown], { ...lens, minimumUsd: 0.001 }), [dear, unknown]);
});

test('each kind has a switch of its own', () => {
  assert.deepEqual(visibleAnnotations([mention, prompt(100)], { ...lens, prompts: false }), [mention]);
  assert.deepEqual(visibleAnnotations([mention, prompt(100)], { ...lens, models: false }), [prompt(100)]);
});
