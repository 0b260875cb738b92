import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import prices from '../../../media/prices.json' with { type: 'json' };
import { loadCatalog } from '../../../src/catalog/loadCatalog.ts';
import { defaultConfig } from '../../../src/config/defaultConfig.ts';
import { createLedger } from '../../../src/ledger/createLedger.ts';
import { ledgerSchema } from '../../../src/ledger/ledgerSchema.ts';
import { reconciliationText } from '../../../src/ledger/reconcile/reconciliationText.ts';
import { createReconciliations, type Reconciliations } from '../../../src/service/createReconciliations.ts';
import { ControlRefused } from '../../../src/service/errors.ts';
import { openStore } from '../../../src/store/openStore.ts';
import type { Store } from '../../../src/store/store.ts';
import { plainAttempt, plainCall } from '../ledger/rowsForTests.ts';

const dayMs = 86_400_000;
const first = Date.parse('2026-10-01T12:00:00Z');
const header = 'start_time_iso,input_tokens,output_tokens,num_model_requests,model,api_key_id';

describe('createReconciliations', () => {
  let folder = '';
  let store: Store;
  let reconciliations: Reconciliations;
  const fetched: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-reconcile-'));
    fetched.length = 0;
    store = openStore({ path: ':memory:', schemas: [ledgerSchema], clock: () => 0 });
    const ledger = createLedger({ store, onProblem: ({ error }) => assert.fail(error.message) });
    for (let day = 0; day < 3; day += 1) {
      const startedAtMs = first + day * dayMs;
      const attempt = plainAttempt(`c${day}`, {
        model: 'gpt-4o-2024-08-06',
        usage: { input: 1_000_000 },
        costPicoUsd: 2_500_000_000_000,
      });
      // One in another workspace: an invoice does not know the difference. One of the demo: nobody bills it.
      ledger.record(plainCall(`c${day}`, { startedAtMs, workspaceId: `w${day}` }), [attempt]);
      ledger.record(plainCall(`d${day}`, { startedAtMs }), [{ ...attempt, callId: `d${day}`, demo: true }]);
    }
    ledger.flush();
    const answer = async (input: string | URL | Request): Promise<Response> => {
      fetched.push(String(input));
      return Response.json({ data: [], has_more: false, next_page: null });
    };
    reconciliations = createReconciliations({
      store,
      ledger,
      catalogOf: () => loadCatalog(prices),
      configOf: () => ({
        ...defaultConfig,
        providers: {
          openai: { dialect: 'openai', baseUrl: 'https://api.openai.com/v1' },
          elsewhere: { dialect: 'openai', baseUrl: 'https://collector.example/v1' },
          demo: { dialect: 'openai', baseUrl: 'demo:' },
        },
      }),
      fetch: answer,
      readFile: (path) => readFile(path, 'utf8'),
      now: () => Date.parse('2026-10-05T10:00:00Z'),
    });
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, lines: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  const request = { workspaceId: 'w0', provider: 'openai', fromDay: '2026-10-01', toDay: '2026-10-05', keyIds: [] };
  const refusedWith = (code: string, message: RegExp) => (error: unknown) =>
    error instanceof ControlRefused && error.code === code && message.test(error.message);

  test('exported files are compared with all workspaces, and the report is kept', async () => {
    const usage = write('usage.csv', [
      header,
      '2026-10-01T00:00:00+00:00,1000000,0,1,gpt-4o-2024-08-06,key_a',
      '2026-10-02T00:00:00+00:00,3000000,0,3,gpt-4o-2024-08-06,key_a',
      '2026-10-04T00:00:00+00:00,9000000,0,9,gpt-4o-2024-08-06,key_a',
    ]);
    const costs = write('costs.csv', [
      'start_time_iso,amount_value,amount_currency,line_item',
      '2026-10-01T00:00:00+00:00,2.5,usd,"gpt-4o-2024-08-06, input"',
      '2026-10-02T00:00:00+00:00,7.5,usd,"gpt-4o-2024-08-06, input"',
    ]);
    const source = { kind: 'files', paths: [usage, costs] } as const;
    const report = await reconciliations.reconcile({ ...request, source });
    assert.deepEqual(report.notFinalDays, ['2026-10-03', '2026-10-04', '2026-10-05']);
    assert.equal(report.totals.ledgerPicoUsd, '5000000000000');
    assert.equal(report.totals.providerPicoUsd, '10000000000000');
    assert.equal(report.totals.parts.bypass, '5000000000000');
    assert.equal(report.errorRatio, 0);
    assert.deepEqual(reconciliations.kept(), [report]);

    const again = await reconciliations.reconcile({ ...request, keyIds: ['key_a'], source });
    assert.equal(again.totals.parts.missing, '5000000000000');
    assert.deepEqual(reconciliations.kept(), [again], 'the newer takes its place');
    assert.match(
      reconciliationText(again),
      /\| 2026-10-02 \| gpt-4o-2024-08-06 \| 1 \/ 3 \| 1000000 \/ 3000000 \| \$2\.50 \| \$7\.50 \| \+\$5\.00 \| Calls with your keys that the ledger lacks \|/,
    );
  });

  test('an admin key goes to the vendor or to this machine, never to another host', async () => {
    const source = { kind: 'api', adminKey: 'sk-admin' } as const;
    await reconciliations.reconcile({ ...request, source });
    assert.ok(fetched.every((url) => url.startsWith('https://api.openai.com/v1/organization/')));
    assert.equal(fetched.length, 3);
    for (const provider of ['elsewhere', 'demo', 'nobody'])
      await assert.rejects(
        reconciliations.reconcile({ ...request, provider, source }),
        refusedWith('noReports', /exported CSV/),
      );
    assert.equal(fetched.length, 3);
  });

  test('a file that is not there, or not a report, is named', async () => {
    const missing = join(folder, 'none.csv');
    const reconcile = (paths: readonly string[]) =>
      reconciliations.reconcile({ ...request, source: { kind: 'files', paths } });
    await assert.rejects(reconcile([missing]), refusedWith('notReadable', /none\.csv could not be read/));
    const foreign = write('foreign.csv', ['a,b', '1,2']);
    await assert.rejects(reconcile([foreign]), refusedWith('notReadable', /its columns are a, b/));
    assert.deepEqual(reconciliations.kept(), []);
  });
});
