import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTimeOrderedIds } from '../../../src/service/createTimeOrderedIds.ts';

test('an id has the form of a UUID of version 7: time, version, variant, random bits', () => {
  const id = createTimeOrderedIds({ now: () => 0x0123456789ab, random: (size) => new Uint8Array(size).fill(0xf5) })();
  assert.equal(id, '01234567-89ab-7f5f-9f5f-5f5f5f5f5f5f');
});

test('ids are unique over pages of random bytes, and sort by their time', () => {
  let now = 1_700_000_000_000;
  const newId = createTimeOrderedIds({
    now: () => now++,
    random: (size) => crypto.getRandomValues(new Uint8Array(size)),
  });
  const ids = Array.from({ length: 2_000 }, newId);
  assert.equal(new Set(ids).size, 2_000);
  assert.deepEqual(ids.toSorted(), ids);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
