import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { OpenAI } from 'openai';
import type { Job } from '../../../src/batch/job.ts';
import { type ControlClient, createControlClient } from '../../../src/service/controlClient.ts';
import { createServicePipeline, pipelineSchemas } from '../../../src/service/createServicePipeline.ts';
import { createLog } from '../../../src/service/log.ts';
import { type RunningService, startService } from '../../../src/service/startService.ts';
import { spawnTokenWorker } from '../../../src/tokens/spawnTokenWorker.ts';
import { encoderFromSource } from '../../support/encoderFromSource.ts';

const root = resolve(import.meta.dirname, '../../..');

interface Served {
  readonly service: RunningService;
  readonly client: ControlClient;
}

async function serve(home: string): Promise<Served> {
  const service = await startService({
    folder: home,
    version: '0.0.0',
    env: {},
    log: createLog(() => undefined, Date.now),
    clock: Date.now,
    schemas: pipelineSchemas,
    createPipeline: createServicePipeline({
      prices: JSON.parse(readFileSync(join(root, 'media/prices.json'), 'utf8')),
      spawnWorker: () => spawnTokenWorker(join(root, 'src/tokens/worker.ts')),
      encoder: encoderFromSource,
      configIsUsers: true,
    }),
    lingerMs: Number.POSITIVE_INFINITY,
  });
  const { port, controlToken } = service.address;
  return { service, client: createControlClient({ port, controlToken, fetch }) };
}

async function withHome(config: object, run: (home: string, workspace: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-service-batch-'));
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'tollgate.jsonc'), JSON.stringify({ version: 1, ...config }));
  try {
    await run(join(folder, 'home'), workspace);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the windows are told until the job has ended; its state when the stream begins is the first of it. */
async function ended(client: ControlClient, workspaceId: string): Promise<Job> {
  for await (const event of client.events(workspaceId, AbortSignal.timeout(60_000))) {
    const jobs = event.type === 'jobEnded' ? [event.job] : event.type === 'jobs' ? event.jobs : [];
    const job = jobs.find(({ collected }) => collected);
    if (job !== undefined) return job;
  }
  throw new Error('the events ended first');
}

test('a demo batch, submitted to one service and collected by the next', () =>
  withHome({ providers: { openai: { dialect: 'openai', baseUrl: 'demo:' } } }, async (home, workspace) => {
    const prompt = join(workspace, 'ask.md');
    writeFileSync(prompt, '---\nmodel: gpt-4o-mini\nmax_tokens: 100\n---\nWhere is my parcel?');
    const first = await serve(home);
    const { workspaceId } = await first.client.registerWorkspace({ folder: workspace, trusted: true });
    const plan = await first.client.planBatch({ workspaceId, promptPaths: [prompt, join(workspace, 'none.md')] });
    assert.deepEqual(plan.refused, [{ promptPath: join(workspace, 'none.md'), reason: 'The file does not exist.' }]);
    const [planned] = plan.jobs;
    // Five tokens, four for the message, three for the answer's start; $0.075 and $0.30 per million in a batch.
    assert.deepEqual(
      [planned?.demo, planned?.inputTokens, planned?.batchPicoUsd, planned?.standardPicoUsd, planned?.maxBatchPicoUsd],
      [true, 12, 12 * 75_000, 12 * 150_000, 12 * 75_000 + 100 * 300_000],
    );
    const { jobs } = await first.client.submitBatch(plan.id);
    assert.equal(jobs[0]?.state, 'submitting');
    await first.service.stop();

    const second = await serve(home);
    const job = await ended(second.client, workspaceId);
    assert.deepEqual([job.id, job.state, job.collected, job.demo], [jobs[0]?.id, 'completed', true, true]);
    const result = readFileSync(join(workspace, 'ask.result.md'), 'utf8');
    assert.match(result, /\n\[demo\] You wrote: “Where is my parcel\?”/);
    const spend = await second.client.spend({ workspaceId, fromMs: 0, toMs: Date.now() + 1, lastCalls: 5 });
    assert.deepEqual([spend.totals.calls, spend.totals.demoAttempts], [1, 1]);
    assert.equal(spend.totals.costPicoUsd, String(job.items[0]?.costPicoUsd));
    assert.equal(spend.lastCalls[0]?.attempts[0]?.serviceTier, 'batch');

    await assert.rejects(second.client.submitBatch('nothing'), /This plan is not known any more/);
    await second.client.forgetJob(job.id);
    assert.deepEqual((await second.client.jobs(workspaceId)).jobs, []);
    await assert.rejects(second.client.forgetJob(job.id), /This job is not known/);
    await second.service.stop();
  }));

test('a program’s own batches reach the demo provider through the proxy', () =>
  withHome({ providers: { openai: { dialect: 'openai', baseUrl: 'demo:' } } }, async (home, workspace) => {
    const { service, client } = await serve(home);
    const { baseUrls } = await client.registerWorkspace({ folder: workspace, trusted: true });
    const openai = new OpenAI({ baseURL: baseUrls.openai, apiKey: 'sk-own', maxRetries: 0 });
    const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] };
    const line = JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body });
    const file = await openai.files.create({ purpose: 'batch', file: new File([line], 'in.jsonl') });
    const batch = await openai.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    assert.equal(batch.status, 'validating');
    assert.equal((await openai.batches.cancel(batch.id)).status, 'cancelling');
    assert.equal(await (await openai.files.content(file.id)).text(), line);
    await service.stop();
  }));
