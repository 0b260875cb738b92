import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { nodeDisk } from '../../../src/batch/nodeDisk.ts';
import { createLedger } from '../../../src/ledger/createLedger.ts';
import { type BatchHarness, createBatchHarness, workspaceId } from '../../support/batchHarness.ts';
import { countedDeps, type Observer } from '../../support/countedDeps.ts';
import { chatAnswer, type ScriptedBatchServer, startScriptedBatchServer } from '../../support/scriptedBatchServer.ts';
import { soakRounds } from '../../support/soak.ts';

/** One job of two prompts and a set of two, one of which fails. */
async function submitMixed(harness: BatchHarness): Promise<string> {
  const row = (id: string): string =>
    JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body: { messages: [] } });
  const paths = [
    harness.file('a.md', 'Say one.'),
    harness.file('b.md', 'Say two.'),
    harness.file('set.jsonl', `${row('x y')}\n${row('bad')}\n`),
  ];
  const plan = await harness.runner.plan({
    workspaceId,
    promptPaths: paths,
    defaultModel: 'gpt-4o-mini',
    keepDuplicates: true,
  });
  const [job] = await harness.runner.submit(plan.id);
  if (job === undefined) throw new Error('nothing planned');
  return job.id;
}

async function startServer(): Promise<ScriptedBatchServer> {
  return startScriptedBatchServer({
    statuses: ['in_progress', 'completed'],
    result: (line) =>
      line.custom_id === 'bad' ? { status: 400, body: { error: { message: 'no' } } } : chatAnswer(line),
  });
}

function assertWhole(server: ScriptedBatchServer, harness: BatchHarness, jobId: string): void {
  const job = harness.job(jobId);
  assert.equal(server.batches.length, 1, 'one batch at the provider');
  assert.deepEqual(
    job.items.map(({ id, state, costPicoUsd }) => [id, state, costPicoUsd]),
    [
      ['a', 'succeeded', 2_250_000],
      ['b', 'succeeded', 2_250_000],
      ['x-y', 'succeeded', 2_250_000],
      ['bad', 'failed', undefined],
    ],
  );
  assert.deepEqual(
    harness
      .calls()
      .map(({ call, attempts }) => [call.id, attempts.length])
      .sort(),
    ['a', 'b', 'bad', 'x-y'].map((id) => [`batch:${jobId}:${id}`, 1]),
  );
  const spend = harness.ledger.spend({ workspaceId, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, lastCalls: 0 });
  assert.equal(spend.totals.costPicoUsd, String(3 * 2_250_000));
  assert.match(harness.read('a.result.md'), /\nanswer to a\n$/);
  assert.match(harness.read('b.result.md'), /\nanswer to b\n$/);
  assert.deepEqual(
    harness
      .read('set.results.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).custom_id),
    ['x y', 'bad'],
  );
  assert.deepEqual(
    readdirSync(harness.folder)
      .filter((name) => /result/.test(name))
      .sort(),
    ['a.result.md', 'b.result.md', 'set.results.jsonl'],
  );
  assert.deepEqual(readdirSync(harness.dataFolder), []);
}

/** What never comes back while the test runs, and lets go of its timers when it ends. */
function createStandStill(): { readonly promise: Promise<never>; readonly end: () => void } {
  let end = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    end = () => reject(new Error('the process is gone'));
  });
  promise.catch(() => undefined);
  return { promise, end: () => end() };
}

/** Runs a job whose first runner stops for ever at one point, as if its process were gone, and a second one after it. */
async function runStopping(stopAt: number): Promise<readonly string[]> {
  const server = await startServer();
  const events: string[] = [];
  let isWatching = false;
  const standStill = createStandStill();
  let stopped: () => void = () => undefined;
  const stop = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const observe: Observer = (event) => {
    // The ledger is written in one go with the items: only a killed process stops there (see kill.test.ts).
    if (!isWatching || / (?:record|flush)$/.test(event)) return undefined;
    events.push(event);
    if (events.length < stopAt) return undefined;
    stopped();
    return standStill.promise;
  };
  const harness = createBatchHarness({ baseUrl: server.baseUrl });
  const runners = [harness.runner];
  try {
    // Rows that were not flushed go with the process.
    const dying = createLedger({
      store: harness.store,
      onProblem: ({ error }) => {
        throw error;
      },
      setTimer: () => setTimeout(() => undefined, 0),
    });
    const deps = { disk: nodeDisk(() => `t${events.length}`), fetchFor: () => fetch, ledger: dying };
    harness.restart(countedDeps(deps, observe));
    runners.push(harness.runner);
    isWatching = true;
    const id = await submitMixed(harness);
    await Promise.race([stop, harness.end(id)]);
    if (events.length >= stopAt) harness.restart();
    await harness.end(id);
    assertWhole(server, harness, id);
    return events;
  } catch (error) {
    throw new Error(`stopped ${events.at(-1)} (${stopAt})`, { cause: error });
  } finally {
    const ends = runners.map((runner) => runner.stop());
    standStill.end();
    await Promise.all(ends);
    await harness.dispose();
    await server.stop();
  }
}

test('a runner that stops anywhere leaves one batch, every result, and each ledger row once', async () => {
  const events = await runStopping(Number.POSITIVE_INFINITY);
  for (const expected of [
    'before POST /v1/files',
    'after POST /v1/batches',
    'after GET /v1/files/file-ID/content',
    'before replace',
  ])
    assert.ok(events.includes(expected), `${expected} in ${events.join()}`);
  // The first ones belong to the plan: a crash there leaves no job. Each kind of event once; all of them in the soak.
  const first = events.indexOf('before blob');
  for (const [index, event] of events.entries()) {
    const isNew = events.indexOf(event) === index;
    if (index >= first && (isNew || soakRounds(1) > 1)) await runStopping(index + 1);
  }
});

test('a crash while planning leaves nothing for long', async () => {
  const server = await startServer();
  const harness = createBatchHarness({ baseUrl: server.baseUrl });
  const standStill = createStandStill();
  let planning: Promise<void> | undefined;
  try {
    const observe: Observer = (event) => (event === 'after create' ? standStill.promise : undefined);
    harness.restart(countedDeps({ disk: nodeDisk(() => 'x'), fetchFor: () => fetch, ledger: harness.ledger }, observe));
    planning = assert.rejects(submitMixed(harness), { message: 'the process is gone' });
    await harness.settle(() => existsSync(harness.dataFolder) && readdirSync(harness.dataFolder).length === 1);
    harness.restart();
    await harness.settle(() => readdirSync(harness.dataFolder).length === 0);
    assert.deepEqual(server.requests, []);
  } finally {
    standStill.end();
    await planning;
    await harness.dispose();
    await server.stop();
  }
});
