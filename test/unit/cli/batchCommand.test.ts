import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { BatchPlan, Job } from '../../../src/batch/job.ts';
import { createBatchCommand } from '../../../src/cli/batch/batchCommand.ts';
import { UsageError } from '../../../src/cli/errors.ts';
import { nodeDisk } from '../../../src/scan/nodeDisk.ts';
import { startHeadless } from '../../../src/service/startHeadless.ts';
import { spawnTokenWorker } from '../../../src/tokens/spawnTokenWorker.ts';
import { realDetector } from '../../support/detector.ts';
import { encoderFromSource } from '../../support/encoderFromSource.ts';
import { chatAnswer, type ScriptedBatchServer, startScriptedBatchServer } from '../../support/scriptedBatchServer.ts';

const prices = JSON.parse(readFileSync(join(import.meta.dirname, '../../../media/prices.json'), 'utf8'));
const workerPath = join(import.meta.dirname, '../../../src/tokens/worker.ts');
const assets = {
  version: '1.0.0',
  prices,
  spawnWorker: () => spawnTokenWorker(workerPath),
  encoder: encoderFromSource,
};

const sources = { disk: nodeDisk, detector: realDetector };

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('tollgate batch', () => {
  let folder = '';
  let server: ScriptedBatchServer;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-batch-cli-'));
    server = await startScriptedBatchServer({ statuses: ['completed'] });
    const openai = { dialect: 'openai', baseUrl: server.baseUrl, apiKey: 'env:THE_KEY' };
    file('tollgate.jsonc', JSON.stringify({ version: 1, providers: { openai } }));
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function file(name: string, content: string): string {
    writeFileSync(join(folder, name), content);
    return name;
  }
  const env = { THE_KEY: 'test-key' };
  async function batch(...args: readonly string[]): Promise<Said> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await createBatchCommand(() => assets, sources).run([...args, '--data', join(folder, 'data')], {
      cwd: folder,
      env,
      print: async (text) => {
        out.push(text);
      },
      complain: (text) => err.push(text),
      signal: new AbortController().signal,
    });
    return { code, out: out.join(''), err: err.join('') };
  }
  const prompt = (name: string, text: string): string =>
    file(name, `---\nmodel: gpt-4o-mini\nmax_tokens: 10\n---\n${text}`);

  test('plan, submit, wait: the plan is told, the answers are there, the exit code is the verdict', async () => {
    prompt('a.md', 'Say one.');
    prompt('b.md', 'Say one.');
    const planned = await batch('plan', 'a.md', 'b.md');
    assert.equal(planned.code, 0, planned.err);
    assert.match(
      planned.out,
      /^openai\/gpt-4o-mini {2}2 items, 1 duplicate not sent\n {2}\d+ tokens in, output at most 10, /,
    );
    assert.match(planned.out, /at batch price, \$0\.0\d+ at standard price\n/);
    assert.deepEqual(server.requests, []);

    const done = await batch('submit', 'a.md', 'b.md', '--try', '--wait', '--json');
    assert.equal(done.code, 0, done.err);
    const said: { plan: BatchPlan; jobs: Job[] } = JSON.parse(done.out);
    assert.deepEqual(
      said.jobs.map(({ state, collected, totals }) => [state, collected, totals.succeeded, totals.copies]),
      [['completed', true, 2, 1]],
    );
    assert.match(done.err, /^tried a\.md: gpt-4o-mini in \d+ ms, \$0\.0\d+ at standard price\n {2}answer to live\n/);
    assert.match(readFileSync(join(folder, 'b.result.md'), 'utf8'), /answer to a\n$/);

    const again = await batch('submit', 'a.md', 'b.md');
    assert.equal(again.code, 0);
    assert.match(again.out, /answered before, not sent: a\.md \(1 request, see a\.result\.md\)/);
    assert.equal(server.batches.length, 1);
  });

  test('what cannot be sent stops all of it, unless told otherwise', async () => {
    prompt('a.md', 'Say one.');
    file('b.bin', 'x');
    const all = await batch('submit', 'a.md', 'b.bin');
    assert.equal(all.code, 1);
    assert.match(all.err, /^refused: b\.bin: b\.bin is not a prompt file\./);
    assert.match(all.err, /nothing was submitted/);
    assert.equal((await batch('submit', 'a.md', '--max-usd', '0.000001')).code, 1);
    assert.deepEqual(server.requests, []);
    assert.equal((await batch('submit', 'a.md', 'b.bin', '--partial', '--max-usd', '1')).code, 0);
    assert.equal(server.batches.length, 1);
  });

  test('a job goes on from one command to the next; what failed is sent again alone', async () => {
    let isBroken = true;
    server.script.result = (line) =>
      isBroken && line.custom_id === 'b'
        ? { status: 400, body: { error: { message: 'no such thing' } } }
        : chatAnswer(line);
    server.script.statuses = ['in_progress'];
    prompt('a.md', 'Say one.');
    prompt('b.md', 'Say two.');
    const submitted = await batch('submit', 'a.md', 'b.md', '--json');
    assert.equal(submitted.code, 0, submitted.err);
    const [job]: Job[] = JSON.parse(submitted.out).jobs;
    assert.equal((await batch('status')).code, 4);
    assert.equal((await batch('collect', job?.id ?? '', '--wait', '--timeout', '0.2')).code, 4);
    server.script.statuses = ['completed'];
    const collected = await batch('collect', '--wait');
    assert.equal(collected.code, 1);
    assert.match(collected.out, /completed {2}openai\/gpt-4o-mini {2}1\/2 answered, 1 not/);
    isBroken = false;
    const retried = await batch('submit', '--retry', job?.id ?? '', '--wait');
    assert.equal(retried.code, 0, retried.err);
    assert.match(retried.out, /1\/1 answered/);
    assert.ok(existsSync(join(folder, 'b.result.md')));
  });

  test('cancel; unknown jobs and wrong arguments are said', async () => {
    server.script.statuses = ['in_progress'];
    prompt('a.md', 'Say one.');
    const [job]: Job[] = JSON.parse((await batch('submit', 'a.md', '--json')).out).jobs;
    const cancelled = await batch('cancel', job?.id ?? '', '--wait', '--json');
    assert.equal(cancelled.code, 0);
    assert.deepEqual(
      JSON.parse(cancelled.out).jobs.map(({ state }: Job) => state),
      ['cancelled'],
    );
    const unknown = await batch('collect', 'nothing');
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /There is no job nothing/);
    for (const wrong of [[], ['fly'], ['plan'], ['cancel'], ['submit', 'a.md', '--max-usd', 'x'], ['status', '--no']])
      await assert.rejects(batch(...wrong), UsageError);
  });

  test('without a key nothing is submitted, and it is said what to do', async () => {
    prompt('a.md', 'Say one.');
    for (const [apiKey, remedy] of [
      ['env:OTHER_KEY', /The key `env:OTHER_KEY` of `openai` is not there\. Set the variable OTHER_KEY/],
      ['secret:openai', /give the provider `"apiKey": "env:OPENAI_API_KEY"` in tollgate\.jsonc and set that variable/],
    ] as const) {
      const openai = { dialect: 'openai', baseUrl: 'https://api.example.com/v1', apiKey };
      file('tollgate.jsonc', JSON.stringify({ version: 1, providers: { openai } }));
      const { code, err } = await batch('submit', 'a.md');
      assert.equal(code, 1);
      assert.match(err, remedy);
      assert.match(err, /Nothing was submitted\.\n$/);
      const planned = await batch('plan', 'a.md');
      assert.equal(planned.code, 0, planned.err);
      assert.match(planned.out, remedy);
    }
    assert.deepEqual(JSON.parse((await batch('status', '--json')).out).jobs, []);
  });

  test('prompts of a request handler are told of', async () => {
    prompt('a.md', 'Say one.');
    const app = `from fastapi import FastAPI
from openai import OpenAI
app = FastAPI()
@app.post("/ask")
def ask(q: str):
    prompt = open("a.md").read()
    return OpenAI().chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": prompt}])
`;
    file('app.py', app);
    file('night.py', app.replace('@app.post("/ask")\n', ''));
    const planned = await batch('plan', 'a.md');
    assert.equal(planned.code, 0);
    assert.equal(
      planned.err,
      'warning: Somebody may be waiting for this answer, and a batch takes up to 24 hours: app.py, line 6, uses a.md in a request handler.\n',
    );
  });

  test('a spending limit that blocks lets nothing be sent that it does not cover', async () => {
    const openai = { dialect: 'openai', baseUrl: server.baseUrl, apiKey: 'env:THE_KEY' };
    const withLimit = (limitUsd: number, onExceed = 'block'): string =>
      file(
        'tollgate.jsonc',
        JSON.stringify({
          version: 1,
          providers: { openai },
          budgets: [{ scope: 'workspace', limitUsd, window: 'month', onExceed }],
        }),
      );
    // 16,384 tokens of an answer without a bound at $0.30 per million are half a cent.
    file('a.md', '---\nmodel: gpt-4o-mini\n---\nSay one.');
    withLimit(0.001);
    const planned = await batch('plan', 'a.md', '--json');
    assert.equal(planned.code, 1);
    const { objection }: BatchPlan = JSON.parse(planned.out);
    assert.deepEqual(
      [
        objection?.limit?.scope,
        objection?.limit?.window,
        objection?.limit?.limitPicoUsd,
        objection?.limit?.spentPicoUsd,
      ],
      ['workspace', 'month', '1000000000', '0'],
    );
    const refused = await batch('submit', 'a.md', '--try');
    assert.equal(refused.code, 1);
    assert.match(
      refused.err,
      /The limit of \$0\.0010? per month for this workspace does not cover this batch: \$0\.00 is spent, and the batch may cost up to \$0\.0049\d*\. The count starts again at \d{4}-\d\d-01 00:00 UTC\. To go on, raise "limitUsd" under "budgets"/,
    );
    assert.match(refused.err, /Nothing was submitted\.\n$/);
    assert.deepEqual(server.requests, []);

    withLimit(0.001, 'warn');
    assert.equal((await batch('plan', 'a.md')).code, 0);
    withLimit(0.01);
    const done = await batch('submit', 'a.md', '--wait');
    assert.equal(done.code, 0, done.err);
    assert.equal(server.batches.length, 1);
  });

  test('the service that runs is used, and left as it is', async () => {
    const service = await startHeadless({
      folder,
      configPath: join(folder, 'tollgate.jsonc'),
      dataFolder: join(folder, 'data'),
      assets,
      env,
      writeLog: () => undefined,
    });
    if ('failed' in service) return assert.fail(service.failed);
    try {
      prompt('a.md', 'Say one.');
      const done = await batch('submit', 'a.md', '--wait');
      assert.equal(done.code, 0, done.err);
      assert.match(done.out, /1\/1 answered/);
      assert.equal((await fetch(`${service.url}/_tollgate/health`)).status, 204);
    } finally {
      await service.stop();
    }
  });
});
