import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type UsageKind, usageKinds } from '../../../src/catalog/usage.ts';
import { createLedger, type LedgerProblem } from '../../../src/ledger/createLedger.ts';
import { ledgerSchema } from '../../../src/ledger/ledgerSchema.ts';
import type { AttemptRow, CacheOutcome, CallRow } from '../../../src/ledger/rows.ts';
import { StoreError } from '../../../src/store/errors.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { plainAttempt, plainCall } from './rowsForTests.ts';

function openLedger(maxPages?: number) {
  const problems: LedgerProblem[] = [];
  const timers: { run: () => void; delayMs: number }[] = [];
  const store = openStore({
    path: ':memory:',
    schemas: [ledgerSchema],
    clock: () => 0,
    ...(maxPages === undefined ? {} : { maxPages }),
  });
  const ledger = createLedger({
    store,
    onProblem: (problem) => problems.push(problem),
    setTimer: (run, delayMs) => {
      timers.push({ run, delayMs });
      return setTimeout(() => undefined, 0);
    },
  });
  const committed = () => Number(store.database.prepare('SELECT count(*) AS rows FROM ledger_call').get()?.rows);
  return { store, ledger, problems, timers, committed };
}

const all = { workspaceId: 'w', fromMs: 0, toMs: 10_000, lastCalls: 1000 };

describe('createLedger', () => {
  test('commits queued rows together within 250 ms', () => {
    const { ledger, timers, committed } = openLedger();
    ledger.record(plainCall('a'), [plainAttempt('a')]);
    ledger.record(plainCall('b'), [plainAttempt('b')]);
    assert.equal(committed(), 0);
    assert.deepEqual(
      timers.map(({ delayMs }) => delayMs),
      [250],
    );
    timers[0]?.run();
    assert.equal(committed(), 2);
    ledger.record(plainCall('c'), []);
    ledger.close();
    assert.equal(committed(), 3);
  });

  test('gives back every field of a row, and nothing that was absent', () => {
    const { ledger } = openLedger();
    const call: Required<CallRow> = {
      ...plainCall('full'),
      modelRequested: 'cheap',
      alias: 'cheap',
      model: 'openai/gpt-4o-mini',
      route: 'classify',
      cacheReason: 'ttl',
      savedPicoUsd: 5,
      errorClass: 'overload',
      userPseudonym: 'u1',
      feature: 'checkout',
      tags: { env: 'dev', zwölf: '"' },
      session: 's',
      branch: 'main',
      testRun: 't1',
      uncostedPicoUsd: 7,
      commit: 'abc',
      callSite: 'a.ts:1:f',
      client: 'openai/7',
    };
    const attempt: Required<AttemptRow> = {
      ...plainAttempt('full'),
      costPicoUsd: Number.MAX_SAFE_INTEGER,
      priceId: 'p',
      firstByteAtMs: 1100,
      errorClass: 'server',
      finishReason: 'stop',
      usageRaw: '{"prompt_tokens":1}',
      costReason: 'tier',
      demo: true,
      serviceTier: 'flex',
      usage: Object.fromEntries(usageKinds.map((kind, index) => [kind, index + 1])),
    };
    const plain = { call: plainCall('plain', { startedAtMs: 999 }), attempts: [plainAttempt('plain')] };
    ledger.record(call, [attempt]);
    ledger.record(plain.call, plain.attempts);
    assert.deepEqual(ledger.spend(all).lastCalls, [{ call, attempts: [attempt] }, plain]);
  });

  test('unpriced attempts are counted and are not zero dollars', () => {
    const { ledger } = openLedger();
    const { costPicoUsd: _, priceId: __, ...unpriced } = plainAttempt('a', { costStatus: 'unpriced', model: 'my-ft' });
    ledger.record(plainCall('a'), [unpriced]);
    ledger.record(plainCall('b', { cache: 'hitExact', model: 'openai/my-ft' }), []);
    const { totals, byModel } = ledger.spend(all);
    assert.equal(totals.unpricedAttempts, 1);
    assert.equal(totals.unpricedHits, 1);
    assert.deepEqual(byModel, [
      {
        key: 'openai/my-ft',
        calls: 2,
        cacheHits: 1,
        inputTokens: 1,
        outputTokens: 2,
        costPicoUsd: '0',
        savedPicoUsd: '0',
        unpricedAttempts: 1,
      },
    ]);
  });

  test('shadow hits save nothing yet, and are told apart', () => {
    const { ledger } = openLedger();
    ledger.record(plainCall('a', { cache: 'shadowExact', savedPicoUsd: 7 }), [plainAttempt('a')]);
    ledger.record(plainCall('b', { cache: 'joined', savedPicoUsd: 11 }), []);
    const { totals } = ledger.spend(all);
    assert.equal(totals.savedPicoUsd, '11');
    assert.equal(totals.shadowSavedPicoUsd, '7');
  });

  test('a call recorded twice counts once', () => {
    const { ledger } = openLedger();
    ledger.record(plainCall('a'), [plainAttempt('a')]);
    assert.equal(ledger.spend(all).totals.attempts, 1);
    ledger.record(plainCall('a'), [plainAttempt('a')]);
    assert.equal(ledger.spend(all).totals.attempts, 1);
    assert.equal(ledger.spend(all).totals.calls, 1);
  });

  test('the window is half open and of one workspace', () => {
    const { ledger } = openLedger();
    for (const [id, startedAtMs] of [
      ['before', 9],
      ['first', 10],
      ['last', 19],
      ['after', 20],
    ] as const)
      ledger.record(plainCall(id, { startedAtMs }), [plainAttempt(id)]);
    ledger.record(plainCall('other', { startedAtMs: 15, workspaceId: 'x' }), [plainAttempt('other')]);
    const spend = ledger.spend({ workspaceId: 'w', fromMs: 10, toMs: 20, lastCalls: 9 });
    assert.deepEqual(
      spend.lastCalls.map(({ call }) => call.id),
      ['last', 'first'],
    );
    assert.equal(spend.totals.attempts, 2);
  });

  test('sums beyond 64 bits of picodollars are exact', () => {
    const { ledger } = openLedger();
    const calls = 1100;
    for (let call = 0; call < calls; call++)
      ledger.record(plainCall(`c${call}`), [plainAttempt(`c${call}`, { costPicoUsd: Number.MAX_SAFE_INTEGER })]);
    assert.equal(ledger.spend(all).totals.costPicoUsd, (BigInt(Number.MAX_SAFE_INTEGER) * BigInt(calls)).toString());
  });

  test('with a full disk rows wait, still count, are reported once and written when there is space', () => {
    const { ledger, store, problems, timers, committed } = openLedger(45);
    const tag = 't'.repeat(500);
    const count = 200;
    for (let call = 0; call < count; call++) {
      ledger.record(plainCall(`c${call}`, { tags: { tag } }), [plainAttempt(`c${call}`)]);
      if (call % 20 === 0) ledger.flush();
    }
    ledger.flush();
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.error.reason, 'diskFull');
    assert.ok(committed() < count);
    assert.equal(ledger.spend(all).totals.calls, count);
    assert.equal(ledger.spend(all).lastCalls.length, count);
    store.database.exec('PRAGMA max_page_count = 10000');
    timers.at(-1)?.run();
    assert.equal(committed(), count);
    assert.equal(ledger.spend(all).totals.attempts, count);
  });

  test('a row the database refuses does not hold up the others', () => {
    const { ledger, problems } = openLedger();
    ledger.record(plainCall('a'), [plainAttempt('a')]);
    ledger.record(plainCall('bad', { overheadMs: Number.NaN }), [plainAttempt('bad')]);
    ledger.record(plainCall('b'), [plainAttempt('b')]);
    assert.equal(ledger.spend(all).totals.calls, 2);
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.rowsDropped, 1);
    assert.ok(StoreError.is(problems[0]?.error, 'refused'));
  });
});

const outcome = fc.constantFrom<CacheOutcome>('hitExact', 'hitWording', 'joined', 'shadowExact', 'miss', 'bypass');
const money = fc.oneof(fc.nat(), fc.maxSafeNat());
const attemptArbitrary = fc.record({
  model: fc.constantFrom('a', 'b', 'c'),
  demo: fc.boolean(),
  cost: fc.option(money, { nil: undefined }),
  estimated: fc.boolean(),
  usage: fc.dictionary(fc.constantFrom(...usageKinds), fc.nat(1_000_000)),
});
const callArbitrary = fc.record({
  cache: outcome,
  saved: fc.option(money, { nil: undefined }),
  feature: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
  status: fc.constantFrom(200, 429, 499),
  metered: fc.boolean(),
  attempts: fc.array(attemptArbitrary, { maxLength: 3 }),
});

test('totals and groups are the sums of the rows, committed or not', () => {
  fc.assert(
    fc.property(fc.array(callArbitrary, { maxLength: 30, size: 'max' }), fc.boolean(), (plans, full) => {
      const { ledger, store } = openLedger();
      const rows = plans.map((plan, index) => rowsOf(plan, `c${index}`));
      rows.forEach(({ call, attempts }, index) => {
        ledger.record(call, attempts);
        if (index === 10) ledger.flush();
        // What is kept of this window has to follow what comes after.
        if (index === 5 || index === 15) ledger.spend(all);
        if (index === 20 && full) store.database.exec('PRAGMA query_only = 1');
      });
      const { totals, byModel, byFeature } = ledger.spend(all);
      const attempts = rows.flatMap((row) => row.attempts);
      const calls = rows.map((row) => row.call);
      const cost = attempts.reduce((sum, { costPicoUsd }) => sum + BigInt(costPicoUsd ?? 0), 0n);
      const hits = calls.filter(({ cache }) => cache.startsWith('hit') || cache === 'joined');
      const saved = hits.reduce((sum, { savedPicoUsd }) => sum + BigInt(savedPicoUsd ?? 0), 0n);
      assert.equal(totals.costPicoUsd, cost.toString());
      assert.equal(totals.savedPicoUsd, saved.toString());
      assert.equal(totals.calls, calls.length);
      assert.equal(totals.attempts, attempts.length);
      assert.equal(totals.failedCalls, calls.filter(({ status }) => status >= 400).length);
      assert.equal(totals.unmeteredCalls, calls.filter(({ metered }) => !metered).length);
      assert.equal(totals.unpricedHits, hits.filter(({ savedPicoUsd }) => savedPicoUsd === undefined).length);
      assert.equal(totals.unpricedAttempts, attempts.filter(({ costStatus }) => costStatus === 'unpriced').length);
      assert.equal(totals.demoAttempts, attempts.filter(({ demo }) => demo).length);
      assert.equal(totals.inputTokens + totals.outputTokens, tokens(attempts));
      for (const groups of [byModel, byFeature]) {
        assert.equal(
          groups.reduce((sum, group) => sum + BigInt(group.costPicoUsd), 0n),
          cost,
        );
        assert.equal(
          groups.reduce((sum, group) => sum + BigInt(group.savedPicoUsd), 0n),
          saved,
        );
        assert.equal(
          groups.reduce((sum, group) => sum + group.calls, 0),
          calls.length,
        );
        assert.equal(
          groups.reduce((sum, group) => sum + group.cacheHits, 0),
          hits.length,
        );
      }
      ledger.close();
    }),
    { numRuns: 60 },
  );
});

function rowsOf(plan: Plan, id: string) {
  const call = plainCall(id, {
    cache: plan.cache,
    status: plan.status,
    metered: plan.metered,
    ...(plan.saved === undefined ? {} : { savedPicoUsd: plan.saved }),
    ...(plan.feature === undefined ? {} : { feature: plan.feature }),
  });
  const attempts = plan.attempts.map(({ model, demo, cost, estimated, usage }, index): AttemptRow => {
    const { costPicoUsd: _, ...rest } = plainAttempt(id, { index, model, demo, usage });
    if (cost === undefined) return { ...rest, costStatus: 'unpriced' };
    return { ...rest, costStatus: estimated ? 'estimated' : 'exact', costPicoUsd: cost };
  });
  return { call, attempts };
}

interface Plan {
  readonly cache: CacheOutcome;
  readonly saved: number | undefined;
  readonly feature: string | undefined;
  readonly status: number;
  readonly metered: boolean;
  readonly attempts: readonly {
    readonly model: string;
    readonly demo: boolean;
    readonly cost: number | undefined;
    readonly estimated: boolean;
    readonly usage: Partial<Record<UsageKind, number>>;
  }[];
}

function tokens(attempts: readonly AttemptRow[]): number {
  return attempts.flatMap(({ usage }) => Object.values(usage)).reduce((sum, count) => sum + count, 0);
}
