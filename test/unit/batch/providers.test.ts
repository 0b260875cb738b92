import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { batchApiOf } from '../../../src/batch/batchApi.ts';
import type { Job } from '../../../src/batch/job.ts';
import type { ProviderConfig } from '../../../src/config/config.ts';
import { type BatchHarness, createBatchHarness, workspaceId } from '../../support/batchHarness.ts';
import {
  chatAnswer,
  expiredError,
  type Script,
  type ScriptedBatchServer,
  startScriptedBatchServer,
} from '../../support/scriptedBatchServer.ts';
import { type ScriptedMistral, startScriptedMistral } from '../../support/scriptedMistralBatches.ts';

const apiKey = { kind: 'secret', name: 'openai' } as const;

function harnessWith(name: string, provider: Partial<ProviderConfig> & { baseUrl: string }): BatchHarness {
  return createBatchHarness({ config: { providers: { [name]: { dialect: 'openai', apiKey, ...provider } } } });
}

async function run(harness: BatchHarness, ...promptPaths: string[]): Promise<Job> {
  const plan = await harness.runner.plan({ workspaceId, promptPaths });
  assert.deepEqual(plan.refused, []);
  const [job] = await harness.runner.submit(plan.id);
  return harness.end(job?.id ?? '');
}

test('whose batch API a provider has: configured, by its host, by its name', () => {
  const of = (name: string, baseUrl: string, more: Partial<ProviderConfig> = {}): string | undefined =>
    batchApiOf(name, { dialect: 'openai', baseUrl, ...more });
  assert.equal(of('mine', 'https://api.mistral.ai/v1'), 'mistral');
  assert.equal(of('mine', 'https://api.together.xyz/v1'), 'together');
  assert.equal(of('mine', 'https://me.openai.azure.com'), 'azure');
  assert.equal(of('groq', 'https://api.groq.com/openai/v1'), 'openai');
  assert.equal(of('mistral', 'https://api.groq.com/openai/v1'), 'openai');
  assert.equal(of('google', 'https://generativelanguage.googleapis.com/v1beta/openai'), undefined);
  assert.equal(of('google', 'http://127.0.0.1:1/v1'), 'openai');
  for (const name of ['mistral', 'azure', 'together']) assert.equal(of(name, 'http://127.0.0.1:1/v1'), name);
  assert.equal(of('mistral', 'http://127.0.0.1:1/v1', { batchApi: 'openai' }), 'openai');
  assert.equal(of('mine', 'http://127.0.0.1:1/v1', { apiVersion: '2024-10-21' }), 'azure');
  assert.equal(of('mine', 'http://127.0.0.1:1', { dialect: 'anthropic' }), 'anthropic');
});

describe('OpenAI-shaped, by configuration', () => {
  async function withShape(
    shape: Script['shape'],
    name: string,
    use: (harness: BatchHarness, server: ScriptedBatchServer) => Promise<void>,
    path?: string,
  ): Promise<void> {
    const server = await startScriptedBatchServer({ shape, statuses: ['validating', 'in_progress', 'completed'] });
    const baseUrl = path === undefined ? server.baseUrl : new URL(path, server.baseUrl).href.replace(/\/$/, '');
    const harness = harnessWith(name, { baseUrl });
    try {
      await use(harness, server);
    } finally {
      await harness.dispose();
      await server.stop();
    }
  }

  test('Groq: another host, and its own models', () =>
    withShape('openai', 'groq', async (harness, server) => {
      const job = await run(harness, harness.file('a.md', '---\nmodel: groq/llama-3.3-70b-versatile\n---\nx'));
      assert.deepEqual([job.state, job.provider, job.totals.succeeded], ['completed', 'groq', 1]);
      assert.match(harness.read('a.result.md'), /model: groq\/llama-3\.3-70b-versatile/);
      assert.equal(server.batches[0]?.metadata.tollgate_job, job.id);
    }));

  for (const path of ['/', '/openai', '/openai/v1'])
    test(`Azure at ${path}: the deployment as model, its key header, max_completion_tokens`, () =>
      withShape(
        'azure',
        'azure',
        async (harness, server) => {
          const prompt = '---\nmodel: azure/my-gpt-4o-mini-batch\nmax_tokens: 50\n---\nx';
          const job = await run(harness, harness.file('a.md', prompt));
          assert.deepEqual([job.state, job.model], ['completed', 'my-gpt-4o-mini-batch']);
          assert.ok(server.requests.every((request) => request.includes(' /openai/v1/')));
          const sent = JSON.parse(server.files.get(server.batches[0]?.inputFileId ?? '') ?? '');
          assert.equal(sent.url, '/v1/chat/completions');
          assert.deepEqual(
            [sent.body.model, sent.body.max_completion_tokens, sent.body.max_tokens],
            ['my-gpt-4o-mini-batch', 50, undefined],
          );
        },
        path,
      ));

  test('Azure does not expire after a day: the job is followed on', () =>
    withShape(
      'azure',
      'azure',
      async (harness, server) => {
        server.script.statuses = ['in_progress'];
        const plan = await harness.runner.plan({
          workspaceId,
          promptPaths: [harness.file('a.md', '---\nmodel: azure/gpt-4o-mini\n---\nx')],
        });
        const [job] = await harness.runner.submit(plan.id);
        await harness.until(job?.id ?? '', ({ state }) => state === 'inProgress');
        await harness.runner.stop();
        const later = Date.now() + 3 * 24 * 3_600_000;
        harness.restart({
          clock: {
            now: () => later,
            startTimer: (ms, fire) => {
              const timer = setTimeout(fire, ms);
              return () => clearTimeout(timer);
            },
          },
        });
        const polls = server.requests.length;
        await harness.settle(() => server.requests.length > polls + 3);
        const late = await harness.until(job?.id ?? '', ({ notes }) => notes !== undefined);
        assert.equal(late.state, 'inProgress');
        assert.match(late.notes?.[0] ?? '', /^`azure` has had the job for more than a day\./);
        server.script.statuses = ['completed'];
        const ended = await harness.end(job?.id ?? '');
        assert.deepEqual([ended.totals.succeeded, ended.notes], [1, undefined]);
      },
      '/',
    ));

  test('Together: its upload, its objects, its listing', () =>
    withShape('together', 'together', async (harness, server) => {
      server.script.result = (line) =>
        line.custom_id === 'b' ? { error: { code: '', message: 'no such thing' } } : chatAnswer(line);
      const model = 'together/meta-llama/Llama-3.3-70B-Instruct-Turbo';
      const prompt = (text: string): string => `---\nmodel: ${model}\n---\n${text}`;
      const job = await run(harness, harness.file('a.md', prompt('x')), harness.file('b.md', prompt('y')));
      assert.deepEqual(
        job.items.map(({ state, error }) => [state, error]),
        [
          ['succeeded', undefined],
          ['failed', 'no such thing'],
        ],
      );
      assert.equal(server.requests[0], 'POST /v1/files/upload');
      assert.match(harness.read('a.result.md'), /answer to a\n$/);
    }));

  test('Together: a creation whose answer is lost is found by its input file', () =>
    withShape('together', 'together', async (harness, server) => {
      server.script.faults = [{ on: /^POST \/v1\/batches$/, times: 1, effect: 'dropAfter' }];
      const job = await run(harness, harness.file('a.md', '---\nmodel: together/any-model\n---\nx'));
      assert.equal(job.state, 'completed');
      assert.equal(server.batches.length, 1);
    }));
});

describe('Mistral’s own batch API', () => {
  async function withMistral(use: (harness: BatchHarness, server: ScriptedMistral) => Promise<void>): Promise<void> {
    const server = await startScriptedMistral();
    const harness = harnessWith('mistral', { baseUrl: server.baseUrl });
    try {
      await use(harness, server);
    } finally {
      await harness.dispose();
      await server.stop();
    }
  }
  const prompt = (text: string): string => `---\nmodel: mistral-small-latest\nmax_tokens: 100\nseed: 7\n---\n${text}`;

  test('one model for the job, none in its lines; answers, failures and costs come home', () =>
    withMistral(async (harness, server) => {
      server.result = (line) =>
        line.custom_id === 'b'
          ? { status: 422, body: { object: 'error', message: 'Invalid model' } }
          : line.custom_id === 'c'
            ? { error: expiredError }
            : chatAnswer({ ...line, method: 'POST', url: '' });
      const [a, b, c] = ['a', 'b', 'c'].map((name) => harness.file(`${name}.md`, prompt(name)));
      const job = await run(harness, a ?? '', b ?? '', c ?? '');
      assert.deepEqual(
        job.items.map(({ state, error }) => [state, error]),
        [
          ['succeeded', undefined],
          ['failed', 'HTTP 422: Invalid model'],
          ['failed', expiredError.message],
        ],
      );
      assert.deepEqual(
        server.jobs.map(({ model, endpoint, metadata }) => ({ model, endpoint, metadata })),
        [{ model: 'mistral-small-latest', endpoint: '/v1/chat/completions', metadata: { tollgate_job: job.id } }],
      );
      const [line = ''] = (server.files.get(server.jobs[0]?.inputFile ?? '') ?? '').split('\n');
      assert.deepEqual(JSON.parse(line), {
        custom_id: 'a',
        body: { messages: [{ role: 'user', content: 'a' }], random_seed: 7, max_tokens: 100 },
      });
      assert.match(harness.read('a.result.md'), /model: mistral\/mistral-small-latest/);
      // The price list has no batch price of Mistral's, and an unknown price is never zero.
      assert.match(harness.read('a.result.md'), /cost: price unknown/);
      assert.equal(job.totals.unpriced, 1);
    }));

  test('the one that is tried names the model', () =>
    withMistral(async (harness, server) => {
      const plan = await harness.runner.plan({ workspaceId, promptPaths: [harness.file('a.md', prompt('x'))] });
      assert.equal((await harness.runner.tryOne(plan.id)).ok, true);
      assert.deepEqual(
        server.calls.map((body) => 'model' in body && body.model),
        ['mistral-small-latest'],
      );
    }));

  for (const [status, state] of [
    ['TIMEOUT_EXCEEDED', 'expired'],
    ['CANCELLED', 'cancelled'],
    ['FAILED', 'failed'],
  ] as const)
    test(`${status}: what was answered is kept, the rest said`, () =>
      withMistral(async (harness, server) => {
        server.statuses = ['QUEUED', status];
        server.result = (line) =>
          line.custom_id === 'a' ? chatAnswer({ ...line, method: 'POST', url: '' }) : undefined;
        const job = await run(harness, harness.file('a.md', prompt('x')), harness.file('b.md', prompt('y')));
        assert.equal(job.state, state);
        assert.deepEqual(
          job.items.map((item) => item.state),
          state === 'failed' ? ['failed', 'failed'] : ['succeeded', state],
        );
        if (state === 'failed') assert.match(job.problem ?? '', /`mistral` refused the input: The file is not valid\./);
      }));

  test('a creation whose answer is lost is found by our id, on whatever page; cancelling is asked for', () =>
    withMistral(async (harness, server) => {
      server.statuses = ['RUNNING'];
      for (let index = 0; index < 101; index += 1) {
        const body = new FormData();
        body.append('purpose', 'batch');
        body.append('file', new File(['{}'], 'x.jsonl'));
        const headers = { authorization: 'Bearer test-key' };
        const file = await fetch(`${server.baseUrl}/files`, { method: 'POST', headers, body });
        const { id }: { id: string } = JSON.parse(await file.text());
        const asked = { input_files: [id], model: 'm', endpoint: '/v1/chat/completions', metadata: {} };
        await fetch(`${server.baseUrl}/batch/jobs`, { method: 'POST', headers, body: JSON.stringify(asked) });
      }
      server.faults = [{ on: /^POST \/v1\/batch\/jobs$/, times: 1, effect: 'dropAfter' }];
      const plan = await harness.runner.plan({ workspaceId, promptPaths: [harness.file('a.md', prompt('x'))] });
      const [job] = await harness.runner.submit(plan.id);
      const id = job?.id ?? '';
      const running = await harness.until(id, ({ state }) => state === 'inProgress');
      assert.equal(running.providerBatchId, server.jobs.at(-1)?.id);
      assert.equal(server.jobs.length, 102);
      await harness.runner.cancel(id);
      assert.equal((await harness.end(id)).state, 'cancelled');
    }));

  test('what its batches do not take is refused in the plan', () =>
    withMistral(async (harness) => {
      const row = { custom_id: 'a', method: 'POST', url: '/v1/responses', body: { model: 'mistral-small-latest' } };
      const set = harness.file('set.jsonl', JSON.stringify(row));
      const { refused } = await harness.runner.plan({ workspaceId, promptPaths: [set] });
      assert.deepEqual(refused, [
        {
          promptPath: set,
          reason:
            'Line 1: the batches of `mistral` take no requests to /v1/responses, only to /v1/chat/completions, /v1/embeddings.',
        },
      ]);
    }));
});
