import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLedger } from '../../../src/ledger/createLedger.ts';
import { ledgerSchema } from '../../../src/ledger/ledgerSchema.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { soakRounds } from '../../support/soak.ts';

const kills = soakRounds(3);

test(`killed ${kills} times while writing, the ledger opens and holds every committed row, each once`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-killed-'));
  try {
    for (let kill = 0; kill < kills; kill++) await killOnce(join(folder, `${kill}.db`), 5 + ((kill * 37) % 200));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function killOnce(path: string, afterBatches: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writeUntilKilled.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > afterBatches) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const lastCommitted = Number(output.trimEnd().split('\n').at(-1));
  const store = openStore({ path, schemas: [ledgerSchema], clock: Date.now });
  const ledger = createLedger({ store, onProblem: ({ error }) => assert.fail(error) });
  const { totals, lastCalls } = ledger.spend({ workspaceId: 'w', fromMs: 0, toMs: 10_000, lastCalls: 1e6 });
  assert.equal(store.movedAside, undefined);
  assert.ok(totals.calls > lastCommitted, `${totals.calls} calls, of which ${lastCommitted + 1} were committed`);
  assert.deepEqual(
    new Set(lastCalls.map(({ call }) => call.id)),
    new Set(Array.from({ length: totals.calls }, (_, call) => `c${call}`)),
  );
  assert.equal(totals.calls % 8, 0, 'rows are committed together or not at all');
  assert.equal(totals.costPicoUsd, (1_000_000n * BigInt(totals.calls)).toString());
  ledger.close();
  store.close();
}
