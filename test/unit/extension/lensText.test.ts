import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cost } from '../../../src/catalog/cost.ts';
import type { ModelMention, Prompt } from '../../../src/detect/finding.ts';
import type { ModelAnnotation, PromptAnnotation } from '../../../src/extension/analysis/annotation.ts';
import { endOfLineTexts } from '../../../src/extension/lens/endOfLineTexts.ts';
import { annotationText, lensTitle } from '../../../src/extension/lens/lensText.ts';
import { untranslated } from '../../../src/extension/translate.ts';
import { nameModel } from '../../../src/scan/nameModel.ts';
import type { TokenCount } from '../../../src/tokens/tokenCount.ts';
import { aliases, catalog } from './models.ts';

const span = { start: 0, end: 1 };

function model(text: string): ModelAnnotation {
  const finding: ModelMention = { kind: 'model', span, literal: span, text, replaceable: true };
  return { kind: 'model', span, finding, model: nameModel(text, catalog, aliases) };
}

function prompt(count: TokenCount, holes: number, inputCost?: Cost): PromptAnnotation {
  const finding: Prompt = { kind: 'prompt', span, parts: [], holes: Array.from({ length: holes }, () => span) };
  if (!inputCost) return { kind: 'prompt', span, finding, count };
  return {
    kind: 'prompt',
    span,
    finding,
    count,
    priced: { model: nameModel('gpt-4o', catalog, aliases), reason: 'sameCall', inputCost },
  };
}

const exact = (tokens: number): TokenCount => ({ basis: 'exact', tokens });
const about = (tokens: number): TokenCount => ({ basis: 'estimated', tokens, low: tokens - 1, high: tokens + 1 });

test('a model lens names the qualified model, its price and what a click does', () => {
  assert.equal(lensTitle(model('gpt-4o'), untranslated), 'openai/gpt-4o · $2.50 in / $10 out per M · Use an alias…');
  assert.equal(
    lensTitle(model('openai/gpt-4o'), untranslated),
    'openai/gpt-4o · $2.50 in / $10 out per M · Use an alias…',
  );
  assert.equal(
    lensTitle(model('gpt-4o-2024-11-20'), untranslated),
    'openai/gpt-4o-2024-11-20 · $2.50 in / $10 out per M · Use an alias…',
  );
});

test('an alias shows what it stands for', () => {
  assert.equal(
    lensTitle(model('cheap'), untranslated),
    'cheap → openai/gpt-4o-mini · $0.15 in / $0.60 out per M · Change the alias…',
  );
});

test('what the catalogue does not know is unknown, and a model without output has no output price', () => {
  assert.equal(annotationText(model('my-model'), untranslated), 'my-model · price unknown');
  assert.equal(annotationText(model('constructor'), untranslated), 'constructor · price unknown');
  assert.equal(
    annotationText(model('text-embedding-3-small'), untranslated),
    'openai/text-embedding-3-small · $0.02 in per M',
  );
});

test('a prompt lens marks estimates, and only them', () => {
  const picoUsd = 412 * 2_500_000;
  assert.equal(
    annotationText(prompt(exact(412), 0, { status: 'exact', picoUsd, priceId: 'x' }), untranslated),
    '412 tok · $0.0010 in',
  );
  assert.equal(
    annotationText(prompt(about(1412), 0, { status: 'estimated', picoUsd, priceId: 'x', reason: '' }), untranslated),
    '~1,412 tok · ~$0.0010 in',
  );
});

test('holes are named, not counted', () => {
  assert.equal(annotationText(prompt(exact(7), 1), untranslated), '7 tok + 1 variable');
  assert.equal(
    annotationText(prompt(exact(7), 2, { status: 'exact', picoUsd: 17_500_000, priceId: 'x' }), untranslated),
    '7 tok · $0.000018 in + 2 variables',
  );
});

test('an unpriced prompt is unknown and never $0.00; one without a model has tokens alone', () => {
  assert.equal(
    annotationText(prompt(exact(412), 0, { status: 'unpriced', reason: '' }), untranslated),
    '412 tok · price unknown',
  );
  assert.equal(annotationText(prompt(about(412), 0), untranslated), '~412 tok');
});

test('at the end of a line the findings of that line stand together', () => {
  const at = (start: number, annotation: ModelAnnotation): ModelAnnotation => ({
    ...annotation,
    span: { start, end: start + 1 },
  });
  const texts = endOfLineTexts(
    [at(3, model('gpt-4o')), at(8, model('gpt-4o-mini')), at(12, model('my-model'))],
    (offset) => Math.floor(offset / 10),
    untranslated,
  );
  assert.deepEqual(
    [...texts],
    [
      [0, 'openai/gpt-4o · $2.50 in / $10 out per M  |  openai/gpt-4o-mini · $0.15 in / $0.60 out per M'],
      [1, 'my-model · price unknown'],
    ],
  );
});

test('what goes along with every session says so', () => {
  const once = prompt(exact(412), 1, { status: 'exact', picoUsd: 1_030_000_000, priceId: 'p' });
  const memory = { ...once, finding: { ...once.finding, perSession: true as const } };
  assert.equal(annotationText(memory, untranslated), '412 tok · $0.0010 in per session + 1 variable');
});
