import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/detect/finding.ts';
import { modelAt, replaceableModels } from '../../../src/extension/alias/mentions.ts';

const mention = (text: string, start: number): Finding => ({
  kind: 'model',
  text,
  span: { start, end: start + text.length },
  literal: { start: start - 1, end: start + text.length + 1 },
  replaceable: true,
});

const models = replaceableModels([
  mention('gpt-4o', 10),
  { kind: 'prompt', span: { start: 30, end: 40 }, parts: [], holes: [] },
  mention('gpt-4o', 110),
  mention('other', 130),
  { kind: 'const', text: 'cheap', span: { start: 210, end: 222 } },
  { kind: 'const', text: 'openai.GPT4o', span: { start: 310, end: 322 } },
]);
const line = (start: number, end: number) => ({ start, end });
const startOf = (found: ReturnType<typeof modelAt>) => found?.mention.span.start;

test('the cursor on the literal, quotes included, means that literal', () => {
  assert.equal(startOf(modelAt(models, { offset: 9 }, line(0, 50))), 10);
  assert.equal(startOf(modelAt(models, { offset: 136 }, line(100, 150))), 130);
});

test('elsewhere on a line, the only model of the line is meant, and none of several', () => {
  assert.equal(startOf(modelAt(models, { offset: 0 }, line(0, 50))), 10);
  assert.equal(modelAt(models, { offset: 100 }, line(100, 150)), undefined);
  assert.equal(modelAt(models, { offset: 60 }, line(60, 70)), undefined);
});

test('a lens whose offset is out of date finds the nearest model of its text', () => {
  assert.equal(startOf(modelAt(models, { offset: 90, text: 'gpt-4o' }, line(60, 70))), 110);
  assert.equal(modelAt(models, { offset: 90, text: 'gone' }, line(60, 70)), undefined);
});

test('a constant of an SDK has a type of its own and is not exchanged', () => {
  assert.equal(modelAt(models, { offset: 312 }, line(300, 330)), undefined);
  assert.equal(modelAt(models, { offset: 312, text: 'openai.GPT4o' }, line(300, 330)), undefined);
});

test('a member of the map can be exchanged for another, but holds no string', () => {
  assert.deepEqual(models.at(-1), {
    mention: {
      kind: 'model',
      text: 'cheap',
      span: { start: 210, end: 222 },
      literal: { start: 210, end: 222 },
      replaceable: true,
    },
    isString: false,
  });
});
