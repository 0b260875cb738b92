import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelList } from '../../../src/wire/modelList.ts';

const aliases = [{ name: 'cheap', targets: ['openai/gpt-4o-mini'] }];
const alias = { id: 'cheap', object: 'model', created: 0, owned_by: 'tollgate' };
const own = { id: 'gpt-4o', object: 'model', created: 1, owned_by: 'system' };

test('OpenAI: aliases in front of the provider’s list, or alone', () => {
  assert.deepEqual(modelList('openai', aliases, { object: 'list', data: [own] }, ''), {
    object: 'list',
    data: [alias, own],
  });
  assert.deepEqual(modelList('openai', aliases, undefined, ''), { object: 'list', data: [alias] });
});

test('Anthropic: ids of the page stay those of the provider, and a later page has no aliases', () => {
  const page = {
    data: [{ id: 'claude-a' }, { id: 'claude-b' }],
    first_id: 'claude-a',
    has_more: true,
    last_id: 'claude-b',
  };
  const first = modelList('anthropic', aliases, page, '?limit=2');
  assert.deepEqual(
    {
      first: first.first_id,
      last: first.last_id,
      more: first.has_more,
      count: Array.isArray(first.data) && first.data.length,
    },
    { first: 'cheap', last: 'claude-b', more: true, count: 3 },
  );
  assert.deepEqual(modelList('anthropic', aliases, page, '?limit=2&after_id=x'), page);
  assert.deepEqual(modelList('anthropic', aliases, undefined, ''), {
    data: [
      { type: 'model', id: 'cheap', display_name: 'cheap → openai/gpt-4o-mini', created_at: '1970-01-01T00:00:00Z' },
    ],
    has_more: false,
    first_id: 'cheap',
    last_id: 'cheap',
  });
});
