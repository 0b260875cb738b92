import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message } from '../../../src/advice/advice.ts';
import { AdviceStore } from '../../../src/extension/advice/adviceStore.ts';

test('advice is found again by rule and place, on the version it was given on and on no other', () => {
  const store = new AdviceStore();
  const advice = { rule: 'retry-storm', span: { start: 3, end: 9 }, message: message('…'), fixes: [] } as const;
  store.set('a', 4, [advice]);
  assert.equal(store.find('a', 4, 'retry-storm', 3), advice);
  assert.equal(store.find('a', 5, 'retry-storm', 3), undefined);
  assert.equal(store.find('a', 4, 'retry-storm', 4), undefined);
  assert.equal(store.find('a', 4, 'batchable-loop', 3), undefined);
  assert.deepEqual([store.has('a', 4), store.has('a', 5), store.has('b', 4)], [true, false, false]);
  store.forget('a');
  assert.equal(store.has('a', 4), false);
  store.set('b', 1, [advice]);
  store.expire();
  assert.equal(store.has('b', 1), false);
  assert.equal(store.find('b', 1, 'retry-storm', 3), advice, 'what is still on screen keeps its fixes');
  store.set('b', 1, []);
  assert.equal(store.find('b', 1, 'retry-storm', 3), undefined);
  assert.equal(store.has('b', 1), true);
});
