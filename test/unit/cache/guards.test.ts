import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { factsOf } from '../../../src/cache/guards/facts.ts';
import { type Veto, vetoOf } from '../../../src/cache/guards/guards.ts';
import { canonicalWording } from '../../../src/cache/wording/canonicalWording.ts';

const objection = (a: string, b: string) => vetoOf(factsOf(canonicalWording(a)), factsOf(canonicalWording(b)));

test('each guard names what it objects to', () => {
  const expected: [Veto, string, string][] = [
    ['number', 'Set the timeout to 30 seconds', 'Set the timeout to 300 seconds'],
    ['number', 'Print two lines', 'Print three lines'],
    ['number', 'What is new in Python 3.1?', 'What is new in Python 3.10?'],
    ['unit', 'Limit it to 5 MB', 'Limit it to 5 Mb'],
    ['quote', 'Print "yes" twice', 'Print "no" twice'],
    ['identifier', 'Why is user.email undefined?', 'Why is user.name undefined?'],
    ['identifier', 'What does getElementById return?', 'What does getElementByID return?'],
    ['name', 'How do I reverse a string in Python?', 'How do I reverse a string in Java?'],
    ['negation', 'Which methods are idempotent?', 'Which methods are not idempotent?'],
    ['negation', 'lines that do not start with a and end with b', 'lines that start with a and do not end with b'],
    ['antonym', 'How do I enable the cache?', 'How do I turn off the cache?'],
    ['antonym', 'Add a user to the group', 'Remove a user from the group'],
    ['quantifier', 'Delete all containers', 'Delete some containers'],
    ['comparison', 'Is a list better?', 'Is a list best?'],
    ['tense', 'Who was the author of curl?', 'Who is the author of curl?'],
    ['language', 'Answer in german', 'Answer in french'],
    ['direction', 'Copy from host to container', 'Copy from container to host'],
    ['order', 'Is a set a list?', 'Is a list a set?'],
    ['order', 'How do I convert a list of tuples?', 'How do I convert a tuple of lists?'],
    ['order', 'Does A depend on B?', 'Does B depend on A?'],
    ['negation', 'How do I make git stop tracking a file?', 'How do I make git track a file?'],
    ['questionType', 'How do I use generics?', 'Why use generics?'],
    ['wordItself', 'How do you spell colour?', 'How do you spell color?'],
    ['word', 'What does grep do?', 'What does sed do?'],
    ['word', 'How do I list containers?', 'How do I list running containers?'],
    ['word', 'How do I use my API?', 'How do I use your API?'],
  ];
  for (const [veto, a, b] of expected) assert.equal(objection(a, b), veto, `${a} | ${b}`);
});

const texts = ['guards-dev.jsonl', 'guards-own.jsonl', 'guards-blind.jsonl'].flatMap((file) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/cache', file), 'utf8')
    .trim()
    .split('\n')
    .flatMap((line): string[] => {
      const { a, b } = JSON.parse(line);
      return [a, b];
    }),
);

test('no text is held against itself, and no pair depends on its order', () => {
  for (const text of texts) assert.equal(objection(text, text), undefined, text);
  const text = fc.constantFrom(...texts);
  fc.assert(fc.property(text, text, (a, b) => assert.equal(objection(a, b), objection(b, a))));
});

test('a number, an identifier or a negation that only one text has is always seen', () => {
  const text = fc.constantFrom(...texts.filter((candidate) => !/["'`]|777|zap/.test(candidate)));
  fc.assert(
    fc.property(text, fc.constantFrom(' 777', ' zap_zap', ' without zap', ' --zap'), (question, extra) => {
      const plain = question.replace(/[?.]+$/, '');
      assert.notEqual(objection(plain, plain + extra), undefined);
    }),
  );
});
