import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createExactCounts } from '../../../src/tokens/exactCounts.ts';

test('counts are remembered by model and text, over sessions, without the text', async () => {
  let saved: unknown;
  const save = async (entries: unknown): Promise<void> => {
    saved = JSON.parse(JSON.stringify(entries));
  };
  const first = createExactCounts({ load: () => undefined, save });
  assert.equal(first.get('anthropic/m', 'secret prompt'), undefined);
  await first.set('anthropic/m', 'secret prompt', 12);
  assert.equal(first.get('anthropic/m', 'secret prompt'), 12);
  assert.equal(first.get('anthropic/other', 'secret prompt'), undefined);
  assert.equal(JSON.stringify(saved).includes('secret'), false);
  const second = createExactCounts({ load: () => saved, save });
  assert.equal(second.get('anthropic/m', 'secret prompt'), 12);
  await second.set('anthropic/m', 'secret prompt', 13);
  assert.equal(second.get('anthropic/m', 'secret prompt'), 13);
});

test('the oldest are forgotten, and what is stored wrongly counts as nothing', async () => {
  let saved: readonly unknown[] = [];
  const counts = createExactCounts({
    load: () => [['a', 'b'], null, [1, 2], ['ok', 3]],
    save: async (entries) => {
      saved = entries;
    },
  });
  for (let n = 0; n < 2_005; n++) await counts.set('m', `text ${n}`, n);
  assert.equal(saved.length, 2_000);
});
