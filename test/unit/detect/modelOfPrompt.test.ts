import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ModelMention, Prompt, Span } from '../../../src/detect/finding.ts';
import { createModelOfPrompt } from '../../../src/detect/modelOfPrompt.ts';

const mention = (start: number, text: string): ModelMention => {
  const span = { start, end: start + 2 };
  return { kind: 'model', span, literal: span, text, replaceable: true };
};
const prompt = (start: number, call?: Span): Prompt => ({
  kind: 'prompt',
  span: { start, end: start + 2 },
  parts: [],
  holes: [],
  ...(call ? { call } : {}),
});

test('the model of the call, else the only one, else none', () => {
  const two = createModelOfPrompt([mention(30, 'b'), mention(10, 'a')]);
  assert.equal(two(prompt(14, { start: 8, end: 20 }))?.text, 'a');
  assert.equal(two(prompt(34, { start: 30, end: 40 }))?.text, 'b');
  assert.equal(two(prompt(50, { start: 45, end: 60 })), undefined);
  assert.equal(two(prompt(50)), undefined);
  const one = createModelOfPrompt([mention(30, 'a'), mention(10, 'a')]);
  assert.equal(one(prompt(50))?.span.start, 10);
  assert.equal(createModelOfPrompt([])(prompt(0)), undefined);
});

test('of the mentions within a call it is the nearest, whatever their order', () => {
  const starts = fc.uniqueArray(fc.nat(60), { maxLength: 12 });
  const spans = fc.tuple(fc.nat(60), fc.nat(40)).map(([start, length]): Span => ({ start, end: start + length }));
  fc.assert(
    fc.property(starts, spans, fc.nat(60), (places, call, at) => {
      const found = createModelOfPrompt(places.map((start) => mention(start, `m${start}`)))(prompt(at, call));
      const within = places.filter((start) => start >= call.start && start + 2 <= call.end);
      if (within.length === 0) return assert.equal(found?.text, places.length === 1 ? `m${places[0]}` : undefined);
      assert.ok(found && within.includes(found.span.start));
      return assert.equal(Math.abs(found.span.start - at), Math.min(...within.map((start) => Math.abs(start - at))));
    }),
  );
});

test('of several models the one that the names in the call lead to, where they lead to one', () => {
  const source = [
    'small = Model("a")',
    'large = Model("b")',
    'both = Team(small, large, "a", "b")',
    'small.ask("p")',
    'both.ask("q")',
    'new.ask("r", small)',
  ].join('\n');
  const at = (text: string): number => source.indexOf(text);
  const mentions = ['Model("a', 'Model("b', 'Team(small, large, "a', '"b")\nsmall'].map((text, index) =>
    mention(at(text) + (index < 3 ? text.length - 1 : 1), index % 2 === 0 ? 'a' : 'b'),
  );
  const modelOf = createModelOfPrompt(mentions, source);
  const asked = (call: string, text: string): Prompt =>
    prompt(at(text) + 1, { start: at(call), end: source.indexOf(')', at(call)) + 1 });
  assert.equal(modelOf(asked('small.ask', 'p"'))?.text, 'a');
  assert.equal(modelOf(asked('both.ask', 'q"')), undefined);
  assert.equal(modelOf(asked('new.ask', 'r"')), undefined);
});
