import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { BatchPlan } from '../../../src/batch/job.ts';
import { type BatchHarness, createBatchHarness, type HarnessOptions, workspaceId } from '../../support/batchHarness.ts';
import {
  chatAnswer,
  expiredError,
  type Script,
  type ScriptedBatchServer,
  startScriptedBatchServer,
} from '../../support/scriptedBatchServer.ts';

async function withServer(
  script: Partial<Script>,
  run: (harness: BatchHarness, server: ScriptedBatchServer) => Promise<void>,
  deps: HarnessOptions['deps'] = {},
): Promise<void> {
  const server = await startScriptedBatchServer({ statuses: ['completed'], ...script });
  const harness = createBatchHarness({ baseUrl: server.baseUrl, deps });
  try {
    await run(harness, server);
  } finally {
    await harness.dispose();
    await server.stop();
  }
}

const planOf = (harness: BatchHarness, ...promptPaths: string[]): Promise<BatchPlan> =>
  harness.runner.plan({ workspaceId, promptPaths, defaultModel: 'gpt-4o-mini' });

async function send(harness: BatchHarness, plan: BatchPlan): Promise<string> {
  const [job] = await harness.runner.submit(plan.id);
  await harness.end(job?.id ?? '');
  return job?.id ?? '';
}

const row = (id: string, content = id): string =>
  JSON.stringify({
    custom_id: id,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { messages: [{ role: 'user', content }] },
  });

const sentIn = (server: ScriptedBatchServer, batch: number): string[] =>
  (server.files.get(server.batches[batch]?.inputFileId ?? '') ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).custom_id);

const rowsOf = (
  harness: BatchHarness,
  name: string,
): { custom_id: string; tollgate: { state: string; job: string } }[] =>
  harness
    .read(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('what is asked twice is sent and paid once, and answered twice', () =>
  withServer({}, async (harness, server) => {
    const a = harness.file('a.md', 'Same.');
    const b = harness.file('b.md', 'Same.');
    const set = harness.file('set.jsonl', [row('x', 'Same too.'), row('y', 'Same too.'), row('z')].join('\n'));
    const plan = await planOf(harness, a, b, set);
    assert.deepEqual(
      plan.jobs.map(({ itemCount, duplicates }) => [itemCount, duplicates]),
      [[5, 2]],
    );
    const job = harness.job(await send(harness, plan));
    assert.deepEqual(sentIn(server, 0), ['a', 'x', 'z']);
    assert.deepEqual(
      job.items.map(({ id, state, copyOf, costStatus }) => [id, state, copyOf, costStatus]),
      [
        ['a', 'succeeded', undefined, 'exact'],
        ['b', 'succeeded', 'a', 'notBilled'],
        ['x', 'succeeded', undefined, 'exact'],
        ['y', 'succeeded', 'x', 'notBilled'],
        ['z', 'succeeded', undefined, 'exact'],
      ],
    );
    assert.deepEqual([job.totals.items, job.totals.copies, job.totals.picoUsd], [5, 2, String(3 * 2_250_000)]);
    assert.match(harness.read('b.result.md'), /cost: not billed \(the answer to the same request of a\.md\)/);
    assert.match(harness.read('b.result.md'), /\nanswer to a\n$/);
    assert.deepEqual(
      rowsOf(harness, 'set.results.jsonl').map((line) => line.custom_id),
      ['x', 'y', 'z'],
    );
    assert.equal(harness.calls().length, 3);
  }));

test('a copy shares the failure of its original', () =>
  withServer({ result: () => ({ error: expiredError }) }, async (harness) => {
    const plan = await planOf(harness, harness.file('a.md', 'Same.'), harness.file('b.md', 'Same.'));
    const job = harness.job(await send(harness, plan));
    assert.deepEqual(
      job.items.map(({ state }) => state),
      ['expired', 'expired'],
    );
  }));

test('answered before: not sent again while its result is as it was written, and on demand', () =>
  withServer({}, async (harness) => {
    const a = harness.file('a.md', 'Say one.');
    await send(harness, await planOf(harness, a));
    const again = await planOf(harness, a);
    assert.deepEqual(again.jobs, []);
    assert.deepEqual(again.answered, [{ promptPath: a, resultPath: a.replace('.md', '.result.md'), requests: 1 }]);
    await assert.rejects(harness.runner.submit(again.id), { reason: 'emptyPlan' });
    const kept = await harness.runner.plan({
      workspaceId,
      promptPaths: [a],
      defaultModel: 'gpt-4o-mini',
      keepDuplicates: true,
    });
    assert.equal(kept.jobs[0]?.itemCount, 1);
    writeFileSync(a.replace('.md', '.result.md'), 'edited');
    assert.equal((await planOf(harness, a)).jobs.length, 1);
    rmSync(a.replace('.md', '.result.md'));
    assert.equal((await planOf(harness, a)).jobs.length, 1);
    writeFileSync(a, 'Say two.');
    assert.equal((await planOf(harness, a)).jobs.length, 1);
  }));

test('a set that grew: only the new lines are sent, and its results are whole', () =>
  withServer({}, async (harness, server) => {
    const set = harness.file('set.jsonl', [row('x'), row('y')].join('\n'));
    const first = await send(harness, await planOf(harness, set));
    harness.file('set.jsonl', [row('w'), row('x'), row('y')].join('\n'));
    const plan = await planOf(harness, set);
    assert.deepEqual([plan.jobs[0]?.itemCount, plan.answered[0]?.requests], [1, 2]);
    const second = await send(harness, plan);
    assert.deepEqual(sentIn(server, 1), ['w']);
    assert.deepEqual(
      rowsOf(harness, 'set.results.jsonl').map(({ custom_id, tollgate }) => [custom_id, tollgate.job]),
      [
        ['w', second],
        ['x', first],
        ['y', first],
      ],
    );
    assert.deepEqual([harness.job(second).totals.items, harness.job(second).items.length], [1, 1]);
    assert.deepEqual((await planOf(harness, set)).jobs, []);
  }));

test('resubmitting sends what has no answer, and nothing else', () => {
  let isFirst = true;
  return withServer(
    {
      result: (line) => {
        if (isFirst && line.custom_id === 'late') return { error: expiredError };
        if (isFirst && line.custom_id === 'b') return { status: 400, body: { error: { message: 'no' } } };
        return chatAnswer(line);
      },
    },
    async (harness, server) => {
      const set = harness.file('set.jsonl', [row('fine'), row('late'), row('other')].join('\n'));
      const prompts = ['a', 'b'].map((name) => harness.file(`${name}.md`, `Say ${name}.`));
      const first = await send(harness, await planOf(harness, ...prompts, set));
      isFirst = false;
      harness.file('set.jsonl', [row('fine'), row('late'), row('other'), row('new')].join('\n'));
      const plan = await harness.runner.planAgain(first);
      const second = await send(harness, plan);
      assert.deepEqual(sentIn(server, 1), ['b', 'late']);
      assert.deepEqual(
        rowsOf(harness, 'set.results.jsonl').map(({ custom_id, tollgate }) => [
          custom_id,
          tollgate.state,
          tollgate.job,
        ]),
        [
          ['fine', 'succeeded', first],
          ['late', 'succeeded', second],
          ['other', 'succeeded', first],
        ],
      );
      assert.match(harness.read('b.result.md'), /answer to b/);
      await assert.rejects(harness.runner.planAgain(second), { reason: 'nothingToRepeat' });
    },
  );
});

test('limits are told of the money once, however often a job is collected', () => {
  const booked: [string, bigint][] = [];
  return withServer(
    {},
    async (harness) => {
      const id = await send(harness, await planOf(harness, harness.file('a.md', 'x'), harness.file('b.md', 'y')));
      rmSync(`${harness.folder}/a.result.md`);
      await harness.runner.collect(id);
      await harness.end(id);
      assert.match(harness.read('a.result.md'), /answer to a/);
      assert.deepEqual(booked, [[workspaceId, 4_500_000n]]);
    },
    { book: (id, picoUsd) => booked.push([id, picoUsd]) },
  );
});

test('results that wait at the provider for weeks are told of once', () => {
  let nowMs = Date.now();
  const told: number[] = [];
  return withServer(
    { faults: [{ on: /content$/, times: 1e9, effect: { status: 500, body: {} } }] },
    async (harness) => {
      const [job] = await harness.submit(harness.file('a.md', 'x'));
      await harness.until(job?.id ?? '', ({ problem }) => problem !== undefined);
      assert.deepEqual(told, []);
      const endedAtMs = harness.job(job?.id ?? '').endedAtMs ?? 0;
      nowMs += 26 * 24 * 3_600_000;
      const warned = await harness.until(job?.id ?? '', ({ notes }) => notes !== undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.deepEqual(told, [endedAtMs + 30 * 24 * 3_600_000]);
      assert.match(warned.notes?.join() ?? '', /deletes the results of this job on \d{4}-/);
    },
    {
      onExpiring: (_, untilMs) => told.push(untilMs),
      clock: {
        now: () => nowMs,
        startTimer: (ms, fire) => {
          const timer = setTimeout(fire, ms);
          return () => clearTimeout(timer);
        },
      },
    },
  );
});

test('jobs beyond a known queue limit wait for those before them', () =>
  withServer({ statuses: ['in_progress'] }, async (harness, server) => {
    const long = 'x'.repeat(400);
    const paths = [1, 2, 3].map((index) => harness.file(`${index}.md`, `${index}${long}`));
    harness.store.database
      .prepare('INSERT INTO batch_queue_limit (base_url, model, tokens, told_at_ms) VALUES (?, ?, ?, 0)')
      .run(server.baseUrl, 'gpt-4o-mini', 1000);
    const jobs = await harness.submit(...paths);
    assert.equal(jobs.length, 2);
    await harness.settle(() =>
      harness.runner.jobs(workspaceId).some(({ problem }) => /with this job's there would be more/.test(problem ?? '')),
    );
    await harness.settle(() => server.batches.length > 0);
    // Time for several more looks.
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(server.batches.length, 1);
    server.script.statuses = ['completed'];
    await Promise.all(jobs.map(({ id }) => harness.end(id)));
    assert.equal(server.batches.length, 2);
  }));

test('a queue limit that the provider told once splits the next plans', () =>
  withServer(
    {
      statuses: ['failed'],
      errors: [
        {
          code: 'token_limit_exceeded',
          message: 'Enqueued token limit reached for gpt-4o-mini in organization org-1. Limit: 1,000 enqueued tokens.',
        },
      ],
    },
    async (harness) => {
      const long = 'x'.repeat(400);
      const paths = [1, 2, 3].map((index) => harness.file(`${index}.md`, `${index}${long}`));
      assert.equal((await planOf(harness, ...paths)).jobs.length, 1);
      const [job] = await harness.submit(...paths);
      await harness.until(job?.id ?? '', ({ problem }) => /queue .* is full/.test(problem ?? ''));
      const plan = await planOf(harness, ...paths);
      assert.deepEqual(
        plan.jobs.map(({ itemCount, queueLimitTokens }) => [itemCount, queueLimitTokens]),
        [
          [2, 1000],
          [1, 1000],
        ],
      );
    },
  ));
