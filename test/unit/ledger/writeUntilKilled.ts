// Records calls for ever and prints the id of the last one that is committed: node writeUntilKilled.ts PATH
import { createLedger } from '../../../src/ledger/createLedger.ts';
import { ledgerSchema } from '../../../src/ledger/ledgerSchema.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { plainAttempt, plainCall } from './rowsForTests.ts';

const store = openStore({ path: process.argv[2] ?? '', schemas: [ledgerSchema], clock: Date.now });
const ledger = createLedger({
  store,
  onProblem: ({ error }) => {
    throw error;
  },
});

function batch(first: number): void {
  const last = first + 7;
  for (let call = first; call <= last; call++) ledger.record(plainCall(`c${call}`), [plainAttempt(`c${call}`)]);
  ledger.flush();
  process.stdout.write(`${last}\n`, () => setImmediate(batch, last + 1));
}

batch(0);
