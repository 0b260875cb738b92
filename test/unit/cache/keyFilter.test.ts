import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { cacheSchema } from '../../../src/cache/cacheSchema.ts';
import type { CacheEntry } from '../../../src/cache/entry.ts';
import { EntryTable } from '../../../src/cache/entryTable.ts';
import { createKeyFilter } from '../../../src/cache/keyFilter.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { answerOf } from './cacheFixture.ts';

const keyOf = (index: number): string => hash('sha256', `key ${index}`, 'base64url');

test('a key that is there is always possible, and one that is not hardly ever', () => {
  const filter = createKeyFilter(Array.from({ length: 10_000 }, (_, index) => keyOf(index)));
  filter.add(keyOf(10_000));
  for (let index = 0; index <= 10_000; index++) assert.ok(filter.mayHave(keyOf(index)));
  const mistaken = Array.from({ length: 10_000 }, (_, index) => keyOf(20_000 + index)).filter(filter.mayHave);
  assert.ok(mistaken.length < 100, `${mistaken.length} of 10,000`);
});

test('a table knows what was kept before it was opened, and counts what is kept twice once', () => {
  const store = openStore({ path: ':memory:', schemas: [cacheSchema], clock: () => 0 });
  const entry = (index: number): CacheEntry => ({
    key: keyOf(index),
    workspaceId: 'w1',
    provider: 'openai',
    model: 'gpt-4o-mini',
    answer: answerOf('an answer'),
    createdAtMs: 1,
    expiresAtMs: 2,
  });
  const before = new EntryTable(store.database);
  for (const index of [1, 2, 3]) before.put(entry(index));
  const table = new EntryTable(store.database);
  for (const index of [3, 4, 4]) table.put(entry(index));
  const found = [1, 2, 3, 4, 5].map((index) => table.get(keyOf(index)) !== undefined);
  assert.deepEqual(found, [true, true, true, true, false]);
  const counted = table.bytesOf('w1');
  table.countBytes();
  assert.equal(counted, table.bytesOf('w1'));
  store.close();
});
