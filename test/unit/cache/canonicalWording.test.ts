import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { notAskable } from '../../../src/cache/wording/askable.ts';
import { canonicalWording } from '../../../src/cache/wording/canonicalWording.ts';
import { isDeictic } from '../../../src/cache/wording/deictic.ts';
import { readWords } from '../../../src/cache/wording/readWords.ts';
import { isTimeBound } from '../../../src/cache/wording/timeBound.ts';

const keyOf = (text: string): string => canonicalWording(text).key;

const questions = fc.constantFrom(
  'how do I reverse a linked list',
  'what is a deadlock',
  'why does my regex not match newlines',
  'how does garbage collection work in Go',
  'what is the difference between TCP and UDP',
  'list all HTTP methods',
  'where are Docker images stored',
  'can I use hooks in class components',
);

test('greeting, politeness, case, spacing and final punctuation change nothing', () => {
  const before = fc.constantFrom('', 'Hi, ', 'Hello! ', 'Please ', 'hey there, ');
  const after = fc.constantFrom('', '?', '??', ' ?', '.', ', please', '? Thanks!', ' . Thank you in advance.');
  const space = fc.constantFrom(' ', '  ', ' \t');
  fc.assert(
    fc.property(questions, before, after, space, fc.boolean(), (question, opening, closing, gap, capital) => {
      const said = capital ? question.charAt(0).toUpperCase() + question.slice(1) : question;
      assert.equal(keyOf(`${opening}${said.replaceAll(' ', gap)}${closing}`), keyOf(question));
    }),
  );
});

test('a number, a name or a "not" more is another question', () => {
  const more = fc.constantFrom(
    ' 3',
    ' in Rust',
    ' not',
    ' without recursion',
    ' with --force',
    ' `foo`',
    ' "bar"',
    ' C++',
  );
  fc.assert(
    fc.property(questions, more, (question, extra) => assert.notEqual(keyOf(question + extra), keyOf(question))),
  );
});

test('two numbers never meet', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(5000), (a, b) => {
      const of = (number: number) => keyOf(`How do I keep the last ${number} lines of a file in bash?`);
      assert.equal(of(a) === of(b), a === b);
    }),
  );
});

test('any text can be read, and reads the same twice', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.lorem({ maxCount: 30 })), (text) => {
      assert.equal(keyOf(text), keyOf(text));
      assert.equal(isDeictic(readWords(text)), isDeictic(readWords(text)));
      notAskable(text);
    }),
    { numRuns: 500 },
  );
});

test('canonical words of the forms a question takes', () => {
  const expected: [string, string][] = [
    ["How's the weather?", 'like: weather'],
    ['What is the weather like?', 'like: weather'],
    ['Hi, can you tell me what a deadlock is?', 'what: deadlock'],
    ['How can the size of a folder be checked in Linux?', 'howTo: ~check ~folder size in linux'],
    ["Why doesn't my regex match newlines?", 'why: not~ my regex match newlines'],
    ['What is the meaning of idempotent?', 'mean: idempotent'],
    ['Docker vs Podman: what is the difference?', 'difference: docker and podman'],
    ['With git, how do I change the name of a local branch?', 'howTo: ~rename local branch in git'],
    ['What does `delete` mean?', 'mean: delete'],
  ];
  for (const [text, key] of expected) assert.equal(keyOf(text), key);
});

test('what refers to something outside itself', () => {
  for (const text of [
    'Fix this bug',
    'Fix the bug',
    'Why is it slow?',
    'Explain the code above',
    'What does that mean?',
    'Improve my code',
    'continue',
    'Summarize the text',
    'What is wrong here?',
    'Does it work with Python 3?',
    'Why does the build fail?',
  ]) {
    assert.equal(isDeictic(readWords(text)), true, text);
  }
  for (const text of [
    'Is it safe to store tokens in localStorage?',
    'What does the function parseDate do?',
    "Why doesn't my regex match newlines?",
    'Write a function that sorts a list',
    'How do I open a file and read it in Go?',
    'How do I change a commit message?',
    'Are there alternatives to Redux?',
  ]) {
    assert.equal(isDeictic(readWords(text)), false, text);
  }
});

test('what depends on when it is asked', () => {
  for (const text of [
    "How's the weather?",
    'What is the latest version of Node.js?',
    'Is Node 18 still supported?',
    'What time is it in Tokyo?',
    "What's today's date?",
    'What happened in the news this week?',
  ]) {
    assert.equal(isTimeBound(text), true, text);
  }
  for (const text of [
    'How do I get the current date in JavaScript?',
    'What is the current working directory?',
    'What is dependency injection?',
    'How do I show the weather on my page?',
    'How do I find the newest file in bash?',
  ]) {
    assert.equal(isTimeBound(text), false, text);
  }
});

test('what is left to the exact cache', () => {
  assert.equal(notAskable('  '), 'empty');
  assert.equal(notAskable(`Explain ${'x'.repeat(600)}`), 'tooLong');
  assert.equal(notAskable('Why does this fail?\n    at Object.<anonymous> (a.js:1:1)'), 'code');
  assert.equal(notAskable('What does this do?\nconst a = 1;'), 'code');
  assert.equal(notAskable('Wie kann ich eine Datei löschen und was ist mit dem Ordner?'), 'language');
  assert.equal(notAskable('如何删除文件夹？'), 'language');
  assert.equal(notAskable('Où est la bibliothèque et le musée?'), 'language');
  assert.equal(notAskable('What is a façade in design?'), undefined);
});
