import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnalysedDocument, AnalysisStore } from '../../../src/extension/analysis/analysisStore.ts';
import type { Annotation } from '../../../src/extension/analysis/annotation.ts';

/** A document that can be edited, and a store whose analyses and timers the test lets go by hand. */
function scene() {
  const waiting: { finish: (annotations: Annotation[]) => void; fail: (error: Error) => void }[] = [];
  const timers: { run: () => void; delayMs: number; stopped: boolean }[] = [];
  const changed: string[] = [];
  const problems: unknown[] = [];
  const store = new AnalysisStore<AnalysedDocument>({
    analyse: () =>
      new Promise((done, fail) => {
        waiting.push({ finish: (annotations) => done({ findings: [], annotations }), fail });
      }),
    idleMs: 300,
    maxDocuments: 2,
    startTimer: (run, delayMs) => {
      const timer = { run, delayMs, stopped: false };
      timers.push(timer);
      return { dispose: () => (timer.stopped = true) };
    },
    onChange: ({ key }) => changed.push(key),
    onProblem: (error) => problems.push(error),
  });
  return { store, waiting, timers, changed, problems };
}

function documentOf(key: string): AnalysedDocument & { version: number } {
  return { key, version: 1 };
}

const model = (start: number, end: number): Annotation => ({
  kind: 'model',
  span: { start, end },
  finding: { kind: 'const', span: { start, end }, text: 'm' },
  model: { name: 'm', lookup: { kind: 'unknown', id: 'm' } },
});

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test('an analysis is kept for its version and asked for once', async () => {
  const { store, waiting, changed } = scene();
  const document = documentOf('a');
  const both = [store.current(document), store.current(document)];
  await turn();
  assert.equal(waiting.length, 1);
  waiting[0]?.finish([model(0, 4)]);
  const [first, second] = await Promise.all(both);
  assert.equal(first, second);
  assert.equal(first?.version, 1);
  assert.equal(await store.current(document), first);
  assert.equal(waiting.length, 1);
  assert.deepEqual(changed, ['a']);
});

test('while the user types the last good annotations stay and move along', async () => {
  const { store, waiting, timers } = scene();
  const document = documentOf('a');
  const first = store.current(document);
  await turn();
  waiting[0]?.finish([model(10, 14)]);
  await first;
  document.version = 2;
  store.edit(document, [{ start: 0, length: 0, inserted: 3 }], true);
  document.version = 3;
  store.edit(document, [{ start: 0, length: 1, inserted: 0 }], true);
  assert.deepEqual(
    store.peek('a')?.map(({ span }) => span),
    [{ start: 12, end: 16 }],
  );
  assert.equal(waiting.length, 1);
  assert.deepEqual(
    timers.map(({ delayMs, stopped }) => ({ delayMs, stopped })),
    [
      { delayMs: 300, stopped: true },
      { delayMs: 300, stopped: false },
    ],
  );
  timers[1]?.run();
  await turn();
  waiting[1]?.finish([]);
  await turn();
  assert.deepEqual(store.peek('a'), []);
});

test('an analysis of a version that the user has typed past is ignored', async () => {
  const { store, waiting, changed } = scene();
  const document = documentOf('a');
  const late = store.current(document);
  await turn();
  document.version = 2;
  store.edit(document, [{ start: 0, length: 0, inserted: 1 }], true);
  waiting[0]?.finish([model(0, 4)]);
  assert.equal(await late, undefined);
  assert.equal(store.peek('a'), undefined);
  assert.deepEqual(changed, []);
});

test('an analysis from before an invalidation is ignored, and what was shown stays until the next', async () => {
  const { store, waiting } = scene();
  const document = documentOf('a');
  const first = store.current(document);
  await turn();
  waiting[0]?.finish([model(0, 4)]);
  await first;
  store.invalidate();
  const early = store.current(document);
  await turn();
  store.invalidate();
  waiting[1]?.finish([model(1, 2)]);
  assert.equal(await early, undefined);
  assert.deepEqual(store.peek('a')?.[0]?.span, { start: 0, end: 4 });
});

test('a failed analysis is told and leaves the last good one', async () => {
  const { store, waiting, problems } = scene();
  const document = documentOf('a');
  const first = store.current(document);
  await turn();
  waiting[0]?.finish([model(0, 4)]);
  await first;
  document.version = 2;
  const second = store.current(document);
  await turn();
  waiting[1]?.fail(new Error('worker gone'));
  assert.equal(await second, undefined);
  assert.match(String(problems[0]), /worker gone/);
  assert.equal(store.peek('a')?.length, 1);
});

test('no more documents are kept than the limit, and none after forget', async () => {
  const { store, waiting } = scene();
  for (const key of ['a', 'b', 'c']) {
    const analysis = store.current(documentOf(key));
    await turn();
    waiting.at(-1)?.finish([]);
    await analysis;
  }
  assert.equal(store.peek('a'), undefined);
  assert.deepEqual(store.peek('c'), []);
  store.forget('c');
  assert.equal(store.peek('c'), undefined);
});

test('a forgotten or disposed document runs no timer and takes no late result', async () => {
  const { store, waiting, timers, changed } = scene();
  const document = documentOf('a');
  store.edit(document, [], true);
  const running = store.current(documentOf('b'));
  await turn();
  store.dispose();
  waiting[0]?.finish([]);
  assert.equal(await running, undefined);
  assert.equal(timers[0]?.stopped, true);
  assert.deepEqual(changed, []);
});
