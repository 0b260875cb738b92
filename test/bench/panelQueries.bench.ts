/**
 * The panel's questions over a month of 1,000,000 calls: time of each in CPU, and its query plan; what a row costs to write. Peers in the same
 * run: the sum over the rows themselves, and writing without the sums beside them.
 *   npm run bench -- panelQueries --calls=1000000 --users=200
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLedger } from '../../src/ledger/createLedger.ts';
import { ledgerSchema } from '../../src/ledger/ledgerSchema.ts';
import { newestCallsQuestion } from '../../src/ledger/overview/newestCalls.ts';
import type { OverviewQuery } from '../../src/ledger/overview/overview.ts';
import { latencyQuestion } from '../../src/ledger/overview/readLatency.ts';
import { createAsker } from '../../src/ledger/rollup/readRollup.ts';
import { type SqlQuestion, seriesQuestion, sumQuestions } from '../../src/ledger/rollup/rollupSql.ts';
import { spansOf } from '../../src/ledger/rollup/spans.ts';
import { type Dimension, dimensions, type SpendFilter, shapeFor } from '../../src/ledger/rollup/spendFilter.ts';
import type { AttemptRow, CallRow } from '../../src/ledger/rows.ts';
import { openStore } from '../../src/store/openStore.ts';

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '1000000' }, users: { type: 'string', default: '200' } },
});
const calls = Number(values.calls);
const users = Number(values.users);
const dayMs = 86_400_000;
const days = 31;
const fromMs = Math.floor(Date.UTC(2026, 9, 1) / dayMs) * dayMs;
const toMs = fromMs + days * dayMs;
const limitMs = 100;

let seed = 7;
function below(end: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * end);
}
/** Few are met often, most seldom. */
const skewed = (end: number): number => Math.min(end - 1, Math.floor(end * (below(1_000_000) / 1_000_000) ** 3));

/** Forty call sites, each of one feature and two models; a branch every one and a half days; users by a skewed draw. */
function callAt(n: number): { call: CallRow; attempts: AttemptRow[] } {
  const id = `01990000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
  const site = skewed(40);
  const startedAtMs = fromMs + Math.floor((n / calls) * days * dayMs);
  const hit = below(100) < 30;
  const model = `gpt-${(site + (below(10) === 0 ? 1 : 0)) % 6}`;
  const call: CallRow = {
    id,
    workspaceId: '4f1c2a9be0d34c57',
    startedAtMs,
    endedAtMs: startedAtMs + 900,
    endpoint: 'chat.completions',
    stream: false,
    metered: true,
    modelRequested: 'cheap',
    alias: 'cheap',
    model: `openai/${model}`,
    cache: hit ? 'hitExact' : 'miss',
    ...(hit ? { savedPicoUsd: 1_630_000_000 } : {}),
    status: below(50) === 0 ? 500 : 200,
    userPseudonym: `u_${skewed(users)}`,
    feature: `feature-${site % 12}`,
    // A workspace has one branch checked out at a time.
    branch: `branch-${Math.floor((n / calls) * days * 0.7)}`,
    callSite: `src/module${site}.ts:${site + 10}:answer`,
    session: `s${n >> 8}`,
    overheadMs: below(3000) / 1000,
  };
  const attempt: AttemptRow = {
    id: `${id}-0`,
    callId: id,
    index: 0,
    provider: 'openai',
    model,
    demo: false,
    serviceTier: 'standard',
    startedAtMs: startedAtMs + 1,
    firstByteAtMs: startedAtMs + 200 + below(400),
    endedAtMs: startedAtMs + 600 + below(4000),
    status: 200,
    finishReason: 'stop',
    usage: { input: 412, output: 60 },
    usageRaw: '{"prompt_tokens":412,"completion_tokens":60,"total_tokens":472}',
    costStatus: 'exact',
    costPicoUsd: 1_630_000_000 + below(1000),
    priceId: `openai/${model}@2026-09-22`,
  };
  return { call, attempts: hit ? [] : [attempt] };
}

function cpuMs(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

const folder = mkdtempSync(join(tmpdir(), 'tollgate-panel-'));
const path = join(folder, 'ledger.db');
try {
  const store = openStore({ path, schemas: [ledgerSchema], clock: Date.now });
  const ledger = createLedger({
    store,
    onProblem: ({ error }) => {
      throw error;
    },
  });
  let rows = 0;
  let building = 0;
  const writing = cpuMs(() => {
    for (let n = 0; n < calls; n++) {
      const from = performance.now();
      const { call, attempts } = callAt(n);
      building += performance.now() - from;
      rows += 1 + attempts.length;
      ledger.record(call, attempts);
    }
    ledger.flush();
  });
  const { database } = store;
  const count = (sql: string): number => Number(database.prepare(sql).get()?.n);
  console.log(
    `${calls} calls, ${rows} rows, ${users} users: ${(((writing - building) * 1000) / rows).toFixed(1)} µs of CPU a row to write (limit 60), ${Math.round(statSync(path).size / 1e6)} MB`,
  );
  const tables = ['ledger_subject', 'ledger_hour', 'ledger_day', 'ledger_pair_hour', 'ledger_pair_day'];
  console.log(`  ${tables.map((table) => `${table} ${count(`SELECT COUNT(*) AS n FROM ${table}`)}`).join(', ')}`);

  const workspaceId = '4f1c2a9be0d34c57';
  const month = { workspaceId, fromMs, toMs };
  const today = { workspaceId, fromMs: toMs - dayMs, toMs };
  let worst = 0;

  const measure = (name: string, question: SqlQuestion): void => {
    const ask = createAsker(database, 'bigint');
    ask(question);
    const took = [1, 2, 3].map(() => cpuMs(() => ask(question))).toSorted((a, b) => a - b)[1] ?? 0;
    worst = Math.max(worst, took);
    console.log(`${took.toFixed(1).padStart(8)} ms  ${name}`);
    for (const { detail } of database.prepare(`EXPLAIN QUERY PLAN ${question.sql}`).all(...question.values))
      console.log(`             ${detail}`);
  };

  const filters: readonly (readonly [string, SpendFilter])[] = [
    ['all calls', {}],
    ['one model', { model: 'openai/gpt-1' }],
    ['one feature', { feature: 'feature-3' }],
    ['one user', { user: 'u_0' }],
    ['one branch and call site', { branch: 'branch-3', callSite: 'src/module0.ts:10:answer' }],
  ];
  for (const [of, filter] of filters) {
    for (const [time, window] of [
      ['month', month],
      ['today', today],
    ] as const) {
      const narrowed = { workspaceId, filter, shape: shapeFor(filter, ['model', 'feature']) };
      for (const span of spansOf(window.fromMs, window.toMs))
        for (const question of sumQuestions(span, narrowed)) measure(`totals by subject, ${time}, ${of}`, question);
    }
    for (const by of dimensions satisfies readonly Dimension[]) {
      const narrowed = { workspaceId, filter, shape: shapeFor(filter, [by]) };
      const [span] = spansOf(fromMs, toMs);
      if (span !== undefined)
        measure(`spend by day and ${by}, month, ${of}`, seriesQuestion(span, narrowed, by, dayMs));
    }
    measure(`last 50 calls, month, ${of}`, newestCallsQuestion(month, filter, 50));
    measure(`latency, month, ${of}`, latencyQuestion(month, filter));
  }
  const overRows = cpuMs(() =>
    database
      .prepare('SELECT model, feature, SUM(cost_pico_usd) FROM ledger_attempt WHERE workspace_id = ? GROUP BY 1, 2')
      .all(workspaceId),
  );
  console.log(`${overRows.toFixed(1).padStart(8)} ms  peer: cost by model and feature from the rows themselves`);
  const whole: OverviewQuery = { ...month, bucket: 'day', by: 'user', filter: { feature: 'feature-3' }, lastCalls: 50 };
  console.log(
    `${cpuMs(() => ledger.overview(whole))
      .toFixed(1)
      .padStart(8)} ms  a whole overview: all of these questions together`,
  );
  console.log(`the slowest question took ${worst.toFixed(1)} ms (limit ${limitMs})`);
  ledger.close();
  store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
