import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import prices from '../../../../media/prices.json' with { type: 'json' };
import { loadCatalog } from '../../../../src/catalog/loadCatalog.ts';
import { createLedger } from '../../../../src/ledger/createLedger.ts';
import { ledgerSchema } from '../../../../src/ledger/ledgerSchema.ts';
import { type LedgerDay, readLedgerDays } from '../../../../src/ledger/reconcile/ledgerDays.ts';
import type { ProviderReport, ReportedUsage } from '../../../../src/ledger/reconcile/providerReport.ts';
import { type ReconcileOptions, reconcile } from '../../../../src/ledger/reconcile/reconcile.ts';
import { varianceParts } from '../../../../src/ledger/reconcile/splitVariance.ts';
import { openStore } from '../../../../src/store/openStore.ts';
import { soakRounds } from '../../../support/soak.ts';
import { syntheticMonth } from './syntheticMonth.ts';

const catalog = loadCatalog(prices);
const day = '2026-10-05';
const million = 1_000_000;

function ledgerDay(overrides: Partial<LedgerDay> = {}): LedgerDay {
  return {
    day,
    model: 'gpt-4o-2024-08-06',
    tier: 'standard',
    priced: { requests: 10, usage: { input: million, output: million } },
    estimated: { requests: 0, usage: {} },
    unpriced: { requests: 0, usage: {} },
    // $2.50 in and $10 out per million tokens.
    costPicoUsd: 12_500_000_000_000n,
    estimatedPicoUsd: 0n,
    ...overrides,
  };
}

function usageRow(overrides: Partial<ReportedUsage> = {}): ReportedUsage {
  return {
    day,
    model: 'gpt-4o-2024-08-06',
    tier: 'standard',
    usage: { input: million, output: million },
    requests: 10,
    ...overrides,
  };
}

function run(report: ProviderReport, ledger: readonly LedgerDay[], overrides: Partial<ReconcileOptions> = {}) {
  return reconcile({
    provider: 'openai',
    report,
    ledger,
    catalog,
    fromDay: '2026-10-01',
    toDay: '2026-10-31',
    notFinalFromDay: '2026-11-02',
    keyIds: [],
    toleranceRatio: 0.02,
    ...overrides,
  });
}

const cost = (usd: number, item = 'gpt-4o-2024-08-06, input', model: string | null = 'gpt-4o-2024-08-06') => ({
  day,
  item,
  picoUsd: BigInt(Math.round(usd * 1e6)) * 1_000_000n,
  ...(model === null ? {} : { model }),
});

const named = (parts: Readonly<Record<string, bigint>>) =>
  Object.fromEntries(Object.entries(parts).filter(([, picoUsd]) => picoUsd !== 0n));

describe('reconcile', () => {
  test('finds nothing where both agree', () => {
    const { totals, errorRatio, withinTolerance } = run({ usage: [usageRow()], costs: [cost(12.5)] }, [ledgerDay()]);
    assert.deepEqual(named(totals.parts), {});
    assert.equal(totals.providerPicoUsd, totals.ledgerPicoUsd);
    assert.equal(errorRatio, 0);
    assert.ok(withinTolerance);
  });

  test('a report without the date of a snapshot is of the model the ledger has with it', () => {
    const report = {
      usage: [usageRow({ model: 'gpt-4o' })],
      costs: [cost(12.5, 'gpt-4o, input', 'gpt-4o')],
    };
    const { days } = run(report, [ledgerDay()]);
    assert.equal(days.length, 1);
    assert.deepEqual(named(days[0]?.parts ?? {}), {});
  });

  test('tokens of other keys are bypass; without keys, so is what was not recorded', () => {
    const usage = [usageRow({ keyId: 'ours' }), usageRow({ keyId: 'theirs' })];
    const costs = [cost(25)];
    const expected = { bypass: 12_500_000_000_000n };
    const told = run({ usage, costs }, [ledgerDay()], { keyIds: ['ours'] });
    assert.deepEqual(named(told.totals.parts), expected);
    assert.ok(told.keysTold);
    const untold = run({ usage, costs }, [ledgerDay()]);
    assert.deepEqual(named(untold.totals.parts), expected);
    assert.ok(!untold.keysTold);
    assert.equal(untold.errorRatio, 0);
  });

  test('rows that the ledger lacks, and rows that only it has', () => {
    const usage = [usageRow({ keyId: 'ours', usage: { input: 2 * million, output: 2 * million }, requests: 20 })];
    const lacking = run({ usage, costs: [cost(25)] }, [ledgerDay()], { keyIds: ['ours'] });
    assert.deepEqual(named(lacking.totals.parts), { missing: 12_500_000_000_000n });
    const nothing = run({ usage: [usageRow({ day: '2026-10-06' })], costs: [] }, [ledgerDay()]);
    assert.equal(nothing.totals.parts.notOnInvoice, -12_500_000_000_000n);
  });

  test('a wrong estimate is told from a lost row by the count of requests', () => {
    const estimated = ledgerDay({
      estimated: { requests: 2, usage: { output: 100_000 } },
      estimatedPicoUsd: 1_000_000_000_000n,
    });
    const report = {
      usage: [usageRow({ usage: { input: million, output: million + 50_000 } })],
      costs: [cost(13)],
    };
    const { totals, errorRatio } = run(report, [estimated]);
    assert.deepEqual(named(totals.parts), { estimated: 500_000_000_000n });
    assert.equal(errorRatio, 0.5 / 13);
  });

  test('recorded calls without a price, tokens at another tier, other rates, and fees are told apart', () => {
    const unpriced = ledgerDay({
      unpriced: { requests: 10, usage: { input: million, output: million } },
    });
    const doubled = usageRow({ usage: { input: 2 * million, output: 2 * million }, requests: 20 });
    assert.deepEqual(named(run({ usage: [doubled], costs: [cost(25)] }, [unpriced]).totals.parts), {
      unpriced: 12_500_000_000_000n,
    });
    const batch = run({ usage: [usageRow({ tier: 'batch' })], costs: [cost(6.25)] }, [ledgerDay()]);
    assert.deepEqual(named(batch.totals.parts), { tier: -6_250_000_000_000n });
    const dearer = run({ usage: [usageRow()], costs: [cost(15)] }, [ledgerDay()]);
    assert.deepEqual(named(dearer.totals.parts), { price: 2_500_000_000_000n });
    assert.deepEqual(dearer.rateDifferences, [
      { model: 'gpt-4o-2024-08-06', fromDay: day, toDay: day, ratio: 1.2, picoUsd: 2_500_000_000_000n },
    ]);
    const fees = run(
      { usage: [usageRow()], costs: [cost(12.5), cost(0.4, 'Web search', null), cost(-1, 'Credit', null)] },
      [ledgerDay()],
    );
    assert.equal(fees.totals.toolFeesPicoUsd, 400_000_000_000n);
    assert.equal(fees.totals.creditsPicoUsd, -1_000_000_000_000n);
    assert.equal(fees.totals.providerPicoUsd, 11_900_000_000_000n);
  });

  test('one figure for a whole day is shared out by what the tokens cost', () => {
    const report = {
      usage: [usageRow(), usageRow({ model: 'gpt-4o-mini-2024-07-18', usage: { input: million } })],
      costs: [cost(12.65, 'all usage', null)],
    };
    const mini = ledgerDay({
      model: 'gpt-4o-mini-2024-07-18',
      priced: { requests: 1, usage: { input: million } },
      costPicoUsd: 150_000_000_000n,
    });
    const { totals, other } = run(report, [ledgerDay(), mini]);
    assert.deepEqual(named(totals.parts), {});
    assert.deepEqual(other, []);
  });

  test('days that the provider may still change are left out and named', () => {
    const { notFinalDays, days } = run({ usage: [usageRow()], costs: [cost(99)] }, [ledgerDay()], {
      fromDay: day,
      toDay: '2026-10-06',
      notFinalFromDay: day,
    });
    assert.deepEqual(notFinalDays, [day, '2026-10-06']);
    assert.deepEqual(days, []);
  });

  test('the parts and the ledger are the invoice, to the picodollar', () => {
    const tokens = fc.record({ input: fc.nat(5_000_000), output: fc.nat(2_000_000), cacheRead: fc.nat(1_000_000) });
    const tier = fc.constantFrom('standard' as const, 'batch' as const, 'flex' as const);
    const model = fc.constantFrom('gpt-4o-2024-08-06', 'gpt-4o-mini', 'nobody-knows-this-model');
    const reported = fc.record({
      model,
      tier,
      usage: tokens,
      requests: fc.nat(500),
      keyId: fc.constantFrom('ours', 'theirs'),
    });
    const recorded = fc.record({
      model,
      tier,
      priced: tokens,
      unpriced: tokens,
      requests: fc.nat(400),
      estimated: fc.nat(20),
      cost: fc.bigInt(0n, 10n ** 15n),
    });
    fc.assert(
      fc.property(
        fc.array(reported, { maxLength: 6 }),
        fc.array(recorded, { maxLength: 6 }),
        fc.array(fc.tuple(fc.option(model, { nil: undefined }), fc.bigInt(-(10n ** 13n), 10n ** 15n)), {
          maxLength: 5,
        }),
        fc.constantFrom([], ['ours']),
        (usage, rows, amounts, keyIds) => {
          const costs = amounts.map(([name, picoUsd]) => ({
            day,
            item: 'x',
            picoUsd,
            ...(name === undefined ? {} : { model: name }),
          }));
          const ledger = rows.map((row) =>
            ledgerDay({
              model: row.model,
              tier: row.tier,
              priced: { requests: row.requests, usage: row.priced },
              unpriced: { requests: 1, usage: row.unpriced },
              estimated: { requests: row.estimated, usage: {} },
              costPicoUsd: row.cost,
              estimatedPicoUsd: row.cost / 3n,
            }),
          );
          const { days, totals } = run({ usage: usage.map((row) => ({ ...row, day })), costs }, ledger, { keyIds });
          for (const one of days) {
            const explained = varianceParts.reduce((sum, part) => sum + one.parts[part], 0n);
            if (one.provider.picoUsd !== undefined) assert.equal(one.ledger.picoUsd + explained, one.provider.picoUsd);
          }
          if (days.every((one) => one.provider.picoUsd !== undefined))
            assert.equal(
              totals.providerPicoUsd,
              costs.reduce((sum, { picoUsd }) => sum + picoUsd, 0n),
            );
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a month of calls', () => {
  test('planted bypass, lost rows and a price change are each named within 1 %', async (context) => {
    const calls = soakRounds(2000);
    const month = syntheticMonth(calls, 20261124n);
    const store = openStore({ path: ':memory:', schemas: [ledgerSchema], clock: () => 0 });
    const ledger = createLedger({ store, onProblem: ({ error }) => assert.fail(error.message) });
    for (const { call, attempts } of month.rows) ledger.record(call, attempts);
    ledger.close();
    const toMs = month.firstMs + 30 * 86_400_000;
    const days = await readLedgerDays(store, { provider: 'openai', fromMs: month.firstMs, toMs, timeZone: 'UTC' });
    const found = run(month.report, days, { keyIds: ['key_proxy'] });
    store.close();
    for (const cause of ['bypass', 'missing', 'price'] as const) {
      const [planted, named] = [Number(month.planted[cause]), Number(found.totals.parts[cause])];
      context.diagnostic(
        `${calls} calls: ${cause} planted $${(planted / 1e12).toFixed(4)}, named $${(named / 1e12).toFixed(4)}`,
      );
      assert.ok(Math.abs(named - planted) <= planted * 0.01, `${cause}: ${named} for ${planted}`);
    }
    for (const part of ['notOnInvoice', 'unpriced', 'estimated', 'tier', 'unexplained'] as const)
      assert.equal(found.totals.parts[part], 0n, part);
    assert.deepEqual(
      found.rateDifferences.map(({ model, fromDay, toDay, ratio }) => ({
        model,
        fromDay,
        toDay,
        ratio: ratio.toFixed(2),
      })),
      [{ model: 'gpt-4.1-2025-04-14', fromDay: '2026-10-16', toDay: '2026-10-30', ratio: '1.25' }],
    );
  });
});
