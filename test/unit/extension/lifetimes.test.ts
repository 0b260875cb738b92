import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DisposableStore } from '../../../src/extension/disposables.ts';
import type { Log } from '../../../src/extension/log.ts';
import { startContributions } from '../../../src/extension/startContributions.ts';

const problems: unknown[] = [];
const store = (): DisposableStore => new DisposableStore((error) => problems.push(error));
const quiet = (lines: string[]): Log => {
  const line = (message: string | Error): void => {
    lines.push(String(message));
  };
  return { trace: line, debug: line, info: line, warn: line, error: line };
};

test('what was added last ends first, and one that fails does not keep the others', async () => {
  const disposables = store();
  const ended: string[] = [];
  disposables.add({ dispose: () => ended.push('first') });
  disposables.add({
    dispose: () => {
      throw new Error('stuck');
    },
  });
  disposables.add({ dispose: async () => ended.push('last') });
  problems.length = 0;
  await disposables.dispose();
  assert.deepEqual(ended, ['last', 'first']);
  assert.deepEqual(problems.map(String), ['Error: stuck']);
  await disposables.dispose();
  assert.deepEqual(ended, ['last', 'first']);
});

test('what is added after the end is ended at once', async () => {
  const disposables = store();
  await disposables.dispose();
  let ended = 0;
  disposables.add({ dispose: () => ended++ });
  assert.equal(ended, 1);
  assert.equal(disposables.isDisposed, true);
});

test('a part that fails is named, and the others start', async () => {
  const disposables = store();
  const lines: string[] = [];
  const ended: string[] = [];
  const part = (name: string) => ({ name, start: () => ({ dispose: () => ended.push(name) }) });
  const broken = {
    name: 'broken',
    start: () => {
      throw new Error('no such thing');
    },
  };
  const failed = startContributions([part('a'), broken, part('b')], disposables, quiet(lines));
  assert.deepEqual(failed, ['broken']);
  assert.deepEqual(lines, ['broken could not start']);
  await disposables.dispose();
  assert.deepEqual(ended, ['b', 'a']);
});
