import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { totalInputTokens } from '../../../../src/catalog/usage.ts';
import { createLedger } from '../../../../src/ledger/createLedger.ts';
import type { CallWithAttempts } from '../../../../src/ledger/ledger.ts';
import { ledgerSchema } from '../../../../src/ledger/ledgerSchema.ts';
import type { OverviewQuery } from '../../../../src/ledger/overview/overview.ts';
import { sumColumns } from '../../../../src/ledger/rollup/cellSums.ts';
import { attemptSums, callSums } from '../../../../src/ledger/rollup/rollupSchema.ts';
import { spansOf } from '../../../../src/ledger/rollup/spans.ts';
import { type Dimension, dimensions, type SpendFilter } from '../../../../src/ledger/rollup/spendFilter.ts';
import type { CacheOutcome } from '../../../../src/ledger/rows.ts';
import { openStore } from '../../../../src/store/openStore.ts';
import type { Store } from '../../../../src/store/store.ts';
import { plainAttempt, plainCall } from '../rowsForTests.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const rangeMs = 4 * dayMs;

const open = (): Store => openStore({ path: ':memory:', schemas: [ledgerSchema], clock: () => 0 });
const ledgerOf = (store: Store) =>
  createLedger({ store, onProblem: ({ error }) => assert.fail(error.message), setTimer: () => setTimeout(() => 0, 0) });

const maybe = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const money = fc.oneof(fc.nat(), fc.maxSafeNat());
const callArbitrary = fc.record({
  workspaceId: fc.constantFrom('w', 'w', 'w', 'other'),
  startedAtMs: fc.oneof(
    fc.nat(rangeMs),
    fc.nat(96).map((hour) => hour * hourMs),
  ),
  cache: fc.constantFrom<CacheOutcome>('hitExact', 'joined', 'shadowSemantic', 'miss', 'bypass'),
  saved: fc.option(money, { nil: undefined }),
  status: fc.constantFrom(200, 500),
  model: maybe('openai/a', 'openai/b', ''),
  feature: maybe('x', 'y', ''),
  userPseudonym: maybe('u1', 'u2', 'u3'),
  branch: maybe('main', 'topic'),
  callSite: maybe('a.ts:1', 'b.ts:2'),
  attempts: fc.array(
    fc.record({ model: fc.constantFrom('a', 'b'), cost: fc.option(money, { nil: undefined }), input: fc.nat(5000) }),
    { maxLength: 2 },
  ),
});
type Plan = typeof callArbitrary extends fc.Arbitrary<infer T> ? T : never;

function rowsOf({ saved, attempts, ...plan }: Plan, index: number): CallWithAttempts {
  const id = `c${index}`;
  const given = Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined));
  const call = plainCall(id, { ...given, ...(saved === undefined ? {} : { savedPicoUsd: saved }) });
  return {
    call,
    attempts: attempts.map(({ model, cost, input }, attempt) => {
      const { costPicoUsd: _, ...rest } = plainAttempt(id, { index: attempt, model, usage: { input } });
      return cost === undefined ? { ...rest, costStatus: 'unpriced' } : { ...rest, costPicoUsd: cost };
    }),
  };
}

function dimensionOf({ call, attempts }: CallWithAttempts, dimension: Dimension, attemptModel?: string): string {
  const last = attempts.at(-1);
  const answer = call.model ?? (last === undefined ? call.modelRequested : `${last.provider}/${last.model}`);
  const values = {
    model: attemptModel === undefined ? answer : `openai/${attemptModel}`,
    feature: call.feature,
    user: call.userPseudonym,
    branch: call.branch,
    callSite: call.callSite,
  };
  return values[dimension] ?? '';
}

const windowArbitrary = fc
  .tuple(fc.nat(rangeMs), fc.nat(rangeMs), fc.boolean())
  .map(([a, b, onHours]) => [Math.min(a, b), Math.max(a, b)].map((at) => (onHours ? at - (at % hourMs) : at)));
const filterArbitrary: fc.Arbitrary<SpendFilter> = fc
  .record({
    model: maybe('openai/a', ''),
    feature: maybe('x', ''),
    user: maybe('u1', ''),
    branch: maybe('main', ''),
    callSite: maybe('a.ts:1'),
  })
  .map((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)));

test('for every window, filter and dimension the sums are those of the rows', () => {
  fc.assert(
    fc.property(
      fc.array(callArbitrary, { maxLength: 40, size: 'max' }),
      windowArbitrary,
      filterArbitrary,
      fc.constantFrom(...dimensions),
      fc.constantFrom<'hour' | 'day'>('hour', 'day'),
      (plans, [fromMs = 0, toMs = 0], filter, by, bucket) => {
        const ledger = ledgerOf(open());
        const rows = plans.map(rowsOf);
        rows.forEach(({ call, attempts }, index) => {
          ledger.record(call, attempts);
          if (index % 7 === 0) ledger.flush();
        });
        const query: OverviewQuery = { workspaceId: 'w', fromMs, toMs, bucket, by, filter, lastCalls: 5 };
        const { spend, groups, series } = ledger.overview(query);
        const inTime = rows.filter(
          ({ call }) => call.workspaceId === 'w' && call.startedAtMs >= fromMs && call.startedAtMs < toMs,
        );
        const passes = (row: CallWithAttempts, attemptModel?: string): boolean =>
          dimensions.every(
            (name) => filter[name] === undefined || filter[name] === dimensionOf(row, name, attemptModel),
          );
        const calls = inTime.filter((row) => passes(row));
        const attempts = inTime.flatMap((row) =>
          row.attempts.filter(({ model }) => passes(row, model)).map((attempt) => ({ row, attempt })),
        );
        const cost = attempts.reduce((sum, { attempt }) => sum + BigInt(attempt.costPicoUsd ?? 0), 0n);
        const hits = calls.filter(({ call }) => call.cache === 'hitExact' || call.cache === 'joined');
        assert.equal(spend.totals.calls, calls.length);
        assert.equal(spend.totals.attempts, attempts.length);
        assert.equal(spend.totals.costPicoUsd, cost.toString());
        assert.equal(
          spend.totals.inputTokens,
          attempts.reduce((sum, { attempt }) => sum + totalInputTokens(attempt.usage), 0),
        );
        assert.equal(spend.totals.failedCalls, calls.filter(({ call }) => call.status >= 400).length);
        assert.equal(
          spend.totals.savedPicoUsd,
          hits.reduce((sum, { call }) => sum + BigInt(call.savedPicoUsd ?? 0), 0n).toString(),
        );
        assert.equal(spend.totals.unpricedHits, hits.filter(({ call }) => call.savedPicoUsd === undefined).length);
        for (const { key, costPicoUsd, calls: counted } of groups) {
          const own = attempts.filter(({ row, attempt }) => dimensionOf(row, by, attempt.model) === (key ?? ''));
          assert.equal(
            costPicoUsd,
            own.reduce((sum, { attempt }) => sum + BigInt(attempt.costPicoUsd ?? 0), 0n).toString(),
          );
          assert.equal(counted, calls.filter((row) => dimensionOf(row, by) === (key ?? '')).length);
        }
        series.startsMs.forEach((startMs, index) => {
          const own = attempts.filter(
            ({ row }) => row.call.startedAtMs >= startMs && row.call.startedAtMs < startMs + series.bucketMs,
          );
          assert.equal(
            series.layers.reduce((sum, layer) => sum + BigInt(layer.costPicoUsd[index] ?? ''), 0n),
            own.reduce((sum, { attempt }) => sum + BigInt(attempt.costPicoUsd ?? 0), 0n),
          );
        });
        const newest = calls
          .map((row) => ({ ...row, seq: rows.indexOf(row) }))
          .sort((a, b) => b.call.startedAtMs - a.call.startedAtMs || b.seq - a.seq)
          .slice(0, 5);
        assert.deepEqual(
          spend.lastCalls.map(({ call }) => call.id),
          newest.map(({ call }) => call.id),
        );
        ledger.close();
      },
    ),
    { numRuns: 150 },
  );
});

test('a window is cut into spans without a gap, days where there are whole ones', () => {
  const sizes = { day: dayMs, hour: hourMs, ms: 1 };
  fc.assert(
    fc.property(fc.nat(10 * dayMs), fc.nat(10 * dayMs), (a, b) => {
      const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b)];
      const spans = spansOf(fromMs, toMs).map(
        ({ unit, from, to }) => [unit, from * sizes[unit], to * sizes[unit]] as const,
      );
      let at = fromMs;
      for (const [, from, to] of spans) {
        assert.equal(from, at);
        at = to;
      }
      assert.equal(at, spans.length === 0 ? fromMs : toMs);
      assert.ok(spans.length <= 5);
      const rest = spans.filter(([unit]) => unit === 'ms').reduce((sum, [, from, to]) => sum + to - from, 0);
      assert.ok(rest < 2 * hourMs);
    }),
  );
  assert.deepEqual(spansOf(0, 3 * dayMs), [{ unit: 'day', from: 0, to: 3 }]);
});

/** Every released version, by how many of the migrations it had. */
for (const version of [1, 2, 3, 4]) {
  test(`a database of version ${version} is summed up when it is opened`, () => {
    const migrations = ledgerSchema.migrations.slice(0, version);
    const before = openStore({ path: ':memory:', schemas: [{ name: 'ledger', migrations }], clock: () => 0 });
    fc.assert(
      fc.property(fc.array(callArbitrary, { minLength: 30, maxLength: 60 }), (plans) => {
        const { database } = before;
        database.exec('BEGIN');
        insertOld(before, plans.map(rowsOf));
        for (const script of ledgerSchema.migrations.slice(version)) database.exec(script);
        assertCellsAreRows(before);
        // What was written before and what is written now count under one subject.
        const ledger = ledgerOf({ ...before, transaction: (work) => work() });
        ledger.record(plainCall('new', { feature: 'x', startedAtMs: 5 }), [plainAttempt('new')]);
        ledger.close();
        assertCellsAreRows(before);
        database.exec('ROLLBACK');
      }),
      { numRuns: 10 },
    );
    before.close();
  });
}

function insertOld({ database }: Store, rows: readonly CallWithAttempts[]): void {
  const call =
    database.prepare(`INSERT INTO ledger_call (id, workspace_id, started_at_ms, ended_at_ms, endpoint, stream, metered,
    answer_model, cache, saved_pico_usd, status, user_pseudonym, feature, branch, call_site, overhead_ms)
    VALUES (?, ?, ?, ?, 'messages', 0, 1, ?, ?, ?, ?, ?, ?, ?, ?, 0.5)`);
  const attempt =
    database.prepare(`INSERT INTO ledger_attempt (id, call_id, workspace_id, call_started_at_ms, attempt_index, provider,
    model, demo, service_tier, started_at_ms, ended_at_ms, status, input, cache_read, cache_write_5m, cache_write_1h, output,
    reasoning, input_audio, output_audio, cost_status, cost_pico_usd)
    VALUES (?, ?, ?, ?, ?, 'openai', ?, 0, 'standard', 0, 0, 200, ?, 0, 0, 0, 0, 0, 0, 0, ?, ?)`);
  for (const row of rows) {
    const { call: c } = row;
    const model = dimensionOf(row, 'model') || null;
    const texts = [c.userPseudonym, c.feature, c.branch, c.callSite].map((text) => text ?? null);
    call.run(
      c.id,
      c.workspaceId,
      c.startedAtMs,
      c.endedAtMs,
      model,
      c.cache,
      c.savedPicoUsd ?? null,
      c.status,
      ...texts,
    );
    for (const a of row.attempts)
      attempt.run(
        a.id,
        c.id,
        c.workspaceId,
        c.startedAtMs,
        a.index,
        a.model,
        a.usage.input ?? 0,
        a.costStatus,
        a.costPicoUsd ?? null,
      );
  }
}

/** Each kind of cell adds up to all the rows, and every call refers to the subject it counts under. */
function assertCellsAreRows({ database }: Store): void {
  const one = (sql: string): Record<string, unknown> => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return { ...statement.get() };
  };
  const rows = {
    ...one(`SELECT ${callSums} FROM ledger_call`),
    ...one(`SELECT ${attemptSums} FROM ledger_attempt`),
  };
  const expected = Object.fromEntries(Object.entries(rows).map(([name, value]) => [name, value ?? 0n]));
  const kinds = [
    ...['topic', 'user'].flatMap((shape) =>
      ['ledger_hour', 'ledger_day'].map(
        (table) => `${table} WHERE subject IN (SELECT id FROM ledger_subject WHERE shape = '${shape}')`,
      ),
    ),
    'ledger_pair_hour',
    'ledger_pair_day',
  ];
  const sums = sumColumns.map((column) => `SUM(${column}) AS ${column}`).join(', ');
  for (const kind of kinds) assert.deepEqual(one(`SELECT ${sums} FROM ${kind}`), expected, kind);
  const astray = one(`SELECT COUNT(*) AS calls FROM ledger_call AS c LEFT JOIN ledger_subject AS s ON s.id = c.topic
    WHERE s.shape IS NOT 'topic' OR s.workspace_id <> c.workspace_id OR s.model IS NOT NULLIF(c.answer_model, '')
      OR s.feature IS NOT NULLIF(c.feature, '')
      OR s.branch IS NOT NULLIF(c.branch, '') OR s.call_site IS NOT NULLIF(c.call_site, '')`);
  assert.equal(astray.calls, 0n);
  const twice = one(`SELECT COUNT(*) AS subjects FROM (SELECT 1 FROM ledger_subject
    GROUP BY workspace_id, shape, user_pseudonym, model, feature, branch, call_site HAVING COUNT(*) > 1)`);
  assert.equal(twice.subjects, 0n);
}
