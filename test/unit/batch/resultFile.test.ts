import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { type ResultFacts, renderTextResult } from '../../../src/batch/resultFile.ts';
import { yamlText } from '../../../src/batch/yamlText.ts';

/** As any reader of the file would read its front matter. */
function headerOf(text: string): unknown {
  const document = parseDocument(text.split('\n---\n')[0]?.replace(/^---\n/, '') ?? '');
  assert.deepEqual(document.errors, []);
  return document.toJS();
}

const job = { id: 'j1', provider: 'openai', demo: false };
const facts: ResultFacts = {
  job,
  promptPath: '/w/ask.md',
  model: 'gpt-4o-mini',
  usage: { input: 22, output: 2 },
  cost: { status: 'exact', picoUsd: 2_250_000, priceId: 'openai/gpt-4o-mini@2026-09-22' },
  endedAtMs: 0,
  finishReason: 'stop',
};

test('the front matter of a result is YAML whatever the texts in it', () => {
  const anyText = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      'null',
      'True',
      '~',
      '12',
      '1e3',
      '- a',
      'a: b',
      'a #b',
      '$',
      '~$1',
      'a:',
      '2026-01-01',
      '.inf',
      ' a',
    ),
    fc
      .array(fc.constantFrom(':', ' ', '#', '-', 'a', '"', "'", '\\', '$', '~', '0', '\n'))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(anyText, anyText, anyText, (name, reason, finishReason) => {
      fc.pre(!name.includes('/') && name !== '' && !/[\\]/.test(name));
      const rendered = renderTextResult(
        { ...facts, promptPath: `/w/${name}`, cost: { status: 'unpriced', reason }, finishReason },
        '\n---\nbody',
      );
      const ends = finishReason === 'stop' || finishReason === 'end_turn';
      assert.deepEqual(headerOf(rendered), {
        prompt: name,
        model: 'openai/gpt-4o-mini',
        usage: { input: 22, output: 2 },
        cost: `price unknown (${reason})`,
        job: 'j1',
        date: '1970-01-01T00:00:00.000Z',
        ...(ends ? {} : { finish: finishReason }),
      });
    }),
    { numRuns: 500 },
  );
});

test('what needs no quotes has none', () => {
  for (const text of [
    'gpt-4o-mini',
    '$0.0012 (0.0012345 USD)',
    '~$0.01',
    'Frage für Übung.md',
    'openai/gpt-4o@2026-09-22',
  ])
    assert.equal(yamlText(text), text);
  assert.equal(yamlText('a: b'), '"a: b"');
  assert.equal(yamlText('true'), '"true"');
});

test('an answer without usage says so', () => {
  assert.deepEqual(headerOf(renderTextResult({ ...facts, usage: undefined }, 'x')), {
    prompt: 'ask.md',
    model: 'openai/gpt-4o-mini',
    usage: 'not reported',
    cost: '$0.0000023 (0.00000225 USD)',
    priceId: 'openai/gpt-4o-mini@2026-09-22',
    serviceTier: 'batch',
    job: 'j1',
    date: '1970-01-01T00:00:00.000Z',
  });
  assert.match(renderTextResult({ ...facts, usage: {} }, 'x'), /\nusage: \{\}\n/);
});
