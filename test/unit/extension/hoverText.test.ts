import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costOf } from '../../../src/catalog/costOf.ts';
import type { Annotation, ModelReason } from '../../../src/extension/analysis/annotation.ts';
import { escapeMarkdown } from '../../../src/extension/escapeMarkdown.ts';
import { hoverText } from '../../../src/extension/lens/hoverText.ts';
import { untranslated } from '../../../src/extension/translate.ts';
import { nameModel } from '../../../src/scan/nameModel.ts';
import { aliases, catalog } from './models.ts';

const span = { start: 0, end: 1 };
/** Ten days after the prices. */
const details = { nowMs: Date.UTC(2026, 9, 2), cheaper: [] };

function modelHover(text: string): string[] {
  const annotation: Annotation = {
    kind: 'model',
    span,
    finding: { kind: 'const', span, text },
    model: nameModel(text, catalog, aliases),
  };
  return hoverText(annotation, details, untranslated).split('\n\n');
}

function promptHover(modelText: string, reason: ModelReason, holes: number, tokens = 1000): string[] {
  const model = nameModel(modelText, catalog, aliases);
  const price = model.lookup.kind === 'known' ? model.lookup.model.price : undefined;
  const annotation: Annotation = {
    kind: 'prompt',
    span,
    finding: { kind: 'prompt', span, parts: [], holes: Array.from({ length: holes }, () => span) },
    count: { basis: 'estimated', tokens, low: 900, high: 1150 },
    priced: {
      model,
      reason,
      inputCost: costOf({ input: tokens }, price, { estimatedBecause: 'tokens are estimated' }),
    },
  };
  return hoverText(annotation, details, untranslated).split('\n\n');
}

test('a model: limits, every price that is known, their date and source', () => {
  assert.deepEqual(modelHover('gpt-4o'), [
    '**openai/gpt\\-4o · \\$2.50 in / \\$10 out per M**',
    '128,000 tokens of context, 16,384 of output',
    [
      '| USD per million |&nbsp;&nbsp;&nbsp;&nbsp; input |&nbsp;&nbsp;&nbsp;&nbsp; cached |&nbsp;&nbsp;&nbsp;&nbsp; output |',
      '|:--|--:|--:|--:|',
      '| standard | $2.50 | $1.25 | $10 |',
      '| batch | $1.25 | $0.625 | $5 |',
    ].join('\n'),
    'Prices of 22 Sep 2026 \\(10 days old\\). Source: price list',
  ]);
  assert.match(modelHover('gemini-3-pro').join(), /\| above 200,000 tokens \| \$4 \| \$0\.40 \| \$18 \|/);
  assert.ok(modelHover('gpt-old').includes('Listed as deprecated (2026-03-31).'));
  assert.ok(modelHover('gpt-4o-2024-11-20').includes('A dated snapshot, priced as gpt\\-4o.'));
});

test('an unknown model says what to do', () => {
  assert.deepEqual(modelHover('my-model'), [
    '**my\\-model · price unknown**',
    'The price table has no model of this name. Add a price under `prices.overrides` in `tollgate.jsonc`.',
  ]);
});

test('a prompt: how it was counted, what comes on top, and which model prices it and why', () => {
  assert.deepEqual(promptHover('gpt-4o', 'onlyInFile', 2).slice(0, 3), [
    '**\\~1,000 tok · \\~\\$0.0025 in \\+ 2 variables**',
    'About 1,000 tokens of text, estimated: between 900 and 1,150 in nine of ten cases. What fills the 2 variables comes on top.',
    'Priced with openai/gpt\\-4o, the only model in this file. Input only; the answer is billed as well.  \nThis prompt: as a batch \\~\\$0.0013.',
  ]);
  assert.match(
    promptHover('gpt-4o', 'onlyInFile', 0, 4000)[2] ?? '',
    /This prompt: read from the provider’s cache \\~\\\$0\.0050, as a batch \\~\\\$0\.0050\.$/,
  );
  assert.match(promptHover('cheap', 'sameCall', 1)[1] ?? '', / What fills the variable comes on top\.$/);
  assert.match(
    promptHover('cheap', 'sameCall', 0)[2] ?? '',
    /^Priced with openai\/gpt\\-4o\\-mini, the model of the same call\. /,
  );
  assert.deepEqual(promptHover('my-model', 'default', 0).slice(2), [
    'Priced with my\\-model, your default model. Its price is unknown.',
  ]);
});

test('names from the file cannot become markup', () => {
  assert.equal(escapeMarkdown('[x](command:y) <img> `a`'), '\\[x\\]\\(command:y\\) \\<img\\> \\`a\\`');
});
