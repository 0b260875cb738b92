import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { batchSchema } from '../../../src/batch/batchSchema.ts';
import { createJobStore } from '../../../src/batch/jobStore.ts';
import { createLedger } from '../../../src/ledger/createLedger.ts';
import { ledgerSchema } from '../../../src/ledger/ledgerSchema.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { workspaceId } from '../../support/batchHarness.ts';
import { startScriptedBatchServer } from '../../support/scriptedBatchServer.ts';
import { startScriptedMessageBatches } from '../../support/scriptedMessageBatches.ts';
import { soakRounds } from '../../support/soak.ts';

const program = resolve(import.meta.dirname, '../../support/batchRunnerProcess.ts');

/** Runs the process to its end; yields what ended it. */
async function run(...args: readonly string[]): Promise<number | NodeJS.Signals> {
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (piece) => {
    complaints += piece;
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const how = await new Promise<number | NodeJS.Signals>((done) => {
    child.on('close', (code, signal) => done(code ?? signal ?? 'SIGKILL'));
  });
  clearTimeout(limit);
  if (typeof how === 'number' && how !== 0) throw new Error(complaints);
  return how;
}

/** What the test needs to know of a stand-in. */
interface StandIn {
  readonly baseUrl: string;
  readonly batches: readonly unknown[];
  stop(): Promise<void>;
}

interface Matrix {
  readonly model: string;
  readonly costPicoUsd: number;
  start(): Promise<StandIn>;
}

const openai: Matrix = {
  model: 'gpt-4o-mini',
  costPicoUsd: 2_250_000,
  start: () => startScriptedBatchServer({ statuses: ['in_progress', 'completed'] }),
};

/** Haiku 4.5 at half price: 11 in, 200 from the cache, 10 and 20 into it, 36 out. */
const anthropic: Matrix = {
  model: 'claude-haiku-4-5',
  costPicoUsd: 11 * 500_000 + 200 * 50_000 + 10 * 625_000 + 20 * 1_000_000 + 36 * 2_500_000,
  start: async () => {
    const server = await startScriptedMessageBatches({ statuses: ['in_progress', 'in_progress', 'ended'] });
    // Somebody else's, of the same size, before and while.
    server.addForeign(3);
    server.addForeign(3, 'ended');
    return {
      baseUrl: server.baseUrl,
      get batches() {
        return server.batches.filter(({ requests }) => !requests[0]?.custom_id.startsWith('theirs'));
      },
      stop: server.stop,
    };
  },
};

async function killAt({ model, costPicoUsd, start }: Matrix, event: string, occurrence: number): Promise<void> {
  const server = await start();
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-kill-'));
  try {
    const names = ['a', 'b', 'c'];
    const paths = names.map((name) => join(folder, `${name}.md`));
    for (const path of paths) writeFileSync(path, `Say ${path}.`);
    assert.equal(await run(folder, model, server.baseUrl, event, String(occurrence), ...paths), 'SIGKILL');
    assert.equal(await run(folder, model, server.baseUrl, 'none', '1'), 0);
    assert.equal(server.batches.length, 1, 'one batch at the provider');
    for (const name of names)
      assert.match(readFileSync(join(folder, `${name}.result.md`), 'utf8'), /\nanswer to \w+\n$/);
    assert.equal(existsSync(join(folder, 'a.result.2.md')), false);
    const store = openStore({ path: join(folder, 'test.db'), schemas: [ledgerSchema, batchSchema], clock: Date.now });
    const ledger = createLedger({ store, onProblem: ({ error }) => assert.fail(error) });
    const { totals } = ledger.spend({ workspaceId, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, lastCalls: 0 });
    assert.deepEqual([totals.calls, totals.attempts, totals.costPicoUsd], [3, 3, String(3 * costPicoUsd)]);
    const [job] = createJobStore(store).jobsOf(workspaceId);
    assert.deepEqual([job?.state, job?.collected, job?.problem], ['completed', true, undefined]);
    ledger.close();
    store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  }
}

type Step = readonly [event: string, occurrence: number];

/** Where it hurts; the rest is covered by `crash.test.ts`, and here in the soak. */
const matrices: readonly {
  readonly matrix: Matrix;
  readonly always: readonly Step[];
  readonly inSoak: readonly Step[];
}[] = [
  {
    matrix: openai,
    always: [
      ['before POST /v1/files', 1],
      ['after POST /v1/files', 1],
      ['after POST /v1/batches', 1],
      ['before flush', 1],
      ['after flush', 1],
    ],
    inSoak: [
      ['before POST /v1/batches', 1],
      ['after GET /v1/batches/batch_ID', 1],
      ['after GET /v1/files/file-ID/content', 1],
      ['before rename', 1],
      ['after rename', 1],
      ['before replace', 2],
      ['after replace', 2],
      ['before record', 2],
      ['before remove', 1],
      ['after remove', 1],
    ],
  },
  {
    matrix: anthropic,
    always: [
      ['before POST /v1/messages/batches', 1],
      ['after POST /v1/messages/batches', 1],
      ['before flush', 1],
    ],
    inSoak: [
      ['after GET /v1/messages/batches', 1],
      ['after GET /v1/messages/batches/msgbatch_ID', 1],
      ['after GET /v1/messages/batches/msgbatch_ID', 3],
      ['after GET /v1/messages/batches/msgbatch_ID/results', 1],
      ['after rename', 1],
      ['before replace', 2],
      ['after flush', 1],
      ['before remove', 1],
    ],
  },
];

const rounds = Math.min(soakRounds(1), 20);

for (const { matrix, always, inSoak } of matrices)
  for (const [event, occurrence] of soakRounds(1) > 1 ? [...always, ...inSoak] : always)
    test(`${matrix.model}: killed with -9 ${event} (${occurrence}): nothing twice, nothing lost`, async (t) => {
      for (let round = 0; round < rounds; round += 1) await killAt(matrix, event, occurrence);
      t.diagnostic(`${rounds} killed: 0 batches too many, 0 of ${3 * rounds} answers and ledger rows lost or doubled`);
    });
