import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probeAt, selectsModelAt } from '../../../src/extension/alias/language/modelPosition.ts';

/** The text with the alias in the place of the cursor, and what would be replaced; `|` is the cursor. */
function probe(marked: string): [text: string, replaced: string] | undefined {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = probeAt({ languageId: 'python', path: 'a.py', text }, offset, 'cheap');
  return found && [found.source.text, text.slice(found.span.start, found.span.end)];
}

test('the word in a string is replaced, whatever of it is written already', () => {
  assert.deepEqual(probe('ask(model="|")'), ['ask(model="cheap")', '']);
  assert.deepEqual(probe('ask(model="gp|t-4o")'), ['ask(model="cheap")', 'gpt-4o']);
  assert.deepEqual(probe("a\nask(model='openai/|')"), ["a\nask(model='cheap')", 'openai/']);
});

test('a string that is not closed yet is closed in the probe', () => {
  assert.deepEqual(probe('ask(model="|'), ['ask(model="cheap"', '']);
  assert.deepEqual(probe('ask(model="ch|\nnext()'), ['ask(model="cheap"\nnext()', 'ch']);
});

test('values without quotes, of YAML and env files', () => {
  assert.deepEqual(probe('model: |'), ['model: cheap', '']);
  assert.deepEqual(probe('MODEL=gp|'), ['MODEL=cheap', 'gp']);
});

test('elsewhere there is nothing to complete', () => {
  for (const code of ['ask(mod|)', 'x = "a b|c"', '|', 'model\n|']) assert.equal(probe(code), undefined, code);
});

test('only a mention of the alias at that very place counts', () => {
  const span = { start: 1, end: 6 };
  const at = { source: { languageId: 'python', path: 'a.py', text: '' }, span };
  const mention = { kind: 'model', text: 'cheap', span, literal: span, replaceable: true } as const;
  assert.equal(selectsModelAt([mention], at, 'cheap'), true);
  assert.equal(selectsModelAt([{ ...mention, text: 'gpt-4o' }], at, 'cheap'), false);
  assert.equal(selectsModelAt([{ ...mention, span: { start: 9, end: 14 } }], at, 'cheap'), false);
});
