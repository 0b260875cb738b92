import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLedger } from '../../../src/ledger/createLedger.ts';
import { createSpentReader } from '../../../src/ledger/createSpentReader.ts';
import { ledgerSchema } from '../../../src/ledger/ledgerSchema.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { plainAttempt, plainCall } from './rowsForTests.ts';

test('sums what was spent, by workspace, user, feature, session, route, branch, test run and time, queued rows included', () => {
  const store = openStore({ path: ':memory:', schemas: [ledgerSchema], clock: () => 0 });
  const ledger = createLedger({ store, onProblem: (problem) => assert.fail(problem.error.message) });
  const spent = createSpentReader(store, ledger);
  const record = (id: string, costPicoUsd: number, more: object) => {
    const call = { ...plainCall(id), workspaceId: 'w', startedAtMs: 100, ...more };
    ledger.record(call, [{ ...plainAttempt(id), costPicoUsd }]);
  };
  record('a', 1, { userPseudonym: 'u', feature: 'f', session: 's' });
  record('b', 10, { userPseudonym: 'u', workspaceId: 'w2' });
  record('c', 100, { feature: 'f', route: 'code', branch: 'main' });
  record('d', 1000, { startedAtMs: 50 });
  record('e', 10_000, { testRun: 't', workspaceId: 'w3', uncostedPicoUsd: 5_000 });
  for (let index = 0; index < 3; index++) record(`big${index}`, Number.MAX_SAFE_INTEGER, { workspaceId: 'big' });
  assert.equal(spent({ workspaceId: 'w' }, 0), 1101n);
  assert.equal(spent({ workspaceId: 'w' }, 100), 101n);
  assert.equal(spent({ user: 'u' }, 0), 11n);
  assert.equal(spent({ workspaceId: 'w', user: null }, 0), 1100n);
  assert.equal(spent({ workspaceId: 'w', feature: 'f' }, 0), 101n);
  assert.equal(spent({ workspaceId: 'w', session: 's' }, 0), 1n);
  assert.equal(spent({ workspaceId: 'w', session: null }, 0), 1100n);
  assert.equal(spent({ workspaceId: 'w', route: 'code' }, 0), 100n);
  assert.equal(spent({ workspaceId: 'w', branch: 'main' }, 0), 100n);
  assert.equal(spent({ workspaceId: 'w', branch: 'main' }, 101), 0n);
  assert.equal(spent({ workspaceId: 'w3', testRun: 't' }, 0), 15_000n);
  assert.equal(spent({ workspaceId: 'w3', testRun: 't2' }, 0), 0n);
  assert.equal(spent({ workspaceId: 'big' }, 0), 3n * BigInt(Number.MAX_SAFE_INTEGER));
  assert.equal(spent({ workspaceId: 'none' }, 0), 0n);
  ledger.close();
  store.close();
});
