import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptExcerpt } from '../../../src/scan/promptExcerpt.ts';

const prompt = {
  kind: 'prompt',
  span: { start: 0, end: 40 },
  parts: [
    { span: { start: 2, end: 11 }, text: 'Today is ' },
    { span: { start: 18, end: 35 }, text: '.\n  You speak with ' },
  ],
  holes: [
    { start: 11, end: 18 },
    { start: 35, end: 39 },
  ],
} as const;

test('an excerpt is one line that shows where variables stand', () => {
  assert.equal(promptExcerpt(prompt, 48), 'Today is …. You speak with …');
});

test('it is cut to its length', () => {
  assert.equal(promptExcerpt(prompt, 12), 'Today is ….…');
});
