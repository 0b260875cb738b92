import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchError } from '../../../src/batch/errors.ts';
import type { BatchPlan } from '../../../src/batch/job.ts';
import { createSpendingLimits } from '../../../src/budget/spendingLimits.ts';
import { machineSpender } from '../../../src/budget/spendingScope.ts';
import { loadCatalog } from '../../../src/catalog/loadCatalog.ts';
import type { SpendingLimit } from '../../../src/config/config.ts';
import { batchSpending } from '../../../src/service/batchSpending.ts';
import {
  type BatchHarness,
  batchConfig,
  createBatchHarness,
  type HarnessOptions,
  workspaceId,
} from '../../support/batchHarness.ts';
import { type ScriptedBatchServer, startScriptedBatchServer } from '../../support/scriptedBatchServer.ts';

/** Ten dollars in, twenty out; half of that in a batch, a quarter more for what is written to a cache. */
const catalog = loadCatalog({
  schema: 1,
  asOf: '2026-09-22',
  sources: [{ name: 'test', version: '1', licence: 'MIT' }],
  models: {
    openai: [
      { id: 'plain-1', usd: { input: 10, output: 20 }, batch: 0.5, maxOutput: 1000, tokenizer: 'o200k' },
      { id: 'unlisted-1', usd: { input: 10, output: 20 }, maxOutput: 1000, tokenizer: 'o200k' },
      { id: 'endless-1', usd: { input: 10, output: 20 }, batch: 0.5, tokenizer: 'o200k' },
    ],
  },
});

const limit = (limitUsd: number, more: Partial<SpendingLimit> = {}): SpendingLimit => ({
  scope: 'workspace',
  limitUsd,
  window: 'month',
  warnAt: [],
  onExceed: 'block',
  ...more,
});

interface Setting {
  readonly harness: BatchHarness;
  readonly server: ScriptedBatchServer;
  readonly spending: ReturnType<typeof createSpendingLimits>;
  budgets: readonly SpendingLimit[];
  unpriced: 'warn' | 'block';
  /** Dollars that the ledger says were spent. */
  spentUsd: number;
}

async function withLimits(
  budgets: readonly SpendingLimit[],
  run: (setting: Setting) => Promise<void>,
  options: Partial<HarnessOptions> = {},
): Promise<void> {
  const server = await startScriptedBatchServer({ statuses: ['in_progress'] });
  const spending = createSpendingLimits({
    now: () => Date.parse('2026-11-23T12:00:00Z'),
    history: () => BigInt(setting.spentUsd * 1e12),
    onEvent: () => undefined,
    underWay: () => setting.harness.runner.moneyUnderWay(),
  });
  const config = batchConfig(server.baseUrl);
  const harness = createBatchHarness({
    baseUrl: server.baseUrl,
    ...options,
    deps: {
      catalogOf: () => catalog,
      objectToSpending: batchSpending(spending, () => ({
        ...config,
        budgets: setting.budgets,
        prices: { ...config.prices, unpriced: setting.unpriced },
      })),
      book: (id, picoUsd) => spending.book(machineSpender(id), picoUsd),
    },
  });
  const setting: Setting = { harness, server, spending, budgets, unpriced: 'warn', spentUsd: 0 };
  try {
    await run(setting);
  } finally {
    await harness.dispose();
    await server.stop();
  }
}

const prompt = (model: string, body = 'x', more = ''): string => `---\nmodel: ${model}\n${more}---\n${body}`;
const planOf = ({ runner }: BatchHarness, ...promptPaths: string[]): Promise<BatchPlan> =>
  runner.plan({ workspaceId, promptPaths });
const isOverLimit = (error: unknown): boolean => BatchError.is(error, 'overLimit');

test('the worst case of the whole plan: input, and every answer as long as it may be', () =>
  withLimits([limit(0.0001)], async ({ harness }) => {
    // 8 tokens of input at $5 per million, and an answer of 1000 tokens at $10; with `max_tokens: 10` one of 10.
    const open = harness.file('open.md', prompt('plain-1'));
    const bound = harness.file('bound.md', prompt('plain-1', 'y', 'max_tokens: 10\n'));
    const worst = 2 * 8 * 5_000_000 + 1000 * 10_000_000 + 10 * 10_000_000;
    assert.equal((await planOf(harness, open, bound)).objection?.worstPicoUsd, String(worst));
    // Without a batch price in the list, that of a call.
    const unlisted = harness.file('unlisted.md', prompt('unlisted-1'));
    assert.equal((await planOf(harness, unlisted)).objection?.worstPicoUsd, String(8 * 10_000_000 + 1000 * 20_000_000));
    const three = { model: 'plain-1', n: 3, max_tokens: 10, messages: [{ role: 'user', content: 'x' }] };
    const row = { custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body: three };
    const several = await planOf(harness, harness.file('n.jsonl', JSON.stringify(row)));
    assert.equal(several.jobs[0]?.maxOutputTokens, 30);
    assert.equal(several.objection?.worstPicoUsd, String(8 * 5_000_000 + 30 * 10_000_000));
  }));

test('refused before a byte is sent, in the plan and at submission, with scope, limit, spent, reset and remedy', () =>
  withLimits([limit(0.03, { onExceed: 'warn' }), limit(0.02)], async (setting) => {
    const { harness, server } = setting;
    setting.spentUsd = 0.015;
    const plan = await planOf(harness, harness.file('a.md', prompt('plain-1')));
    assert.equal(
      plan.objection?.message,
      'The limit of $0.020 per month for this workspace does not cover this batch: $0.015 is spent, and the batch may cost up to $0.010. ' +
        'The count starts again at 2026-12-01 00:00 UTC. To go on, raise "limitUsd" under "budgets" in tollgate.jsonc or your user settings, send fewer prompts, or bound the answers ("max_tokens").',
    );
    await assert.rejects(harness.runner.submit(plan.id), isOverLimit);
    await assert.rejects(harness.runner.tryOne(plan.id), isOverLimit);
    assert.deepEqual(server.requests, []);
    assert.deepEqual(harness.runner.jobs(workspaceId), []);
    setting.budgets = [limit(0.03)];
    const [job] = await harness.runner.submit(plan.id);
    await harness.until(job?.id ?? '', ({ state }) => state === 'inProgress');
  }));

test('what is under way is held, against batches and calls, until it is known what it cost', () =>
  withLimits([limit(0.025)], async ({ harness, server, spending, budgets }) => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => harness.file(`${name}.md`, prompt('plain-1', name)));
    const plans = [await planOf(harness, a ?? ''), await planOf(harness, b ?? ''), await planOf(harness, c ?? '')];
    assert.deepEqual(
      plans.map(({ objection }) => objection),
      [undefined, undefined, undefined],
    );
    const [first] = await harness.runner.submit(plans[0]?.id ?? '');
    await harness.runner.submit(plans[1]?.id ?? '');
    await assert.rejects(harness.runner.submit(plans[2]?.id ?? ''), isOverLimit);
    // The same plan once more is no second submission.
    assert.equal((await harness.runner.submit(plans[0]?.id ?? ''))[0]?.id, first?.id);
    const worst = 8n * 5_000_000n + 1000n * 10_000_000n;
    const left = (): readonly bigint[] =>
      spending.left({ spender: machineSpender(workspaceId), limits: budgets }).block;
    assert.deepEqual(left(), [25_000_000_000n - 2n * worst]);
    await harness.runner.stop();
    harness.restart();
    assert.deepEqual(left(), [25_000_000_000n - 2n * worst]);

    server.script.statuses = ['completed'];
    await harness.end(first?.id ?? '');
    await harness.settle(() => harness.runner.moneyUnderWay().size === 0);
    // The answers of the server have 22 tokens in and 2 out.
    assert.deepEqual(left(), [25_000_000_000n - 2n * (22n * 5_000_000n + 2n * 10_000_000n)]);
    await harness.runner.submit((await planOf(harness, c ?? '')).id);
  }));

test('what nothing bounds cannot be kept to a limit; what has no price only where that is refused', () =>
  withLimits([limit(5)], async (setting) => {
    const { harness } = setting;
    const endless = await planOf(harness, harness.file('a.md', prompt('endless-1')));
    assert.match(endless.objection?.message ?? '', /because nothing bounds its answers\. Give "max_tokens"/);
    assert.equal(endless.objection?.worstPicoUsd, undefined);
    const unknown = harness.file('b.md', prompt('nobody-knows-1'));
    assert.equal((await planOf(harness, unknown)).objection, undefined);
    setting.unpriced = 'block';
    assert.match(
      (await planOf(harness, unknown)).objection?.message ?? '',
      /price of openai\/nobody-knows-1 is not known/,
    );
    setting.budgets = [];
    assert.equal((await planOf(harness, unknown)).objection, undefined);
    assert.equal((await planOf(harness, harness.file('c.md', prompt('endless-1')))).objection, undefined);
  }));
