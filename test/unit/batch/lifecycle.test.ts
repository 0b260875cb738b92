import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Job } from '../../../src/batch/job.ts';
import { type BatchHarness, batchConfig, createBatchHarness, type HarnessOptions } from '../../support/batchHarness.ts';
import {
  chatAnswer,
  expiredError,
  type RequestLine,
  type Script,
  type ScriptedBatchServer,
  type ScriptedResult,
  startScriptedBatchServer,
} from '../../support/scriptedBatchServer.ts';

async function withServer(
  changes: Partial<Script>,
  run: (server: ScriptedBatchServer, harness: BatchHarness) => Promise<void>,
  options: Partial<HarnessOptions> = {},
): Promise<void> {
  const server = await startScriptedBatchServer(changes);
  const harness = createBatchHarness({ baseUrl: server.baseUrl, ...options });
  try {
    await run(server, harness);
  } finally {
    await harness.dispose();
    await server.stop();
  }
}

async function submitOne(harness: BatchHarness, name = 'a.md', text = 'Say one.'): Promise<Job> {
  const [job] = await harness.submit(harness.file(name, text));
  if (job === undefined) throw new Error('no job');
  return job;
}

const states = (job: Job): object => Object.fromEntries(job.items.map(({ id, state }) => [id, state]));

/** gpt-4o-mini in a batch: $0.075 in and $0.30 out per million; 22 and 2 tokens an answer. */
const answerPicoUsd = 22 * 75_000 + 2 * 300_000;

test('prompts go and come back, with result files and ledger rows', () =>
  withServer({ order: (lines) => lines.toReversed() }, async (server, harness) => {
    const a = harness.file('a.md', 'Say one.');
    const b = harness.file('b.txt', '---\nmodel: cheap\nsystem: Be short.\n---\nSay two.');
    const [submitted] = await harness.submit(a, b);
    assert.ok(submitted);
    assert.equal(submitted.state, 'submitting');
    assert.equal(submitted.collected, false);
    const job = await harness.end(submitted.id);
    assert.equal(job.state, 'completed');
    assert.equal(job.problem, undefined);
    assert.deepEqual(job.counts, { total: 2, completed: 2, failed: 0 });
    assert.deepEqual(
      job.items.map(({ id, state, usage, costPicoUsd, costStatus }) => ({ id, state, usage, costPicoUsd, costStatus })),
      ['a', 'b'].map((id) => ({
        id,
        state: 'succeeded',
        usage: { input: 22, output: 2 },
        costPicoUsd: answerPicoUsd,
        costStatus: 'exact',
      })),
    );
    assert.equal(
      harness.read('a.result.md'),
      `---
prompt: a.md
model: openai/gpt-4o-mini
usage:
  input: 22
  output: 2
cost: $0.0000023 (0.00000225 USD)
priceId: openai/gpt-4o-mini@2026-09-22
serviceTier: batch
job: ${job.id}
date: ${new Date(job.endedAtMs ?? 0).toISOString()}
---

answer to a
`,
    );
    assert.match(harness.read('b.result.md'), /\nanswer to b\n$/);
    assert.deepEqual(server.batches[0]?.metadata, { tollgate_job: job.id });
    const rows = harness.calls().map(({ call, attempts }) => ({ call, attempt: attempts[0] }));
    assert.deepEqual(rows.map(({ call }) => call.id).sort(), [`batch:${job.id}:a`, `batch:${job.id}:b`]);
    for (const { call, attempt } of rows) {
      assert.equal(call.endpoint, 'batch');
      assert.equal(call.alias, call.modelRequested === 'cheap' ? 'cheap' : undefined);
      assert.equal(attempt?.serviceTier, 'batch');
      assert.equal(attempt?.costPicoUsd, answerPicoUsd);
      assert.equal(attempt?.usageRaw, '{"prompt_tokens":22,"completion_tokens":2,"total_tokens":24}');
    }
    assert.deepEqual(
      harness.ended.map(({ id, collected }) => ({ id, collected })),
      [{ id: job.id, collected: true }],
    );
    assert.deepEqual(readdirSync(harness.dataFolder), []);
  }));

test('a request set comes back as one file, in its own order and under its own ids', () =>
  withServer({ order: (lines) => lines.toReversed() }, async (_, harness) => {
    const row = (id: string, model: string): string =>
      JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body: { model, messages: [] } });
    const set = harness.file(
      'set.jsonl',
      [row('x 1', 'gpt-4o'), row('x-1', 'gpt-4o-mini'), row('y', 'gpt-4o')].join('\n'),
    );
    const jobs = await harness.submit(set);
    assert.equal(jobs.length, 2);
    for (const { id } of jobs) await harness.end(id);
    const lines = harness
      .read('set.results.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ custom_id, response, error, tollgate }) => [custom_id, response.body.model, error, tollgate]),
      [
        ['x 1', 'gpt-4o', null, 0],
        ['x-1', 'gpt-4o-mini', null, 1],
        ['y', 'gpt-4o', null, 0],
      ].map(([id, model, error, of]) => [
        id,
        model,
        error,
        {
          job: jobs[Number(of)]?.id,
          model: `openai/${model}`,
          state: 'succeeded',
          usage: { input: 22, output: 2 },
          costStatus: 'exact',
          costUsd: model === 'gpt-4o' ? '0.0000375' : '0.00000225',
        },
      ]),
    );
    assert.deepEqual(
      readdirSync(harness.folder)
        .filter((name) => name.startsWith('set') || name.startsWith('.set'))
        .sort(),
      ['set.jsonl', 'set.results.jsonl'],
    );
    assert.deepEqual(readdirSync(harness.dataFolder), []);
  }));

const mixed = (line: RequestLine): ScriptedResult => {
  if (line.custom_id === 'bad')
    return { status: 400, body: { error: { message: 'No such parameter.', code: 'unknown_parameter' } } };
  if (line.custom_id === 'late') return { error: expiredError };
  if (line.custom_id === 'gone') return undefined;
  return chatAnswer(line);
};

for (const outcome of ['completed', 'expired', 'cancelled'] as const)
  test(`${outcome}: both failure shapes, missing lines, and answers that were paid`, () =>
    withServer({ statuses: ['in_progress', outcome], result: mixed }, async (_, harness) => {
      const [submitted] = await harness.submit(
        ...['good', 'bad', 'late', 'gone'].map((name) => harness.file(`${name}.md`, name)),
      );
      const job = await harness.end(submitted?.id ?? '');
      assert.equal(job.state, outcome);
      assert.deepEqual(states(job), {
        good: 'succeeded',
        bad: 'failed',
        late: 'expired',
        gone: outcome === 'completed' ? 'missing' : outcome,
      });
      assert.equal(job.items[1]?.error, 'HTTP 400: No such parameter.');
      assert.match(harness.read('good.result.md'), /answer to good/);
      assert.equal(existsSync(join(harness.folder, 'bad.result.md')), false);
      const attempts = harness.calls().flatMap(({ attempts }) => attempts);
      assert.deepEqual(
        attempts
          .map(({ id, costStatus, costPicoUsd, status }) => ({ id, costStatus, costPicoUsd, status }))
          .sort((x, y) => x.status - y.status),
        [
          { id: `batch:${job.id}:good:0`, costStatus: 'exact', costPicoUsd: answerPicoUsd, status: 200 },
          { id: `batch:${job.id}:bad:0`, costStatus: 'notBilled', costPicoUsd: undefined, status: 400 },
        ],
      );
    }));

test('failed: the provider’s own codes and words, and nothing billed', () => {
  const errors = [
    { code: 'invalid_json_line', message: 'This line is not parseable.', param: null, line: 3 },
    { code: 'x', message: 'Y with key sk-1234567890abcdef.', param: null, line: null },
  ];
  return withServer({ statuses: ['failed'], errors }, async (_, harness) => {
    const job = await harness.end((await submitOne(harness)).id);
    assert.equal(job.state, 'failed');
    assert.equal(
      job.problem,
      '`openai` refused the input: line 3: This line is not parseable. (invalid_json_line); Y with key [key] (x). Nothing was run or billed. Correct it and submit again.',
    );
    assert.deepEqual(states(job), { a: 'failed' });
    assert.deepEqual(harness.calls(), []);
  });
});

test('a full queue is waited for, whether it comes as a failed batch or as an HTTP error', () =>
  withServer(
    {
      statuses: ['validating', 'failed'],
      errors: [
        {
          code: 'token_limit_exceeded',
          message: 'Enqueued token limit reached for gpt-4o-mini. Limit: 90,000 enqueued tokens.',
          line: null,
        },
      ],
      faults: [
        {
          on: /^POST \/v1\/batches$/,
          times: 1,
          effect: {
            status: 400,
            body: { error: { code: 'token_limit_exceeded', message: 'Enqueued token limit reached.' } },
          },
        },
      ],
    },
    async (server, harness) => {
      const { id } = await submitOne(harness);
      const waiting = await harness.until(
        id,
        ({ problem }) => problem?.includes('90,000') === true && server.batches.length >= 2,
      );
      assert.equal(waiting.collected, false);
      server.script.statuses = ['completed'];
      const job = await harness.end(id);
      assert.equal(job.state, 'completed');
      assert.equal(job.problem, undefined);
      assert.deepEqual(server.batches.filter(({ status }) => status === 'completed').length, 1);
      assert.equal(server.requests.filter((name) => name === 'POST /v1/files').length, 1);
      assert.equal(harness.calls().length, 1);
    },
  ));

test('a queue that stays full ends the job after a day, not before', () =>
  withServer(
    { statuses: ['failed'], errors: [{ code: 'token_limit_exceeded', message: 'Full.', line: null }] },
    async (_, harness) => {
      const job = await harness.end((await submitOne(harness)).id);
      assert.equal(job.state, 'failed');
      assert.match(job.problem ?? '', /was full for a day: Full\. Nothing was run or billed/);
    },
    { deps: { timing: { pollFloorMs: 2, queueRetryMs: 5, queueGiveUpMs: 60 } } },
  ));

test('errors while polling never end a job', () =>
  withServer({ statuses: ['in_progress'] }, async (server, harness) => {
    const { id } = await submitOne(harness);
    await harness.until(id, ({ providerBatchId }) => providerBatchId !== undefined);
    const on = /^GET \/v1\/batches\/batch_/;
    const body = { error: { message: 'try later' } };
    server.script.faults.push(
      { on, times: 2, effect: { status: 429, body, headers: { 'retry-after': '0' } } },
      { on, times: 2, effect: { status: 500, body } },
      { on, times: 2, effect: { status: 200, body: { error: 'not a batch' } } },
      { on, times: 2, effect: 'drop' },
      { on, times: 1, effect: { status: 400, body } },
      { on: /content$/, times: 2, effect: { status: 503, body } },
    );
    server.script.statuses = ['completed'];
    const job = await harness.end(id);
    assert.equal(job.state, 'completed');
    assert.equal(job.problem, undefined);
    assert.deepEqual(
      server.script.faults.map(({ times }) => times),
      [0, 0, 0, 0, 0, 0],
    );
    assert.equal(server.batches.length, 1);
  }));

test('uploading and creating survive faults with one batch', () =>
  withServer(
    {
      faults: [
        { on: /^POST \/v1\/files$/, times: 2, effect: { status: 500, body: {} } },
        { on: /^POST \/v1\/files$/, times: 1, effect: 'dropAfter' },
        { on: /^POST \/v1\/batches$/, times: 1, effect: { status: 429, body: {} } },
        { on: /^POST \/v1\/batches$/, times: 1, effect: 'drop' },
        { on: /^POST \/v1\/batches$/, times: 1, effect: { status: 500, body: {} } },
        { on: /^POST \/v1\/batches$/, times: 1, effect: 'dropAfter' },
        { on: /^GET \/v1\/batches$/, times: 1, effect: { status: 500, body: {} } },
      ],
    },
    async (server, harness) => {
      const job = await harness.end((await submitOne(harness)).id);
      assert.equal(job.state, 'completed');
      assert.equal(server.batches.length, 1);
      assert.equal(harness.calls().length, 1);
    },
  ));

test('a batch whose creation was not answered is found by its input file where metadata is not kept', () =>
  withServer(
    { forgetsMetadata: true, faults: [{ on: /^POST \/v1\/batches$/, times: 1, effect: 'dropAfter' }] },
    async (server, harness) => {
      const job = await harness.end((await submitOne(harness)).id);
      assert.equal(job.state, 'completed');
      assert.equal(server.batches.length, 1);
    },
  ));

test('where nothing can be listed, an unanswered creation is not repeated', () =>
  withServer(
    {
      faults: [
        { on: /^POST \/v1\/batches$/, times: 1, effect: 'dropAfter' },
        { on: /^GET \/v1\/batches$/, times: 99, effect: { status: 405, body: { error: { message: 'Not allowed' } } } },
      ],
    },
    async (server, harness) => {
      const job = await harness.end((await submitOne(harness)).id);
      assert.equal(job.state, 'lost');
      assert.match(job.problem ?? '', /cannot list its batches \(Not allowed\)\. Look at its dashboard/);
      assert.equal(server.batches.length, 1);
      server.script.faults.length = 0;
      await harness.runner.collect(job.id);
      assert.equal((await harness.end(job.id)).state, 'completed');
      assert.equal(server.batches.length, 1);
    },
  ));

test('what the provider does not accept ends the job with its words', () =>
  withServer(
    {
      faults: [
        {
          on: /^POST \/v1\/files$/,
          times: 9,
          effect: { status: 413, body: { error: { message: 'File is too large.' } } },
        },
      ],
    },
    async (server, harness) => {
      const job = await harness.end((await submitOne(harness)).id);
      assert.equal(job.state, 'failed');
      assert.match(job.problem ?? '', /^`openai` did not accept the job: File is too large\. Nothing was run/);
      assert.equal(server.script.faults[0]?.times, 8);
      assert.deepEqual(readdirSync(harness.dataFolder), []);
    },
  ));

test('a lost handle is found again by our id', () =>
  withServer({ statuses: ['in_progress'] }, async (server, harness) => {
    const { id } = await submitOne(harness);
    await harness.until(id, ({ state }) => state === 'inProgress');
    const batch = server.batches[0];
    assert.ok(batch);
    batch.id = 'batch_renamed';
    server.script.statuses = ['completed'];
    const job = await harness.end(id);
    assert.equal(job.state, 'completed');
    assert.equal(job.providerBatchId, 'batch_renamed');
  }));

test('batches of other projects, and rows that are no batches, are left alone', () =>
  withServer({ statuses: ['in_progress'] }, async (server, harness) => {
    const headers = { authorization: 'Bearer test-key', 'content-type': 'application/json' };
    server.files.set('file-theirs', '{}');
    for (const metadata of [{ tollgate_job: 'another' }, {}]) {
      const asked = {
        input_file_id: 'file-theirs',
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
        metadata,
      };
      await fetch(`${server.baseUrl}/batches`, { method: 'POST', headers, body: JSON.stringify(asked) });
    }
    (server.batches as (typeof server.batches)[number][]).push({
      ...server.batches[0],
      id: '',
    } as (typeof server.batches)[number]);
    server.script.faults.push({ on: /^POST \/v1\/batches$/, times: 1, effect: 'dropAfter' });
    const { id } = await submitOne(harness);
    const job = await harness.until(id, ({ state }) => state === 'inProgress');
    assert.equal(job.providerBatchId, server.batches.at(-1)?.id);
    await harness.runner.cancel(id);
    await harness.end(id);
    assert.deepEqual(
      server.batches.map(({ status }) => status),
      ['validating', 'validating', 'validating', 'cancelled'],
    );
    assert.ok(!server.requests.some((request) => request.includes(server.batches[0]?.id ?? '-')));
  }));

test('a handle that nobody knows any more is lost, and can be looked for again', () =>
  withServer({ statuses: ['in_progress'] }, async (server, harness) => {
    const { id } = await submitOne(harness);
    await harness.until(id, ({ state }) => state === 'inProgress');
    const [batch] = (server.batches as (typeof server.batches)[number][]).splice(0);
    const job = await harness.end(id);
    assert.equal(job.state, 'lost');
    assert.match(job.problem ?? '', /no longer knows the batch batch_2, .* set the old one and collect again/);
    assert.equal(harness.ended.length, 1);
    assert.ok(batch);
    (server.batches as (typeof server.batches)[number][]).push(batch);
    server.script.statuses = ['completed'];
    await harness.runner.collect(id);
    assert.equal((await harness.end(id)).state, 'completed');
  }));

test('a 404 now and then is not a loss', () =>
  withServer({ statuses: ['in_progress'] }, async (server, harness) => {
    const { id } = await submitOne(harness);
    await harness.until(id, ({ providerBatchId }) => providerBatchId !== undefined);
    server.script.faults.push({ on: /^GET \/v1\/batches\/batch_/, times: 2, effect: { status: 404, body: {} } });
    server.script.statuses = ['completed'];
    assert.equal((await harness.end(id)).state, 'completed');
  }));

test('result files that are gone are said, and do not stop the rest', () =>
  withServer({ result: mixed }, async (server, harness) => {
    const [submitted] = await harness.submit(harness.file('good.md', 'x'), harness.file('bad.md', 'x'));
    server.script.faults.push({ on: /file-out3\/content$/, times: 99, effect: { status: 404, body: {} } });
    const job = await harness.end(submitted?.id ?? '');
    assert.equal(job.state, 'completed');
    assert.deepEqual(states(job), { good: 'missing', bad: 'failed' });
    assert.match(job.problem ?? '', /has no file file-out3 any more/);
    server.script.faults.length = 0;
    const again = await harness.runner.collect(job.id);
    assert.deepEqual(states(again), { good: 'succeeded', bad: 'failed' });
    assert.equal(again.problem, undefined);
    assert.equal(harness.calls().length, 2);
    assert.equal(harness.ended.length, 1);
  }));

test('answers that are counted but in no file are said', () =>
  withServer({ omitFiles: true }, async (_, harness) => {
    const job = await harness.end((await submitOne(harness)).id);
    assert.equal(job.state, 'completed');
    assert.deepEqual(states(job), { a: 'missing' });
    assert.match(job.problem ?? '', /names no file with them/);
  }));

test('a download that breaks off is taken up again', () =>
  withServer({}, async (server, harness) => {
    server.script.faults.push({ on: /content$/, times: 2, effect: 'dropAfter' });
    assert.equal((await harness.end((await submitOne(harness)).id)).state, 'completed');
    assert.equal(server.requests.filter((name) => name.endsWith('/content')).length, 3);
  }));

test('a job waits for its key, and goes on when it comes', () =>
  withServer({ apiKey: 'late-key' }, async (server, harness) => {
    harness.keys = {};
    // Not on this machine: there a server may need no key.
    const address = server.baseUrl;
    harness.restart({
      fetchFor: () => (input, init) => fetch(String(input).replace('https://api.example.test/v1', address), init),
    });
    harness.config = batchConfig('https://api.example.test/v1');
    const { id } = await submitOne(harness);
    const waiting = await harness.until(id, ({ problem }) => problem !== undefined);
    assert.equal(
      waiting.problem,
      'The key `secret:openai` of `openai` is not there. Open the folder in the editor and store it (Tollgate: Set Provider Key…), ' +
        'or, where there is no editor, give the provider `"apiKey": "env:OPENAI_API_KEY"` in tollgate.jsonc and set that variable; what waits for it goes on by itself.',
    );
    assert.deepEqual(server.requests, []);
    harness.keys = { openai: 'wrong-key' };
    harness.runner.wake();
    const refused = await harness.until(id, ({ problem }) => problem?.includes('refused') === true);
    assert.match(refused.problem ?? '', /^`openai` refused the key \(HTTP 401\)/);
    harness.keys = { openai: 'late-key' };
    harness.runner.wake();
    assert.equal((await harness.end(id)).state, 'completed');
    assert.ok(!harness.logged.join().includes('-key'));
  }));

test('a provider that was taken out or moved stops its jobs, not for ever', () =>
  withServer({ statuses: ['in_progress'] }, async (server, harness) => {
    const { id } = await submitOne(harness);
    await harness.until(id, ({ state }) => state === 'inProgress');
    const { config } = harness;
    assert.ok(config);
    const after = async (providers: typeof config.providers | undefined): Promise<string | undefined> => {
      harness.config = providers === undefined ? undefined : { ...config, providers };
      const before = harness.job(id).problem;
      harness.runner.wake();
      return (await harness.until(id, ({ problem }) => problem !== before)).problem;
    };
    assert.match((await after({})) ?? '', /^Provider `openai` is no longer configured/);
    assert.match(
      (await after({ openai: { dialect: 'openai', baseUrl: 'https://elsewhere.test/v1' } })) ?? '',
      /is https:\/\/elsewhere\.test\/v1 now\. Set its baseUrl back/,
    );
    assert.match((await after(undefined)) ?? '', /^The folder of this job is not open anywhere/);
    assert.equal(await after(config.providers), undefined);
    server.script.statuses = ['completed'];
    assert.equal((await harness.end(id)).state, 'completed');
  }));

test('cancelling collects what was answered by then', () =>
  withServer({ statuses: ['in_progress'], result: mixed }, async (_, harness) => {
    const [submitted] = await harness.submit(harness.file('good.md', 'x'), harness.file('gone.md', 'x'));
    const id = submitted?.id ?? '';
    await harness.until(id, ({ state }) => state === 'inProgress');
    await harness.runner.cancel(id);
    const job = await harness.end(id);
    assert.equal(job.state, 'cancelled');
    assert.deepEqual(states(job), { good: 'succeeded', gone: 'cancelled' });
    assert.equal(job.items[1]?.error, 'Not run before the job was cancelled.');
    assert.equal(harness.calls().length, 1);
  }));

test('cancelling before anything was sent sends nothing', () =>
  withServer({}, async (server, harness) => {
    server.script.faults.push({ on: /^POST \/v1\/files$/, times: 99, effect: { status: 500, body: {} } });
    const { id } = await submitOne(harness);
    await harness.until(id, ({ problem }) => problem !== undefined);
    await harness.runner.cancel(id);
    const job = await harness.end(id);
    assert.equal(job.state, 'cancelled');
    assert.deepEqual(
      job.items.map(({ state, error }) => [state, error]),
      [['cancelled', 'Cancelled before it was sent.']],
    );
    assert.equal(server.batches.length, 0);
    assert.deepEqual(readdirSync(harness.dataFolder), []);
  }));

test('cancelling what has ended changes nothing', () =>
  withServer({}, async (_, harness) => {
    const job = await harness.end((await submitOne(harness)).id);
    assert.deepEqual(await harness.runner.cancel(job.id), job);
    await assert.rejects(harness.runner.cancel('nothing'), { reason: 'unknownJob' });
  }));

test('a running job is not forgotten; an ended one is, its results stay', () =>
  withServer({ statuses: ['in_progress'] }, async (server, harness) => {
    const { id } = await submitOne(harness);
    await harness.until(id, ({ state }) => state === 'inProgress');
    await assert.rejects(harness.runner.forget(id), { reason: 'stillRunning' });
    server.script.statuses = ['completed'];
    await harness.end(id);
    await harness.runner.forget(id);
    assert.throws(() => harness.job(id));
    assert.ok(existsSync(join(harness.folder, 'a.result.md')));
    assert.equal(harness.calls().length, 1);
    await assert.rejects(harness.runner.forget(id), { reason: 'unknownJob' });
  }));

test('an edited result is spared, our own unedited one is replaced', () =>
  withServer({}, async (server, harness) => {
    await harness.end((await submitOne(harness)).id);
    server.script.result = (line) => chatAnswer(line, 'second');
    await harness.end((await submitOne(harness)).id);
    assert.match(harness.read('a.result.md'), /\nsecond\n$/);
    writeFileSync(join(harness.folder, 'a.result.md'), 'my own words');
    server.script.result = (line) => chatAnswer(line, 'third');
    const third = await harness.end((await submitOne(harness)).id);
    assert.equal(harness.read('a.result.md'), 'my own words');
    assert.match(harness.read('a.result.2.md'), /\nthird\n$/);
    assert.equal(third.items[0]?.resultPath, join(harness.folder, 'a.result.2.md'));
    assert.deepEqual(third.notes, [
      `${join(harness.folder, 'a.result.2.md')} has the result: a.result.md was edited, or is not ours.`,
    ]);
    server.script.result = (line) => chatAnswer(line, 'fourth');
    await harness.end((await submitOne(harness)).id);
    assert.match(harness.read('a.result.2.md'), /\nfourth\n$/);
    assert.deepEqual(
      readdirSync(harness.folder)
        .filter((name) => name.startsWith('a.'))
        .sort(),
      ['a.md', 'a.result.2.md', 'a.result.md'],
    );
  }));

test('an edited result of a set is spared too', () =>
  withServer({}, async (_, harness) => {
    const row = JSON.stringify({ custom_id: 'r', method: 'POST', url: '/v1/chat/completions', body: { messages: [] } });
    writeFileSync(join(harness.folder, 'set.results.jsonl'), 'precious');
    const [submitted] = await harness.submit(harness.file('set.jsonl', row));
    const job = await harness.end(submitted?.id ?? '');
    assert.equal(harness.read('set.results.jsonl'), 'precious');
    assert.equal(job.items[0]?.resultPath, join(harness.folder, 'set.results.2.jsonl'));
    assert.equal(JSON.parse(harness.read('set.results.2.jsonl')).custom_id, 'r');
    assert.equal(job.notes?.length, 1);
  }));

test('a folder that is gone does not lose the result', () =>
  withServer({ statuses: ['in_progress'] }, async (server, harness) => {
    mkdirSync(join(harness.folder, 'sub'));
    const row = JSON.stringify({ custom_id: 'r', method: 'POST', url: '/v1/chat/completions', body: { messages: [] } });
    const [submitted] = await harness.submit(harness.file('sub/a.md', 'x'), harness.file('sub/set.jsonl', row));
    const id = submitted?.id ?? '';
    await harness.until(id, ({ state }) => state === 'inProgress');
    rmSync(join(harness.folder, 'sub'), { recursive: true });
    server.script.statuses = ['completed'];
    const job = await harness.end(id);
    const kept = join(harness.dataFolder, 'results', id);
    assert.deepEqual(
      job.items.map(({ resultPath }) => resultPath),
      [join(kept, 'a.result.md'), join(kept, 'set.results.jsonl')],
    );
    assert.ok(job.items.every(({ resultPath, note }) => existsSync(resultPath) && note?.includes('is gone')));
    assert.equal(existsSync(join(harness.folder, 'sub')), false);
  }));

test('JSON answers are files of their own; what is none stays text', () =>
  withServer({ result: (line, index) => chatAnswer(line, index === 0 ? '{"a": 1}' : 'Sorry.') }, async (_, harness) => {
    const text = '---\nmodel: gpt-4o-mini\nresponse_format: json_object\n---\nJSON please.';
    const [submitted] = await harness.submit(harness.file('a.md', text), harness.file('b.md', text));
    const job = await harness.end(submitted?.id ?? '');
    assert.equal(harness.read('a.result.json'), '{"a": 1}\n');
    assert.match(harness.read('b.result.md'), /\nSorry\.\n$/);
    assert.equal(job.items[1]?.note, 'The answer is not valid JSON, so it is kept as text.');
  }));

test('lines that fit nothing are counted, answers that come twice count once', () =>
  withServer(
    { order: (lines) => [...lines, lines[0] ?? '', '{"custom_id":"stranger","response":null,"error":null}', 'torn {'] },
    async (_, harness) => {
      const job = await harness.end((await submitOne(harness)).id);
      assert.deepEqual(job.notes, [
        '1 line of the result files could not be read.',
        '1 line of the result files belongs to no item of this job.',
        '1 item was answered twice; the first answer is kept.',
      ]);
      assert.equal(harness.calls().length, 1);
    },
  ));

test('an answer without usage is unpriced, never free', () =>
  withServer(
    {
      result: () => ({
        status: 200,
        body: { model: 'gpt-4o-mini', choices: [{ message: { content: 'x' }, finish_reason: 'length' }] },
      }),
    },
    async (_, harness) => {
      const job = await harness.end((await submitOne(harness)).id);
      assert.equal(job.items[0]?.costStatus, 'unpriced');
      assert.equal(job.items[0]?.costPicoUsd, undefined);
      assert.match(
        harness.read('a.result.md'),
        /\nusage: not reported\ncost: price unknown \(the provider reported no usage\)\n[^$]*\nfinish: length\n/,
      );
      assert.equal(harness.calls()[0]?.attempts[0]?.costStatus, 'unpriced');
    },
  ));

test('collecting twice charges once, and restores what was deleted', () =>
  withServer({ result: mixed }, async (_, harness) => {
    const [submitted] = await harness.submit(harness.file('good.md', 'x'), harness.file('bad.md', 'x'));
    const job = await harness.end(submitted?.id ?? '');
    const result = harness.read('good.result.md');
    rmSync(join(harness.folder, 'good.result.md'));
    const again = await harness.runner.collect(job.id);
    assert.deepEqual(again, job);
    assert.equal(harness.read('good.result.md'), result);
    assert.equal(harness.calls().length, 2);
    assert.equal(harness.ended.length, 1);
  }));

test('a result file that can no longer be fetched takes nothing away from a collected job', () =>
  withServer({}, async (server, harness) => {
    const job = await harness.end((await submitOne(harness)).id);
    server.files.clear();
    await harness.runner.collect(job.id);
    const again = await harness.end(job.id);
    assert.deepEqual(again.items, job.items);
    assert.match(again.problem ?? '', /has no file file-out3 any more/);
  }));

test('prompts with the same name in different folders keep their results apart', () =>
  withServer({}, async (_, harness) => {
    mkdirSync(join(harness.folder, 'x'));
    mkdirSync(join(harness.folder, 'y'));
    const [submitted] = await harness.submit(
      harness.file('x/p.md', '1'),
      harness.file('y/p.md', '2'),
      harness.file('x/p.txt', '3'),
    );
    const job = await harness.end(submitted?.id ?? '');
    assert.deepEqual(
      job.items.map(({ id, resultPath }) => [id, resultPath.slice(harness.folder.length + 1)]),
      [
        ['p', 'x/p.md.result.md'],
        ['p-2', 'y/p.result.md'],
        ['p-3', 'x/p.txt.result.md'],
      ],
    );
    assert.match(harness.read('y/p.result.md'), /answer to p-2/);
  }));
