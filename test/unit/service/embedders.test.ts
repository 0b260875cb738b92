import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { importEncoder } from '../../../src/cache/embedders/onnx/installEncoder.ts';
import type { Notice } from '../../../src/service/api.ts';
import { createControlClient } from '../../../src/service/controlClient.ts';
import { createServicePipeline, pipelineSchemas } from '../../../src/service/createServicePipeline.ts';
import { createLog } from '../../../src/service/log.ts';
import { type RunningService, startService } from '../../../src/service/startService.ts';
import { encoderFromSource } from '../../support/encoderFromSource.ts';
import { writeSmallEncoder } from '../../support/smallEncoder.ts';

const root = resolve(import.meta.dirname, '../../..');

/** A provider of chat answers and of vectors; each answer tells how many there were. */
let provider: Server;
let baseUrl: string;
let answers: number;
let embedded: string[];
let folder: string;
let running: RunningService | undefined;

beforeEach(async () => {
  answers = 0;
  embedded = [];
  folder = mkdtempSync(join(tmpdir(), 'tollgate-embedders-'));
  mkdirSync(join(folder, 'workspace'));
  provider = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const body = JSON.parse(text);
      response.setHeader('content-type', 'application/json');
      if (request.url?.endsWith('/embeddings')) response.end(embed(body.input));
      else response.end(complete());
    });
  });
  await new Promise<void>((done) => provider.listen(0, '127.0.0.1', done));
  const bound = provider.address();
  if (bound === null || typeof bound === 'string') throw new Error('not listening');
  baseUrl = `http://127.0.0.1:${bound.port}/v1`;
});
afterEach(async () => {
  await running?.stop();
  provider.closeAllConnections();
  await new Promise((done) => provider.close(done));
  rmSync(folder, { recursive: true, force: true });
});

/** Questions about branches lie in one place, all others in another. */
function embed(input: string[]): string {
  embedded.push(...input);
  const data = input.map((text, index) => ({ index, embedding: text.includes('branch') ? [1, 0.1] : [0.1, 1] }));
  return JSON.stringify({ model: 'text-embedding-3-small', data, usage: { prompt_tokens: 10, total_tokens: 10 } });
}

function complete(): string {
  const message = { role: 'assistant', content: `answer ${++answers}` };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  return JSON.stringify({ id: 'c', object: 'chat.completion', model: 'gpt-4o-mini', choices, usage });
}

async function serve(embedder: string) {
  const workspace = join(folder, 'workspace');
  const cache = { exact: { mode: 'on' }, semantic: { mode: 'on', embedder, threshold: 0.85 } };
  const away = { dialect: 'openai', baseUrl: 'http://127.0.0.1:9/v1' };
  const providers = { openai: { dialect: 'openai', baseUrl }, away };
  writeFileSync(join(workspace, 'tollgate.jsonc'), JSON.stringify({ version: 1, providers, cache }));
  const service = await startService({
    folder: join(folder, 'home'),
    version: '0.0.0',
    env: {},
    log: createLog(() => undefined, Date.now),
    clock: Date.now,
    schemas: pipelineSchemas,
    createPipeline: createServicePipeline({
      prices: JSON.parse(readFileSync(join(root, 'media/prices.json'), 'utf8')),
      spawnWorker: () => {
        throw new Error('nothing is counted here');
      },
      encoder: encoderFromSource,
      configIsUsers: true,
    }),
    lingerMs: Number.POSITIVE_INFINITY,
  });
  const { baseUrls, workspaceId } = service.register({ folder: workspace, trusted: true });
  const { port, controlToken } = service.address;
  const client = createControlClient({ port, controlToken, fetch });
  const calls = async () =>
    (await client.spend({ workspaceId, fromMs: 0, toMs: Date.now() + 1000, lastCalls: 20 })).lastCalls;
  /** How the cache answered, and what. */
  const ask = async (question: string): Promise<string> => {
    const response = await fetch(`${baseUrls.openai}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer own-key' },
      body: JSON.stringify({ model: 'gpt-4o-mini', temperature: 0, messages: [{ role: 'user', content: question }] }),
    });
    const reply = await response.json();
    const id = response.headers.get('x-tollgate-call-id');
    const call = (await calls()).find((one) => one.call.id === id)?.call;
    return `${call?.cache}: ${reply.choices[0].message.content}`;
  };
  const notices = async (): Promise<readonly Notice[]> => (await client.info()).notices;
  running = service;
  return { service, client, workspaceId, calls, ask, notices };
}

test('a question in other words is found through a provider’s embeddings, which cost a row of the ledger', async () => {
  const { service, ask } = await serve('openai/text-embedding-3-small');
  await untilSemantic(ask, (n) => [
    `How do I delete a local git branch ${n}?`,
    `How do I delete a local branch ${n} with the git command line?`,
  ]);
  assert.match(await ask('How do I list all docker containers?'), /^miss/);
  await service.stop();
  const { calls } = await serve('lexical');
  const own = (await calls()).find(({ call }) => call.client === 'tollgate-cache');
  assert.deepEqual(
    [own?.call.endpoint, own?.call.modelRequested, own?.call.cacheReason],
    ['embeddings', 'openai/text-embedding-3-small', 'embedder'],
  );
  // Ten tokens at $0.02 per million, each time.
  assert.deepEqual(
    own?.attempts.map(({ costStatus, costPicoUsd }) => [costStatus, costPicoUsd]),
    embedded.map(() => ['exact', 200_000]),
  );
});

test('an embedder is calibrated on the built-in pairs; one that cannot be asked is told', async () => {
  const { client, workspaceId } = await serve('lexical');
  const report = await client.calibrateCache({ workspaceId, falseHitRate: 0.02 });
  assert.deepEqual([report.embedder, report.pairs], ['lexical-3', { builtIn: 400, judged: 0 }]);
  assert.equal(report.proposed?.threshold, report.presentThreshold);
  const asked = await client.calibrateCache({
    workspaceId,
    falseHitRate: 0.02,
    embedder: 'openai/text-embedding-3-small',
  });
  // All questions that are not about branches lie in one place for this provider: nothing is good enough.
  assert.equal(asked.proposed, undefined);
  assert.ok(embedded.length > 50);
  for (const [embedder, words] of [
    ['onnx:none', /no embedder “onnx:none” here/],
    ['nowhere/model', /no embedder “nowhere\/model” here/],
    ['away/model', /“away\/model” gives no vectors \(away did not embed/],
  ] as const) {
    await assert.rejects(client.calibrateCache({ workspaceId, falseHitRate: 0.02, embedder }), words);
  }
});

test('an embedder that is away costs no call anything, and is told once', async () => {
  const { ask, notices } = await serve('away/some-model');
  assert.equal(await ask('How do I delete a local git branch?'), 'miss: answer 1');
  assert.equal(await ask('How can I delete a local git branch?'), 'hitWording: answer 1');
  const told = (await notices()).filter(({ id }) => id === 'cache').map(({ message }) => message);
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /away did not embed with some-model/);
});

test('a sentence encoder is used once it is in the data folder; one that is not is told', async () => {
  const first = await serve('onnx:small');
  assert.equal(await first.ask('How do I delete a local git branch?'), 'miss: answer 1');
  const told = (await first.notices()).find(({ id }) => id === 'encoder');
  assert.match(told?.message ?? '', /“small” is not installed\. Run “Tollgate: Download Embedding Model…”/);
  await first.service.stop();

  const files = join(folder, 'files');
  writeSmallEncoder(files);
  await importEncoder({ home: join(folder, 'home'), folder: files, id: 'small', pooling: 'mean' }, async () => 32);
  const { ask } = await serve('onnx:small');
  await untilSemantic(ask, (n) => [
    `How do I reverse a string in python ${n}?`,
    `How do I reverse a string in in python ${n}?`,
  ]);
});

/** Loading takes a while that no call waits for, so another pair is asked until the first half of one had a vector. */
async function untilSemantic(ask: (question: string) => Promise<string>, pair: (n: number) => [string, string]) {
  const end = Date.now() + 60_000;
  for (let n = 0, found = ''; !found.startsWith('hitSemantic'); n++) {
    assert.ok(Date.now() < end, found);
    const [first, second] = pair(n);
    const made = (await ask(first)).replace(/^\w+: /, '');
    found = await ask(second);
    if (found.startsWith('hitSemantic')) assert.equal(found, `hitSemantic: ${made}`);
    await sleep(50);
  }
}

test('what was answered in other words is judged over the control plane, and a wrong answer never comes again', async () => {
  const { ask, client, workspaceId } = await serve('lexical');
  const [first, second] = ['How do I delete a local git branch?', 'How can I delete a local git branch?'];
  assert.equal(await ask(first), 'miss: answer 1');
  assert.equal(await ask(first), 'hitExact: answer 1');
  assert.equal(await ask(second), 'hitWording: answer 1');
  const { pairs, figures } = await client.cacheTrust(workspaceId, 50);
  assert.deepEqual(figures, { right: 0, wrong: 0 });
  assert.deepEqual(
    pairs.map(({ kind, served, asked, matched, answer }) => [kind, served, asked, matched, answer]),
    [['wording', true, second, first, 'answer 1']],
  );
  const pairId = pairs[0]?.id ?? '';
  assert.equal((await client.judgeCache({ workspaceId, pairId, verdict: 'wrong' })).verdict, 'wrong');
  assert.equal(await ask(second), 'miss: answer 2');
  assert.equal(await ask(first), 'miss: answer 3');
  const after = await client.cacheTrust(workspaceId, 50);
  assert.deepEqual([after.figures.wrong, after.figures.falseHitRate?.rate, after.isTrustworthy], [1, 1, false]);
  assert.equal(after.pairs[0]?.verdict, 'wrong');
  await assert.rejects(
    client.judgeCache({ workspaceId, pairId: 'gone', verdict: 'right' }),
    /no longer has this answer/,
  );
  await assert.rejects(client.cacheTrust('nobody', 50), /does not know this workspace/);
});

test('kept answers are listed with their questions; one that was wrong goes, counts, and never comes again', async () => {
  const { client, workspaceId, ask } = await serve('lexical');
  assert.equal(await ask('What is a semaphore?'), 'miss: answer 1');
  assert.equal(await ask("What's a semaphore?"), 'hitWording: answer 1');
  assert.equal(await ask('What is a mutex?'), 'miss: answer 2');
  const which = { workspaceId, model: 'openai/gpt-4o-mini' };
  const { answers: kept, stats } = await client.cachedAnswers(which, 10);
  assert.deepEqual(kept.map(({ question, answer, hits }) => [question, answer, hits]).toSorted(), [
    ['What is a mutex?', 'answer 2', 0],
    ['What is a semaphore?', 'answer 1', 1],
  ]);
  assert.deepEqual(
    stats.models.map(({ model, entries }) => [model, entries]),
    [['openai/gpt-4o-mini', 2]],
  );
  const entryId = kept.find(({ hits }) => hits === 1)?.id ?? '';
  const wrong = { workspaceId, entryId, isWrong: true };
  assert.deepEqual(await client.forgetAnswer(wrong), { removed: true, judged: true });
  assert.deepEqual(await client.forgetAnswer(wrong), { removed: false, judged: false });
  assert.equal((await client.cacheTrust(workspaceId, 10)).figures.wrong, 1);
  assert.equal(await ask('What is a semaphore?'), 'miss: answer 3');
  assert.equal(await ask("What's a semaphore?"), 'miss: answer 4');
  assert.deepEqual(await client.clearCache({ workspaceId, model: 'openai/other' }), { removed: 0 });
  assert.deepEqual(await client.clearCache(which), { removed: 3 });
});
