import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findPlaceholders, type TemplateStyle } from '../../../../src/detect/promptFile/findPlaceholders.ts';

const texts = (text: string, style: TemplateStyle): string[] => findPlaceholders(text, style).map((each) => each.text);

test('each style has its own placeholders, and comments may hold braces', () => {
  const text =
    'a {{x}} {{{raw}}} {{!-- {{no}} --}} {% if y %} {# z #} <b k="1">t</b> <!-- {{q}} --> ${input:name} $ARGUMENTS $12';
  const inBraces = ['{{x}}', '{{{raw}}}', '{{!-- {{no}} --}}', '{% if y %}', '{# z #}'];
  assert.deepEqual(texts(text, 'template'), [...inBraces, '{{q}}', '${input:name}']);
  assert.deepEqual(texts(text, 'roleLines'), [...inBraces, '{{q}}', '${input:name}']);
  assert.deepEqual(texts(text, 'markup'), [...inBraces, '<b k="1">', '</b>', '<!-- {{q}} -->']);
  assert.deepEqual(texts(text, 'inputs'), ['${input:name}', '$ARGUMENTS']);
});

test('what is never closed is text, and hides nothing behind it', () => {
  assert.deepEqual(texts('{{!-- a {{x}} {% b {# c', 'template'), ['{{!-- a {{x}}']);
  assert.deepEqual(texts('{% a {{x}} {# ${input:b', 'template'), ['{{x}}']);
  assert.deepEqual(texts('<!-- a <b> {{x', 'markup'), ['<b>']);
});

test('marks without an end take time by the length of the text', () => {
  for (const mark of ['{', '{{', '{%', '{#', '{{!--', '<!--', '<a ', '${input:'])
    for (const style of ['template', 'markup', 'inputs'] as const)
      assert.deepEqual(findPlaceholders(mark.repeat(Math.ceil(60_000 / mark.length)), style), [], `${mark} ${style}`);
});

test('placeholders stand in order, apart from each other, and where they say', () => {
  const piece = fc.constantFrom(
    '{',
    '{{',
    '}}',
    '}',
    '{%',
    '%}',
    '{#',
    '#}',
    '{{!--',
    '--}}',
    '<!--',
    '-->',
    '<b',
    '>',
    '${input:',
    '$1',
    'a ',
  );
  const styles = fc.constantFrom<TemplateStyle>('template', 'roleLines', 'markup', 'inputs');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), styles, (pieces, style) => {
      const text = pieces.join('');
      let from = 0;
      for (const found of findPlaceholders(text, style)) {
        assert.ok(found.at >= from);
        assert.equal(text.slice(found.at, found.at + found.text.length), found.text);
        from = found.at + found.text.length;
      }
    }),
  );
});
