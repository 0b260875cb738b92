import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { type BatchHarness, createBatchHarness } from '../../support/batchHarness.ts';

/** `@copilotkit/aimock` in a process of its own: an OpenAI-shaped batch API that is not ours. */
let aimock: ChildProcess;
let baseUrl = '';
const folder = mkdtempSync(join(tmpdir(), 'tollgate-aimock-'));

before(async () => {
  const program = join(dirname(createRequire(import.meta.url).resolve('@copilotkit/aimock')), 'cli.js');
  const fixtures = join(folder, 'fixtures.json');
  writeFileSync(fixtures, '{"fixtures":[]}');
  aimock = spawn(process.execPath, [program, '-p', '0', '-h', '127.0.0.1', '-f', fixtures], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  baseUrl = await new Promise<string>((resolve, reject) => {
    let said = '';
    const listen = (piece: Buffer): void => {
      said += piece.toString('utf8');
      const url = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (url !== undefined) resolve(`${url}/v1`);
    };
    aimock.stdout?.on('data', listen);
    aimock.stderr?.on('data', listen);
    aimock.on('exit', () => reject(new Error(said)));
  });
});

after(async () => {
  const ended = new Promise((resolve) => aimock.on('exit', resolve));
  aimock.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

/** aimock decides how a batch ends by a header on its creation. */
function withOutcome(outcome: string): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    if (init?.method === 'POST' && String(input).endsWith('/batches')) headers.set('x-aimock-batch-outcome', outcome);
    return fetch(input, { ...init, headers });
  };
}

async function withHarness(outcome: string, run: (harness: BatchHarness) => Promise<void>): Promise<void> {
  const harness = createBatchHarness({ baseUrl, deps: { fetchFor: () => withOutcome(outcome) } });
  try {
    await run(harness);
  } finally {
    await harness.dispose();
  }
}

const row = (id: string, url: string, body: object): string =>
  JSON.stringify({ custom_id: id, method: 'POST', url, body: { model: 'gpt-4o-mini', ...body } });

test('prompt files and request sets of three endpoints, from file to result and ledger', () =>
  withHarness('completed', async (harness) => {
    const jobs = await harness.submit(
      harness.file('a.md', 'Say one.'),
      harness.file('b.prompt', '---\nmodel: cheap\n---\n{{role "system"}}Be brief.{{role "user"}}Say two.'),
      harness.file('c.prompty', '---\nmodel: gpt-4o\n---\nsystem:\nBe brief.\nuser:\nSay three.'),
      harness.file(
        'set.jsonl',
        [
          row('r1', '/v1/responses', { input: 'x' }),
          row('e1', '/v1/embeddings', { model: 'text-embedding-3-small', input: ['x', 'y'] }),
          row('r2', '/v1/responses', { input: 'y' }),
        ].join('\n'),
      ),
    );
    const ended = await Promise.all(jobs.map(({ id }) => harness.end(id)));
    assert.deepEqual(
      ended.map(({ model, endpoint, state, items }) => [
        model,
        endpoint,
        state,
        items.map((item) => `${item.id} ${item.state}`).join(),
      ]),
      [
        ['gpt-4o-mini', '/v1/chat/completions', 'completed', 'a succeeded,b succeeded'],
        ['gpt-4o', '/v1/chat/completions', 'completed', 'c succeeded'],
        ['gpt-4o-mini', '/v1/responses', 'completed', 'r1 succeeded,r2 succeeded'],
        ['text-embedding-3-small', '/v1/embeddings', 'completed', 'e1 succeeded'],
      ],
    );
    for (const name of ['a', 'b', 'c']) assert.match(harness.read(`${name}.result.md`), /\nMock batch completion\n$/);
    const lines = harness.read('set.results.jsonl').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).custom_id),
      ['r1', 'e1', 'r2'],
    );
    // aimock reports one token in and one out for a chat, one in for an embedding.
    const attempts = harness.calls().flatMap(({ attempts }) => attempts);
    const billed = Object.fromEntries(attempts.map(({ id, costPicoUsd }) => [id.split(':')[2], costPicoUsd]));
    assert.equal(billed.a, 75_000 + 300_000);
    assert.equal(billed.c, 1_250_000 + 5_000_000);
    assert.equal(billed.e1, 10_000);
    assert.equal(attempts.length, 6);
  }));

test('failed: an error line per request', () =>
  withHarness('failed', async (harness) => {
    const [submitted] = await harness.submit(harness.file('a.md', 'x'));
    const job = await harness.end(submitted?.id ?? '');
    assert.equal(job.state, 'failed');
    assert.match(job.problem ?? '', /Mock batch failure/);
    assert.deepEqual(
      job.items.map(({ state, error }) => [state, error]),
      [['failed', 'mock_failure: Mock batch failure (X-AIMock-Batch-Outcome: failed)']],
    );
    assert.deepEqual(harness.calls(), []);
  }));

for (const [outcome, state] of [
  ['expired', 'expired'],
  ['cancelled', 'cancelled'],
] as const)
  test(`${outcome}: no files, every item accounted for`, () =>
    withHarness(outcome, async (harness) => {
      const [submitted] = await harness.submit(harness.file('a.md', 'x'), harness.file('b.md', 'y'));
      const job = await harness.end(submitted?.id ?? '');
      assert.equal(job.state, outcome);
      assert.deepEqual(
        job.items.map((item) => item.state),
        [state, state],
      );
      assert.deepEqual(harness.calls(), []);
    }));

test('cancel by the user', () =>
  withHarness('completed', async (harness) => {
    const [submitted] = await harness.submit(harness.file('a.md', 'x'));
    const id = submitted?.id ?? '';
    await harness.runner.cancel(id);
    const job = await harness.end(id);
    assert.equal(job.state, 'cancelled');
  }));

test('a lost answer to a creation is found by listing', () =>
  withHarness('completed', async (harness) => {
    let lose = true;
    let creations = 0;
    harness.restart({
      fetchFor: () => async (input, init) => {
        const response = await fetch(input, init);
        if (init?.method === 'POST' && String(input).endsWith('/batches')) {
          creations += 1;
          if (lose) {
            lose = false;
            throw new TypeError('fetch failed');
          }
        }
        return response;
      },
    });
    const [submitted] = await harness.submit(harness.file('a.md', 'x'));
    assert.equal((await harness.end(submitted?.id ?? '')).state, 'completed');
    assert.equal(creations, 1);
  }));
