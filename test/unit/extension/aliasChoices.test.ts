import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aliasChoices } from '../../../src/extension/alias/aliasChoices.ts';
import { suggestAliasName } from '../../../src/extension/alias/suggestAliasName.ts';
import { untranslated } from '../../../src/extension/translate.ts';
import { nameModel } from '../../../src/scan/nameModel.ts';
import { aliases, aliasFor, catalog } from './models.ts';

const named = (text: string) => nameModel(text, catalog, aliases);

test('the alias of the same model comes first, the others as they stand in the file', () => {
  assert.deepEqual(aliasChoices(named('gpt-4o'), aliases, catalog, untranslated), [
    { name: 'main', description: 'openai/gpt-4o · $2.50 in / $10 out per M', detail: 'the same model' },
    {
      name: 'quality',
      description: 'anthropic/claude-sonnet-5 · $2 in / $10 out per M',
      detail: 'against openai/gpt-4o: input 20 % cheaper, output the same',
    },
    {
      name: 'cheap',
      description: 'openai/gpt-4o-mini · $0.15 in / $0.60 out per M',
      detail: 'against openai/gpt-4o: input 94 % cheaper, output 94 % cheaper',
    },
  ]);
});

test('a dearer alias says how many times, and the present one is not offered', () => {
  const choices = aliasChoices(named('cheap'), aliases, catalog, untranslated);
  assert.deepEqual(
    choices.map(({ name, detail }) => [name, detail]),
    [
      ['quality', 'against openai/gpt-4o-mini: input 13 times dearer, output 17 times dearer'],
      ['main', 'against openai/gpt-4o-mini: input 17 times dearer, output 17 times dearer'],
    ],
  );
});

test('nothing is said of a saving where a price is unknown', () => {
  assert.equal(aliasChoices(named('my-model'), aliases, catalog, untranslated)[0]?.detail, undefined);
  const [local] = aliasChoices(named('gpt-4o'), { local: aliasFor('ollama', 'llama9') }, catalog, untranslated);
  assert.deepEqual(local, { name: 'local', description: 'ollama/llama9 · price unknown', detail: undefined });
});

test('a new alias is named after its price, a model without one after itself, and taken names get a number', () => {
  assert.equal(suggestAliasName(named('gpt-4o-mini'), new Set()), 'cheap');
  assert.equal(suggestAliasName(named('gpt-4o'), new Set(['main'])), 'quality');
  assert.equal(suggestAliasName(named('gpt-4o'), new Set(['quality', 'quality2'])), 'quality3');
  assert.equal(suggestAliasName(named('my-org/Llama-3.1 8B'), new Set()), 'llama318b');
  assert.equal(suggestAliasName(named('7b'), new Set()), 'b');
  assert.equal(suggestAliasName(named('模型'), new Set()), 'model');
});
