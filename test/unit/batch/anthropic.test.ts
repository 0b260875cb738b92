import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customIdPattern, jobMark } from '../../../src/batch/customIds.ts';
import { costOf } from '../../../src/catalog/costOf.ts';
import { type BatchHarness, createBatchHarness, testCatalog, workspaceId } from '../../support/batchHarness.ts';
import {
  type MessageScript,
  messageAnswer,
  messageError,
  type ScriptedMessageBatches,
  startScriptedMessageBatches,
} from '../../support/scriptedMessageBatches.ts';

async function withBatches(
  script: Partial<MessageScript>,
  run: (harness: BatchHarness, server: ScriptedMessageBatches) => Promise<void>,
): Promise<void> {
  const server = await startScriptedMessageBatches(script);
  const harness = createBatchHarness({ anthropicUrl: server.baseUrl });
  try {
    await run(harness, server);
  } finally {
    await harness.dispose();
    await server.stop();
  }
}

async function submitOne(harness: BatchHarness, ...paths: readonly string[]): Promise<string> {
  const [job] = await harness.submit(...paths);
  if (job === undefined) throw new Error('nothing planned');
  return job.id;
}

test('prompt files become messages, answers come home, cache kinds are priced at the batch rate', () =>
  withBatches({}, async (harness, server) => {
    const id = await submitOne(
      harness,
      harness.file('a.md', '---\nsystem: Be brief.\ntemperature: 0.5\nmax_tokens: 50\nstop: END\n---\nSay one.'),
      harness.file('b c.txt', 'Say two.'),
    );
    const job = await harness.end(id);
    assert.deepEqual([job.state, job.problem, job.endpoint], ['completed', undefined, '/v1/messages']);
    const [batch] = server.batches;
    assert.deepEqual(
      batch?.requests.map(({ params }) => params),
      [
        {
          model: 'claude-haiku-4-5',
          max_tokens: 50,
          system: 'Be brief.',
          messages: [{ role: 'user', content: 'Say one.' }],
          stop_sequences: ['END'],
          temperature: 0.5,
        },
        { model: 'claude-haiku-4-5', max_tokens: 8192, messages: [{ role: 'user', content: 'Say two.' }] },
      ],
    );
    for (const { custom_id } of batch?.requests ?? []) {
      assert.match(custom_id, customIdPattern);
      assert.ok(custom_id.startsWith(jobMark(id)), custom_id);
    }
    assert.match(harness.read('a.result.md'), /\nanswer to t[0-9a-f]{12}_a\n$/);
    assert.match(harness.read('b c.result.md'), /model: anthropic\/claude-haiku-4-5/);
    const usage = { input: 11, cacheRead: 200, cacheWrite5m: 10, cacheWrite1h: 20, output: 36 };
    const found = testCatalog.lookup('claude-haiku-4-5', 'anthropic');
    const price = found.kind === 'known' ? found.model.price : undefined;
    const batchCost = costOf(usage, price, { serviceTier: 'batch' });
    const standardCost = costOf(usage, price);
    assert.ok('picoUsd' in batchCost && 'picoUsd' in standardCost);
    assert.equal(batchCost.picoUsd * 2, standardCost.picoUsd, 'discounts stack');
    assert.deepEqual(
      job.items.map((item) => [item.usage, item.costPicoUsd, item.costStatus]),
      [1, 2].map(() => [usage, batchCost.picoUsd, batchCost.status]),
    );
    assert.deepEqual(
      harness.calls().map(({ attempts }) => attempts.map(({ serviceTier, provider }) => [serviceTier, provider])),
      [1, 2].map(() => [['batch', 'anthropic']]),
    );
  }));

test('results come from the base URL, whatever results_url says, with the key as a header of its own', () =>
  withBatches({ resultsHost: 'http://169.254.169.254' }, async (harness, server) => {
    const id = await submitOne(harness, harness.file('a.md', 'Say one.'));
    assert.equal((await harness.end(id)).items[0]?.state, 'succeeded');
    assert.ok(server.requests.includes('GET /v1/messages/batches/msgbatch_1/results'));
    const { 'x-api-key': key, authorization, 'anthropic-version': version } = server.lastHeaders();
    assert.deepEqual([key, authorization, version], ['test-key', undefined, '2023-06-01']);
  }));

test('the four ends of a request, in any order, and one without a line', () =>
  withBatches(
    {
      order: (lines) => lines.toReversed(),
      result: (request, index) =>
        [
          messageAnswer(request),
          messageError('invalid_request_error', 'max_tokens: too large'),
          { type: 'expired' as const },
          { type: 'canceled' as const },
          undefined,
        ][index],
    },
    async (harness) => {
      const paths = ['a', 'b', 'c', 'd', 'e'].map((name) => harness.file(`${name}.md`, `Say ${name}.`));
      const job = await harness.end(await submitOne(harness, ...paths));
      assert.equal(job.state, 'cancelled');
      assert.deepEqual(
        job.items.map(({ state, error, costStatus }) => [state, error, costStatus]),
        [
          ['succeeded', undefined, 'exact'],
          ['failed', 'HTTP 400: max_tokens: too large', 'notBilled'],
          ['expired', 'Not run before the time of the job was over. It was not billed; submit it again.', 'notBilled'],
          ['cancelled', 'Not run before the job was cancelled.', 'notBilled'],
          ['cancelled', 'Not run before the job was cancelled.', undefined],
        ],
      );
      const attempts = harness.calls().flatMap((call) => call.attempts);
      assert.deepEqual(attempts.map(({ status, costStatus }) => [status, costStatus]).sort(), [
        [200, 'exact'],
        [400, 'notBilled'],
      ]);
    },
  ));

const request = (id: string, params: object = {}): string =>
  JSON.stringify({
    custom_id: id,
    params: { model: 'claude-haiku-4-5', max_tokens: 9, messages: [{ role: 'user', content: id }], ...params },
  });

test('a set of batch requests keeps its own ids in its results', () =>
  withBatches({ order: (lines) => lines.toReversed() }, async (harness, server) => {
    const long = 'x'.repeat(80);
    const set = harness.file('set.jsonl', `${request('first one')}\n${request(long)}\n`);
    const job = await harness.end(await submitOne(harness, set));
    assert.deepEqual(job.problem, undefined);
    const rows = harness.read('set.results.jsonl').trimEnd().split('\n');
    assert.deepEqual(
      rows.map((line) => {
        const row: { custom_id: string; result: { type: string }; tollgate: { state: string } } = JSON.parse(line);
        return [row.custom_id, row.result.type, row.tollgate.state];
      }),
      [
        ['first one', 'succeeded', 'succeeded'],
        [long, 'succeeded', 'succeeded'],
      ],
    );
    for (const { custom_id } of server.batches[0]?.requests ?? []) assert.match(custom_id, customIdPattern);
  }));

for (const [what, params, reason] of [
  ['a stream', { stream: true }, '`stream` cannot be true in a batch.'],
  ['fast mode', { speed: 'fast' }, '`params.speed` is not taken in a batch. Leave it out.'],
  ['no room for an answer', { max_tokens: 0 }, '`params.max_tokens` must be a whole number above 0.'],
  ['no messages', { messages: [] }, '`params.messages` must be a list of at least one message.'],
  [
    'a model of another dialect',
    { model: 'gpt-4o-mini' },
    "a request for Anthropic's API, but `gpt-4o-mini` belongs to `openai`, which speaks OpenAI's. Name a model of an Anthropic provider.",
  ],
] as const)
  test(`refused before anything is sent: ${what}`, () =>
    withBatches({}, async (harness, server) => {
      const set = harness.file('set.jsonl', `${request('ok')}\n${request('bad', params)}\n`);
      const plan = await harness.runner.plan({ workspaceId, promptPaths: [set] });
      assert.deepEqual(plan.jobs, []);
      assert.deepEqual(
        plan.refused.map((file) => file.reason),
        [`Line 2: ${reason}`],
      );
      assert.deepEqual(server.requests, []);
    }));

test('more bytes than the provider takes end the job with its words, unbilled', () =>
  withBatches({ maxBytes: 10 }, async (harness) => {
    const job = await harness.end(await submitOne(harness, harness.file('a.md', 'Say one.')));
    assert.equal(job.state, 'failed');
    assert.match(job.problem ?? '', /maximum allowed number of bytes\. Nothing was run or billed/);
    assert.deepEqual(harness.calls(), []);
  }));

test('overload while creating, polling and collecting is waited out', () =>
  withBatches(
    {
      faults: ['POST /v1/messages/batches', 'GET /v1/messages/batches/msgbatch_1$', 'results$'].map((on) => ({
        on: new RegExp(on),
        times: 2,
        effect: { status: 529, body: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } },
      })),
    },
    async (harness, server) => {
      const job = await harness.end(await submitOne(harness, harness.file('a.md', 'Say one.')));
      assert.deepEqual([job.state, job.problem, server.batches.length], ['completed', undefined, 1]);
    },
  ));

test('a creation whose answer is lost is found again, running or ended, among others of the same size', async () => {
  for (const statuses of [['ended'], ['in_progress', 'in_progress', 'ended']])
    await withBatches(
      { statuses, faults: [{ on: /^POST \/v1\/messages\/batches$/, times: 1, effect: 'dropAfter' }] },
      async (harness, server) => {
        server.addForeign(2, 'ended');
        server.addForeign(2);
        const id = await submitOne(harness, harness.file('a.md', 'Say one.'), harness.file('b.md', 'Say two.'));
        const job = await harness.end(id);
        assert.deepEqual([job.state, job.providerBatchId], ['completed', 'msgbatch_3']);
        assert.equal(server.batches.length, 3, 'nothing was submitted twice');
      },
    );
});

test('a creation that never arrived is made once, although somebody else makes one of the same size meanwhile', () =>
  withBatches(
    { faults: [{ on: /^POST \/v1\/messages\/batches$/, times: 1, effect: 'drop' }] },
    async (harness, server) => {
      const id = await submitOne(harness, harness.file('a.md', 'Say one.'));
      await harness.settle(() => server.requests.some((name) => name.startsWith('POST')));
      const foreign = server.addForeign(1);
      const job = await harness.end(id);
      assert.equal(job.state, 'completed');
      assert.notEqual(job.providerBatchId, foreign.id);
      assert.equal(server.batches.filter(({ requests }) => requests[0]?.custom_id.startsWith(jobMark(id))).length, 1);
      assert.equal(foreign.cancelled, false);
    },
  ));

test('what may be somebody else’s batch is not cancelled', () =>
  withBatches(
    {
      statuses: ['in_progress'],
      faults: [{ on: /^POST \/v1\/messages\/batches$/, times: 1, effect: 'drop' }],
    },
    async (harness, server) => {
      const id = await submitOne(harness, harness.file('a.md', 'Say one.'));
      await harness.settle(() => server.requests.some((name) => name.startsWith('POST')));
      const foreign = server.addForeign(1);
      await harness.until(id, ({ providerBatchId }) => providerBatchId === foreign.id);
      await harness.runner.cancel(id);
      await harness.until(id, ({ notes }) => notes !== undefined);
      assert.equal(foreign.cancelled, false);
      foreign.status = 'ended';
      server.script.statuses = ['ended'];
      const job = await harness.end(id);
      assert.equal(job.state, 'completed');
      assert.equal(server.batches.length, 2);
    },
  ));

test('cancelled by the user: what was answered by then is kept', () =>
  withBatches(
    {
      statuses: ['in_progress'],
      result: (asked, index) => (index === 0 ? messageAnswer(asked) : { type: 'canceled' }),
    },
    async (harness) => {
      const id = await submitOne(harness, harness.file('a.md', 'Say one.'), harness.file('b.md', 'Say two.'));
      await harness.until(id, ({ state }) => state === 'inProgress');
      await harness.runner.cancel(id);
      const job = await harness.end(id);
      assert.deepEqual([job.state, job.items.map(({ state }) => state)], ['cancelled', ['succeeded', 'cancelled']]);
      assert.equal(harness.calls().length, 1);
    },
  ));

test('a plan of more than a batch holds becomes several jobs, created one after the other', async () => {
  const server = await startScriptedMessageBatches({ maxRequests: 2 });
  const harness = createBatchHarness({
    anthropicUrl: server.baseUrl,
    deps: { limits: { maxItems: 2, maxBytes: 1_000_000, maxEmbeddingInputs: 0 } },
  });
  try {
    const jobs = await harness.submit(...[1, 2, 3, 4, 5].map((index) => harness.file(`${index}.md`, `Say ${index}.`)));
    const ended = await Promise.all(jobs.map(({ id }) => harness.end(id)));
    assert.deepEqual(
      ended.map(({ state, items }) => [state, items.length]),
      [
        ['completed', 2],
        ['completed', 2],
        ['completed', 1],
      ],
    );
    assert.equal(server.batches.length, 3);
  } finally {
    await harness.dispose();
    await server.stop();
  }
});
