import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { createLedger } from '../../../../src/ledger/createLedger.ts';
import { decimalUsd } from '../../../../src/ledger/export/decimalUsd.ts';
import { type ExportFormat, exportCalls } from '../../../../src/ledger/export/exportCalls.ts';
import type { CallFilter } from '../../../../src/ledger/export/readCalls.ts';
import type { CallWithAttempts, Ledger } from '../../../../src/ledger/ledger.ts';
import { ledgerSchema } from '../../../../src/ledger/ledgerSchema.ts';
import { picoUsdOfDecimal } from '../../../../src/ledger/reconcile/usdAmount.ts';
import { openStore } from '../../../../src/store/openStore.ts';
import type { Store } from '../../../../src/store/store.ts';
import { plainAttempt, plainCall } from '../rowsForTests.ts';

/** The columns that FOCUS 1.3 calls mandatory for Cost and Usage. */
const mandatory =
  `BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory
ChargeClass ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost HostProviderName InvoiceIssuerName
ListCost PricingQuantity PricingUnit ProviderName PublisherName ServiceCategory ServiceName ServiceProviderName`.split(
    /\s+/,
  );
const mayBeNull = new Set(['BillingAccountName', 'ChargeClass', 'ChargeDescription', 'PricingQuantity', 'PricingUnit']);

describe('exportCalls', () => {
  let store: Store;
  let ledger: Ledger;

  beforeEach(() => {
    store = openStore({ path: ':memory:', schemas: [ledgerSchema], clock: () => 0 });
    ledger = createLedger({ store, onProblem: ({ error }) => assert.fail(error.message) });
  });
  afterEach(() => {
    ledger.close();
    store.close();
  });

  const all: CallFilter = { workspaceId: 'w', fromMs: 0, toMs: 10_000 };
  async function exported(format: ExportFormat, filter: CallFilter = all): Promise<string> {
    ledger.flush();
    let text = '';
    for await (const piece of exportCalls(store, filter, format)) text += piece;
    return text;
  }
  const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true });

  test('CSV: a line per attempt, one per call without, and no formulas', async () => {
    ledger.record(plainCall('a', { feature: '=cmd|"/c calc"!A1', tags: { env: 'ci' } }), [
      plainAttempt('a', { status: 500, costStatus: 'notBilled', usage: {} }),
      plainAttempt('a', { index: 1, costPicoUsd: 1_500_000_000_000, usage: { input: 7, cacheWrite5m: 3 } }),
    ]);
    ledger.record(plainCall('b', { cache: 'hitExact', savedPicoUsd: 2_000_000 }), []);
    const rows = rowsOf(await exported('csv'));
    assert.deepEqual(
      rows.map((row) => [row.call_id, row.attempt, row.cost_usd, row.saved_usd, row.cost_status]),
      [
        ['a', '0', '0.000001', '', 'notBilled'],
        ['a', '1', '1.5', '', 'exact'],
        ['b', '', '', '0.000002', ''],
      ],
    );
    assert.equal(rows[0]?.feature, '\'=cmd|"/c calc"!A1');
    assert.equal(rows[1]?.cache_write5m_tokens, '3');
    assert.equal(rows[0]?.tags, '{"env":"ci"}');
  });

  test('JSON: the rows as they were recorded, however many pages', async () => {
    for (let index = 0; index < 1203; index += 1)
      ledger.record(plainCall(`c${index}`, { startedAtMs: index % 7 }), [plainAttempt(`c${index}`)]);
    const read: CallWithAttempts[] = JSON.parse(await exported('json'));
    assert.equal(read.length, 1203);
    assert.equal(new Set(read.map(({ call }) => call.id)).size, 1203);
    assert.ok(
      read.every(({ call }, index) => index === 0 || (read[index - 1]?.call.startedAtMs ?? 0) <= call.startedAtMs),
    );
    const { call, attempts } = read.find((one) => one.call.id === 'c5') ?? assert.fail();
    assert.deepEqual({ call, attempts }, { call: plainCall('c5', { startedAtMs: 5 }), attempts: [plainAttempt('c5')] });
  });

  test('nothing to export is a whole document too', async () => {
    assert.deepEqual(JSON.parse(await exported('json')), []);
    assert.deepEqual(rowsOf(await exported('csv')), []);
    assert.match(await exported('csv'), /^call_id,started_at,/);
    assert.match(await exported('focus'), /^BilledCost,BillingAccountId,/);
  });

  test('filters narrow, and other workspaces are not there', async () => {
    ledger.record(plainCall('a', { feature: 'chat', branch: 'main', userPseudonym: 'u_1', callSite: 'a.py:3' }), [
      plainAttempt('a'),
    ]);
    ledger.record(plainCall('b', { feature: 'search' }), [plainAttempt('b', { model: 'gpt-4.1' })]);
    ledger.record(plainCall('c', { workspaceId: 'other', feature: 'chat' }), [plainAttempt('c')]);
    const ids = async (filter: Partial<CallFilter>) =>
      rowsOf(await exported('csv', { ...all, ...filter })).map((row) => row.call_id);
    assert.deepEqual(await ids({}), ['a', 'b']);
    assert.deepEqual(await ids({ feature: 'chat' }), ['a']);
    assert.deepEqual(await ids({ model: 'openai/gpt-4.1' }), ['b']);
    assert.deepEqual(await ids({ user: 'u_1', branch: 'main', callSite: 'a.py:3' }), ['a']);
    assert.deepEqual(await ids({ feature: "' OR 1=1 --" }), []);
    assert.deepEqual(await ids({ fromMs: 1001 }), []);
    assert.deepEqual(await ids({ fromMs: 1000, toMs: 1001 }), ['a', 'b']);
  });

  test('FOCUS: every mandatory column, costs that are never null, times of the right form', async () => {
    const startedAtMs = Date.parse('2026-12-31T23:59:59.500Z');
    ledger.record(plainCall('a', { feature: 'chat', startedAtMs: 5000 }), [
      plainAttempt('a', { startedAtMs, endedAtMs: startedAtMs + 900, costPicoUsd: 123 }),
      plainAttempt('a', { index: 1, demo: true }),
    ]);
    const unpriced = plainAttempt('b', { costStatus: 'unpriced' });
    const { costPicoUsd: _cost, priceId: _price, ...withoutCost } = unpriced;
    ledger.record(plainCall('b'), [withoutCost]);
    const rows = rowsOf(await exported('focus'));
    assert.equal(rows.length, 1);
    const [row = {}] = rows;
    for (const column of mandatory) {
      assert.ok(column in row, column);
      if (!mayBeNull.has(column)) assert.notEqual(row[column], '', column);
    }
    assert.equal(row.BilledCost, '0.000000000123');
    assert.equal(row.ChargePeriodStart, '2026-12-31T23:59:59Z');
    assert.equal(row.ChargePeriodEnd, '2027-01-01T00:00:00Z');
    assert.equal(row.BillingPeriodStart, '2026-12-01T00:00:00Z');
    assert.equal(row.BillingPeriodEnd, '2027-01-01T00:00:00Z');
    assert.equal(row.Tags, '{"feature":"chat"}');
    for (const column of Object.keys(row)) assert.ok(/^(?:[A-Z]|x_[A-Z])[A-Za-z]*$/.test(column), column);
  });
});

test('decimalUsd is exact', () => {
  assert.equal(decimalUsd(0), '0');
  assert.equal(decimalUsd(-1), '-0.000000000001');
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 24n), 10n ** 24n), (amount) => {
      assert.equal(picoUsdOfDecimal(decimalUsd(amount), 1_000_000_000_000n), amount);
    }),
  );
});
