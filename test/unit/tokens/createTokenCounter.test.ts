import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { createTokenCounter } from '../../../src/tokens/createTokenCounter.ts';
import { TokenCounterClosed, TokenWorkerFailed } from '../../../src/tokens/errors.ts';
import { spawnTokenWorker } from '../../../src/tokens/spawnTokenWorker.ts';
import type { CountReply, CountRequest, TokenWorker } from '../../../src/tokens/tokenWorker.ts';

const workerPath = resolve(import.meta.dirname, '../../../src/tokens/worker.ts');

/** A worker that counts characters, or ends, as the test says. */
function createFakes(
  behaviour: (request: CountRequest, worker: number) => 'answer' | 'end' | 'fail' | 'keep' | 'short',
) {
  const requests: CountRequest[] = [];
  const held: boolean[] = [];
  let spawned = 0;
  let terminated = 0;
  const spawnWorker = (): TokenWorker => {
    const number = ++spawned;
    let reply: (reply: CountReply) => void = () => assert.fail('no listener');
    let end: (reason: string) => void = () => assert.fail('no listener');
    return {
      send: (request) => {
        requests.push(request);
        const { id, texts } = request;
        const what = behaviour(request, number);
        queueMicrotask(() => {
          if (what === 'answer') reply({ id, counts: texts.map((text) => text.length) });
          if (what === 'short') reply({ id, counts: [] });
          if (what === 'fail') reply({ id, failure: 'no vocabulary' });
          if (what === 'end') end('it crashed');
        });
      },
      onReply: (listener) => {
        reply = listener;
      },
      onEnd: (listener) => {
        end = listener;
      },
      hold: (value) => {
        held.push(value);
      },
      terminate: async () => {
        terminated++;
      },
    };
  };
  return { spawnWorker, requests, held, spawned: () => spawned, terminated: () => terminated };
}

test('no worker before the first text, one message for all that is missing, none for what is known', async () => {
  const fakes = createFakes(() => 'answer');
  const counter = createTokenCounter(fakes);
  assert.equal(fakes.spawned(), 0);
  assert.deepEqual(await counter.count([], 'o200k'), []);
  assert.equal(fakes.spawned(), 0);
  assert.equal(counter.peek('abc', 'o200k'), undefined);
  assert.deepEqual(await counter.count(['abc', 'de', 'abc'], 'o200k'), [
    { basis: 'exact', tokens: 3 },
    { basis: 'exact', tokens: 2 },
    { basis: 'exact', tokens: 3 },
  ]);
  assert.deepEqual(
    fakes.requests.map(({ texts }) => texts),
    [['abc', 'de']],
  );
  assert.deepEqual(counter.peek('abc', 'o200k'), { basis: 'exact', tokens: 3 });
  assert.deepEqual(
    (await counter.count(['de', 'f'], 'claude-3')).map(({ basis }) => basis),
    ['estimated', 'estimated'],
  );
  assert.deepEqual(fakes.requests[1]?.texts, ['f'], 'another family of the same encoding is not counted again');
  assert.equal(counter.peek('abc', 'cl100k'), undefined, 'another encoding is');
  assert.equal(fakes.held.at(-1), false, 'the idle worker does not keep the process alive');
  await counter.dispose();
});

test('a text asked for twice at once is counted once', async () => {
  const fakes = createFakes(() => 'answer');
  const counter = createTokenCounter(fakes);
  const [a, b] = await Promise.all([counter.count(['abc'], 'o200k'), counter.count(['abc'], 'o200k')]);
  assert.deepEqual(a, b);
  assert.equal(fakes.requests.length, 1);
  await counter.dispose();
});

test('what is remembered is bounded', async () => {
  const fakes = createFakes(() => 'answer');
  const counter = createTokenCounter({ ...fakes, maxEntries: 2 });
  const counts = await counter.count(['a', 'bb', 'ccc', 'dddd'], 'o200k');
  assert.deepEqual(
    counts.map(({ tokens }) => tokens),
    [1, 2, 3, 4],
  );
  assert.equal(counter.peek('a', 'o200k'), undefined);
  assert.deepEqual(counter.peek('dddd', 'o200k'), { basis: 'exact', tokens: 4 });
  await counter.dispose();
});

test('a worker that ends is started once more and asked again', async () => {
  const fakes = createFakes((_, worker) => (worker === 1 ? 'end' : 'answer'));
  const counter = createTokenCounter(fakes);
  assert.deepEqual(await counter.count(['abc'], 'o200k'), [{ basis: 'exact', tokens: 3 }]);
  assert.equal(fakes.spawned(), 2);
  await counter.dispose();
});

test('a worker that ends again rejects what was asked; the next text starts afresh', async () => {
  const fakes = createFakes((request) => (request.texts.includes('poison') ? 'end' : 'answer'));
  const counter = createTokenCounter(fakes);
  await assert.rejects(counter.count(['poison'], 'o200k'), TokenWorkerFailed);
  assert.equal(fakes.spawned(), 2);
  assert.deepEqual(await counter.count(['abc'], 'o200k'), [{ basis: 'exact', tokens: 3 }]);
  await assert.rejects(counter.count(['poison'], 'o200k'), TokenWorkerFailed);
  await counter.dispose();
});

test('a failure that the worker reports, and an answer that does not fit, reject', async () => {
  for (const what of ['fail', 'short'] as const) {
    const counter = createTokenCounter(createFakes(() => what));
    await assert.rejects(counter.count(['abc'], 'o200k'), TokenWorkerFailed);
    assert.equal(counter.peek('abc', 'o200k'), undefined);
    await counter.dispose();
  }
});

test('after dispose, everything rejects and the worker is gone', async () => {
  const fakes = createFakes(() => 'keep');
  const counter = createTokenCounter(fakes);
  const waiting = assert.rejects(counter.count(['abc'], 'o200k'), TokenCounterClosed);
  await new Promise((resolved) => setImmediate(resolved));
  await counter.dispose();
  await waiting;
  await assert.rejects(counter.count(['abc'], 'o200k'), TokenCounterClosed);
  assert.equal(fakes.terminated(), 1);
  await counter.dispose();
  assert.equal(fakes.terminated(), 1);
});

test('the real worker counts both encodings, and ends on dispose', async () => {
  const counter = createTokenCounter({ spawnWorker: () => spawnTokenWorker(workerPath) });
  const text = 'hello world';
  const [o200k, cl100k, claude, unknown] = await Promise.all(
    ['o200k', 'cl100k', 'claude-3', undefined].map((family) => counter.count([text, ''], family)),
  );
  assert.deepEqual(o200k, [
    { basis: 'exact', tokens: 2 },
    { basis: 'exact', tokens: 0 },
  ]);
  assert.deepEqual(cl100k?.[0], { basis: 'exact', tokens: 2 });
  assert.equal(claude?.[0]?.basis, 'estimated');
  assert.equal(unknown?.[0]?.tokens, 2);
  await counter.dispose();
});

test('a missing worker file is a typed failure', async () => {
  const counter = createTokenCounter({ spawnWorker: () => spawnTokenWorker(`${workerPath}.missing.js`) });
  await assert.rejects(counter.count(['abc'], 'o200k'), TokenWorkerFailed);
  await counter.dispose();
});
