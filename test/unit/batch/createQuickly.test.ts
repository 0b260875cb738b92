import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQuickly } from '../../../src/batch/createQuickly.ts';

/** A clock that the operations move, and turns that end when the test says. */
function world() {
  let nowMs = 0;
  let waiting: (() => void)[] = [];
  const quickly = createQuickly({ now: () => nowMs, afterTurn: (run) => waiting.push(run) });
  return {
    take: (ms: number) =>
      quickly(
        () => {
          nowMs += ms;
          return 'here';
        },
        async () => 'elsewhere',
      ),
    pass: (ms: number) => {
      nowMs += ms;
    },
    endTurn: () => {
      const due = waiting;
      waiting = [];
      for (const run of due) run();
    },
  };
}

test('what is quick is done here, and lets others have their turn after some milliseconds', async () => {
  const { take, endTurn } = world();
  for (let round = 0; round < 4; round += 1) assert.equal(await take(1), 'here');
  let isDone = false;
  const fifth = take(1).then((where) => {
    isDone = true;
    return where;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isDone, false);
  endTurn();
  assert.equal(await fifth, 'here');
});

test('a slow disk is left to the pool for a while; one slow operation is no slow disk', async () => {
  const { take, endTurn, pass } = world();
  const inNewTurn = (ms: number): Promise<string> => {
    endTurn();
    return take(ms);
  };
  for (const ms of [20, 20, 1, 20, 20, 20]) assert.equal(await inNewTurn(ms), 'here');
  assert.equal(await inNewTurn(1), 'elsewhere');
  pass(499);
  assert.equal(await inNewTurn(1), 'elsewhere');
  pass(1);
  assert.equal(await inNewTurn(1), 'here');
});

test('an error of either is the error of the operation', async () => {
  const quickly = createQuickly({ now: () => 0, afterTurn: () => undefined });
  const fail = (): never => {
    throw new Error('gone');
  };
  await assert.rejects(
    quickly(fail, async () => 1),
    /gone/,
  );
});
