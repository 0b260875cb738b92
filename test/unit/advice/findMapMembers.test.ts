import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMapMembers } from '../../../src/advice/findMapMembers.ts';

function members(languageId: string, path: string, text: string): [text: string, alias: string][] {
  return findMapMembers({ languageId, path, text }, ['cheap', 'cheap-fast', 'class']).map(({ span, text: alias }) => [
    text.slice(span.start, span.end),
    alias,
  ]);
}

test('Python: members of the imported map, under the names they have there', () => {
  const text = [
    'from tollgate_models import models',
    'ask(model=models.cheap)  # not models.cheap',
    'ask(model=models.cheap_fast, text="models.cheap")',
    'ask(model=models.class_)',
    'client.models.cheap()',
    'models.other()',
  ].join('\n');
  assert.deepEqual(members('python', 'a.py', text), [
    ['models.cheap', 'cheap'],
    ['models.cheap_fast', 'cheap-fast'],
    ['models.class_', 'class'],
  ]);
});

test('scripts: also under another name, and in the hole of a template', () => {
  const text = [
    "import { models as tollgateModels } from './tollgateModels.js';",
    'ask({ model: tollgateModels.cheapFast }); // tollgateModels.cheap',
    'log(`asked $' + '{tollgateModels.cheap}`);',
    'models.cheap;',
  ].join('\n');
  assert.deepEqual(members('typescript', 'a.ts', text), [
    ['tollgateModels.cheapFast', 'cheap-fast'],
    ['tollgateModels.cheap', 'cheap'],
  ]);
});

test('a file that does not import the map has none', () => {
  assert.deepEqual(members('python', 'a.py', 'from django.db import models\nmodels.cheap\n'), []);
  assert.deepEqual(members('prompt', 'a.prompt', 'models.cheap'), []);
});
