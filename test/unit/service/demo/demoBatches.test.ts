import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { OpenAI } from 'openai';
import { nodeDisk } from '../../../../src/batch/nodeDisk.ts';
import { createDemoBatches, type DemoBatches } from '../../../../src/service/demo/createDemoBatches.ts';
import { createDemoBatchApi, demoBatchFetch } from '../../../../src/service/demo/demoBatchApi.ts';
import { createDemoFiles } from '../../../../src/service/demo/demoFiles.ts';
import type { JsonObject } from '../../../../src/wire/json.ts';
import { createBatchHarness } from '../../../support/batchHarness.ts';

const start = Date.UTC(2026, 10, 23);

/** Answers with a usage of three tokens in and two out. */
const answer = (endpoint: string, body: JsonObject): Promise<JsonObject> =>
  Promise.resolve({
    object: 'chat.completion',
    model: body.model ?? 'none',
    choices: [
      { index: 0, message: { role: 'assistant', content: `Demo answer by ${endpoint}` }, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  });

interface Demo {
  readonly client: OpenAI;
  readonly fetch: typeof fetch;
  readonly batches: DemoBatches;
  readonly problems: unknown[];
}

function openDemo(folder: string, now: () => number, answerWith = answer): Demo {
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `${now()}-${ids}`;
  };
  const disk = nodeDisk(newId);
  const problems: unknown[] = [];
  const files = createDemoFiles({ disk, folder: join(folder, 'files'), now, newId });
  const onProblem = (_: string, error: unknown): number => problems.push(error);
  const batches = createDemoBatches({
    disk,
    folder: join(folder, 'batches'),
    files,
    answer: answerWith,
    now,
    newId,
    onProblem,
  });
  const demoFetch = demoBatchFetch(createDemoBatchApi({ files, batches, now }));
  const client = new OpenAI({ baseURL: 'http://demo.invalid/v1', apiKey: 'demo', fetch: demoFetch, maxRetries: 0 });
  return { client, fetch: demoFetch, batches, problems };
}

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-demo-'));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const row = (id: string, body: object = { model: 'gpt-4o-mini', messages: [] }): string =>
  JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body });

async function create({ client }: Demo, ...lines: string[]): Promise<string> {
  const file = await client.files.create({ purpose: 'batch', file: new File([lines.join('\n')], 'in.jsonl') });
  const batch = await client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    metadata: { tollgate_job: 'j1' },
  });
  assert.equal(batch.status, 'validating');
  return batch.id;
}

test('a demo batch goes through its states by the clock, and on over a restart', () =>
  withFolder(async (folder) => {
    let nowMs = start;
    const first = openDemo(folder, () => nowMs);
    const id = await create(first, row('a'), row('b'), row('c'), row('d'));
    const look = async (demo: Demo, afterMs: number): Promise<string> => {
      nowMs = start + afterMs;
      await demo.client.batches.retrieve(id);
      await demo.batches.settled();
      const { status, request_counts: counts } = await demo.client.batches.retrieve(id);
      return `${status} ${counts?.completed}`;
    };
    assert.equal(await look(first, 999), 'validating 0');
    assert.equal(await look(first, 2000), 'in_progress 2');
    const second = openDemo(folder, () => nowMs);
    assert.equal(await look(second, 3000), 'finalizing 4');
    assert.equal(await look(second, 4000), 'completed 4');
    const batch = await second.client.batches.retrieve(id);
    assert.deepEqual(batch.metadata, { tollgate_job: 'j1' });
    assert.equal(batch.usage?.total_tokens, 20);
    const text = await (await second.client.files.content(batch.output_file_id ?? '')).text();
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ custom_id }) => custom_id),
      ['a', 'b', 'c', 'd'],
    );
    assert.equal(lines[0].response.status_code, 200);
    assert.equal(lines[0].response.body.choices[0].message.content, 'Demo answer by /v1/chat/completions');
    const listed = await second.client.batches.list({ limit: 1 });
    assert.deepEqual(
      listed.data.map((one) => one.id),
      [id],
    );
    assert.deepEqual(second.problems, []);
  }));

test('cancelling half way leaves the half that was answered', () =>
  withFolder(async (folder) => {
    let nowMs = start;
    const demo = openDemo(folder, () => nowMs);
    const id = await create(demo, row('a'), row('b'), row('c'), row('d'));
    nowMs = start + 2000;
    assert.equal((await demo.client.batches.cancel(id)).status, 'cancelling');
    await demo.batches.settled();
    nowMs = start + 3000;
    const batch = await demo.client.batches.retrieve(id);
    assert.equal(batch.status, 'cancelled');
    assert.deepEqual(batch.request_counts, { total: 4, completed: 2, failed: 0 });
    const text = await (await demo.client.files.content(batch.output_file_id ?? '')).text();
    assert.equal(text.trimEnd().split('\n').length, 2);
    await assert.rejects(demo.client.batches.cancel(id), { status: 400 });
  }));

test('wrong input fails as the real thing does', () =>
  withFolder(async (folder) => {
    let nowMs = start;
    const demo = openDemo(folder, () => nowMs);
    const id = await create(demo, row('a'), row('a'), '{', row('b', { model: 'other' }));
    nowMs = start + 1000;
    const batch = await demo.client.batches.retrieve(id);
    assert.equal(batch.status, 'failed');
    assert.deepEqual(
      batch.errors?.data?.map(({ code, line }) => [code, line]),
      [
        ['duplicate_custom_id', 2],
        ['invalid_request', 3],
        ['mismatched_model', 4],
      ],
    );
  }));

test('what is not there is 404, what is wrong is 400', () =>
  withFolder(async (folder) => {
    const { client, fetch: demoFetch } = openDemo(folder, () => start);
    await assert.rejects(client.batches.retrieve('batch_demo_none'), { status: 404 });
    await assert.rejects(client.batches.retrieve('batch_demo_..%2F..%2Fx'), { status: 404 });
    await assert.rejects(client.files.content('file-demo-none'), { status: 404 });
    await assert.rejects(client.files.create({ purpose: 'batch', file: new File(['x'], 'in.txt') }), { status: 400 });
    assert.equal((await demoFetch('http://demo.invalid/v1/audio')).status, 404);
  }));

test('a batch whose answers fail is tried again at the next look', () =>
  withFolder(async (folder) => {
    let nowMs = start;
    let isBroken = true;
    const demo = openDemo(
      folder,
      () => nowMs,
      (endpoint, body) => (isBroken ? Promise.reject(new Error('no tokenizer yet')) : answer(endpoint, body)),
    );
    const id = await create(demo, row('a'));
    nowMs = start + 5000;
    await demo.client.batches.retrieve(id);
    await demo.batches.settled();
    assert.equal(demo.problems.length, 1);
    isBroken = false;
    await demo.client.batches.retrieve(id);
    await demo.batches.settled();
    assert.equal((await demo.client.batches.retrieve(id)).status, 'completed');
  }));

test('the batch runner and the demo provider, end to end: labelled, priced, billed by nobody', () =>
  withFolder(async (folder) => {
    // A second of the demo's clock per ten milliseconds.
    const began = Date.now();
    const now = (): number => began + (Date.now() - began) * 100;
    const demo = openDemo(folder, now);
    const harness = createBatchHarness({ baseUrl: 'demo:', deps: { fetchFor: () => demo.fetch } });
    try {
      harness.keys = {};
      const [submitted] = await harness.submit(harness.file('a.md', 'Say one.'), harness.file('b.md', 'Say two.'));
      assert.equal(submitted?.demo, true);
      const job = await harness.end(submitted?.id ?? '');
      assert.equal(job.state, 'completed');
      assert.match(harness.read('a.result.md'), /\ndemo: answered by the built-in demo provider; billed by nobody\n/);
      assert.match(harness.read('a.result.md'), /\nDemo answer by \/v1\/chat\/completions\n$/);
      const attempts = harness.calls().flatMap((call) => call.attempts);
      assert.deepEqual(
        attempts.map(({ demo: isDemo, costPicoUsd }) => [isDemo, costPicoUsd]),
        [
          [true, 3 * 75_000 + 2 * 300_000],
          [true, 3 * 75_000 + 2 * 300_000],
        ],
      );
    } finally {
      await harness.dispose();
    }
  }));
