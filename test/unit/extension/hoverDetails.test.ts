import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costOf } from '../../../src/catalog/costOf.ts';
import type { PromptAnnotation } from '../../../src/extension/analysis/annotation.ts';
import { hoverDetails } from '../../../src/extension/lens/hoverDetails.ts';
import { hoverText } from '../../../src/extension/lens/hoverText.ts';
import { untranslated } from '../../../src/extension/translate.ts';
import { nameModel } from '../../../src/scan/nameModel.ts';
import { aliases, catalog } from './models.ts';

const source = '"Dear {customer.name}, your order { order } of {new Date().toISOString().slice(0, 10)} left."';

/** The prompt that is the whole source: parts and holes by its interpolations. */
function annotationOf(text: string): PromptAnnotation {
  const holes = [...text.matchAll(/\{[^}]*\}/g)].map(({ index, 0: hole }) => ({
    start: index,
    end: index + hole.length,
  }));
  const edges = [{ end: 1 }, ...holes].map(({ end }, at) => ({ start: end, end: holes[at]?.start ?? text.length - 1 }));
  const parts = edges.map((span) => ({ span, text: text.slice(span.start, span.end) }));
  const span = { start: 0, end: text.length };
  const model = nameModel('gpt-4o', catalog, aliases);
  const price = model.lookup.kind === 'known' ? model.lookup.model.price : undefined;
  return {
    kind: 'prompt',
    span,
    finding: { kind: 'prompt', span, parts, holes },
    count: { basis: 'exact', tokens: 2000 },
    priced: { model, reason: 'sameCall', inputCost: costOf({ input: 2000 }, price) },
  };
}

/** One token per word. */
const deps = {
  catalog,
  aliases,
  nowMs: Date.UTC(2026, 9, 2),
  count: async (texts: readonly string[]) => texts.map((text) => text.split(/\s+/).filter(Boolean).length),
};

test('text and variables in the order they stand, long ones cut', async () => {
  const { pieces } = await hoverDetails(annotationOf(source), source, deps);
  assert.deepEqual(pieces, [1, 'customer.name', 3, 'order', 1, 'new Date().toISOString(…', 1]);
});

test('a prompt without variables, or with too many, has no pieces', async () => {
  const plain = '"Hello there."';
  assert.equal((await hoverDetails(annotationOf(plain), plain, deps)).pieces, undefined);
  const many = `"${'a {x} '.repeat(9)}"`;
  assert.equal((await hoverDetails(annotationOf(many), many, deps)).pieces, undefined);
});

test('the hover of a prompt: pieces, cheaper ways, prices, cheaper models', async () => {
  const annotation = annotationOf(source);
  const lines = hoverText(annotation, await hoverDetails(annotation, source, deps), untranslated).split('\n\n');
  assert.equal(
    lines[1]?.split('  \n')[1],
    '1 tok \\+ `customer.name` \\+ 3 tok \\+ `order` \\+ 1 tok \\+ `new Date().toISOString(…` \\+ 1 tok',
  );
  assert.equal(
    lines[2]?.split('  \n')[1],
    'This prompt: read from the provider’s cache \\$0.0025, as a batch \\$0.0025.',
  );
  assert.equal(
    lines[3],
    [
      '| Cheaper, not of equal quality |&nbsp;&nbsp;&nbsp;&nbsp; this prompt |',
      '|:--|--:|',
      '| openai/gpt\\-4o\\-mini (alias cheap) | $0.00030 in |',
    ].join('\n'),
  );
});
