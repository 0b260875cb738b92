import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BatchPlan } from '../../../src/batch/job.ts';
import { loadCatalog } from '../../../src/catalog/loadCatalog.ts';
import { type BatchHarness, createBatchHarness, type HarnessOptions, workspaceId } from '../../support/batchHarness.ts';

/** Ten dollars in, twenty out; half of that in a batch. `unlisted` has no batch price, `tiered` a cliff at 100 tokens. */
const catalog = loadCatalog({
  schema: 1,
  asOf: '2026-09-22',
  sources: [{ name: 'test', version: '1', licence: 'MIT' }],
  models: {
    openai: [
      { id: 'plain-1', usd: { input: 10, output: 20 }, batch: 0.5, context: 1000, tokenizer: 'o200k' },
      { id: 'other-1', usd: { input: 10, output: 20 }, batch: 0.5, tokenizer: 'o200k' },
      { id: 'unlisted-1', usd: { input: 10, output: 20 }, tokenizer: 'o200k' },
    ],
    anthropic: [{ id: 'claude-1', usd: { input: 3, output: 15 }, batch: 0.5, tokenizer: 'claude-3' }],
  },
});

const baseUrl = 'https://batch.example.test/v1';

async function withHarness(
  run: (harness: BatchHarness) => Promise<void>,
  options: Partial<HarnessOptions> = {},
): Promise<void> {
  const harness = createBatchHarness({ baseUrl, ...options, deps: { catalogOf: () => catalog, ...options.deps } });
  try {
    await run(harness);
  } finally {
    await harness.dispose();
  }
}

function row(id: string, changes: object = {}, body: object = {}): string {
  return JSON.stringify({
    custom_id: id,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'plain-1', messages: [{ role: 'user', content: 'x' }], ...body },
    ...changes,
  });
}

function large(id: string): string {
  return row(id, {}, { messages: [{ role: 'user', content: 'x'.repeat(500) }] });
}

function inputs(harness: BatchHarness): { custom_id: string; url: string; body: Record<string, unknown> }[][] {
  const names = readdirSync(harness.dataFolder)
    .filter((name) => name.endsWith('.input.jsonl'))
    .sort();
  return names.map((name) =>
    readFileSync(join(harness.dataFolder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  );
}

/** Every line sent, also where two ask the same. */
const planAll = (harness: BatchHarness, ...promptPaths: string[]): Promise<BatchPlan> =>
  harness.runner.plan({ workspaceId, promptPaths, keepDuplicates: true });

const planOf = (harness: BatchHarness, ...promptPaths: string[]): Promise<BatchPlan> =>
  harness.runner.plan({ workspaceId, promptPaths });

test('the estimate is exact: half price, standard price, bound', () =>
  withHarness(async (harness) => {
    // 4 for the message, 3 for the answer, one token per character.
    const a = harness.file('a.md', '---\nmodel: plain-1\nmax_tokens: 50\n---\n12345');
    const b = harness.file('b.txt', '---\nmodel: openai/plain-1\nmax_tokens: 8\nsystem: abc\n---\n1');
    const plan = await planOf(harness, a, b);
    assert.deepEqual(plan, {
      id: 'id1',
      workspaceId,
      refused: [],
      answered: [],
      jobs: [
        {
          provider: 'openai',
          model: 'plain-1',
          endpoint: '/v1/chat/completions',
          demo: false,
          items: [
            { id: 'a', promptPath: a, inputTokens: 12, inputTokensBasis: 'exact', maxOutputTokens: 50 },
            { id: 'b', promptPath: b, inputTokens: 15, inputTokensBasis: 'exact', maxOutputTokens: 8 },
          ],
          itemCount: 2,
          duplicates: 0,
          bytes: 335,
          inputTokens: 27,
          inputTokensBasis: 'exact',
          maxOutputTokens: 58,
          limits: { maxItems: 50_000, maxBytes: 200_000_000 },
          batchPicoUsd: 27 * 5_000_000,
          standardPicoUsd: 27 * 10_000_000,
          maxBatchPicoUsd: 27 * 5_000_000 + 58 * 10_000_000,
          maxStandardPicoUsd: 27 * 10_000_000 + 58 * 20_000_000,
          priceId: 'openai/plain-1@2026-09-22',
        },
      ],
    });
  }));

test('no batch price is no price, and one unbounded item leaves the job unbounded', () =>
  withHarness(async (harness) => {
    const a = harness.file('a.md', '---\nmodel: unlisted-1\nmax_tokens: 50\n---\nx');
    const b = harness.file('b.md', '---\nmodel: plain-1\n---\nx');
    const c = harness.file('c.md', '---\nmodel: never-heard-of\n---\nx');
    const [unlisted, plain, unknown] = (await planOf(harness, a, b, c)).jobs;
    assert.equal(unlisted?.batchPicoUsd, undefined);
    assert.equal(unlisted?.maxBatchPicoUsd, undefined);
    assert.equal(unlisted?.standardPicoUsd, 8 * 10_000_000);
    assert.equal(plain?.batchPicoUsd, 8 * 5_000_000);
    assert.equal(plain?.maxBatchPicoUsd, undefined);
    assert.equal(unknown?.provider, 'openai');
    assert.equal(unknown?.standardPicoUsd, undefined);
    assert.equal(unknown?.priceId, undefined);
  }));

test('an alias gives model and bounds; a default model stands in where a file names none', () =>
  withHarness(
    async (harness) => {
      const a = harness.file('a.md', '---\nmodel: cheap\nmax_tokens: 500\n---\nx');
      const b = harness.file('b.md', 'y');
      const c = harness.file('c.md', `---\nmodel: cheap\n---\n${'x'.repeat(60)}`);
      const plan = await harness.runner.plan({ workspaceId, promptPaths: [a, b, c], defaultModel: 'cheap' });
      assert.deepEqual(
        plan.jobs.map(({ model, alias, items }) => ({ model, alias, ids: items.map(({ id }) => id) })),
        [{ model: 'plain-1', alias: 'cheap', ids: ['a', 'b'] }],
      );
      assert.deepEqual(plan.refused, [
        {
          promptPath: c,
          reason:
            'The prompt has 67 tokens; the alias `cheap` allows 50 (maxInputTokens). Shorten it or use another alias.',
        },
      ]);
      assert.deepEqual(
        inputs(harness)[0]?.map(({ body }) => body.max_tokens),
        [20, 20],
      );
    },
    {
      config: {
        aliases: {
          cheap: {
            targets: [{ provider: 'openai', model: 'plain-1' }],
            maxInputTokens: 50,
            maxOutputTokens: 20,
            onOverflow: 'error',
            fallback: { on: [], maxAttempts: 1, deadlineMs: 1 },
          },
        },
      },
    },
  ));

test('OpenAI itself wants max_completion_tokens', () =>
  withHarness(
    async (harness) => {
      const a = harness.file('a.md', '---\nmodel: plain-1\nmax_tokens: 5\n---\nx');
      await planOf(harness, a);
      assert.deepEqual(inputs(harness)[0]?.[0]?.body, {
        model: 'plain-1',
        messages: [{ role: 'user', content: 'x' }],
        max_completion_tokens: 5,
      });
    },
    { baseUrl: 'https://api.openai.com/v1' },
  ));

test('one job per model, endpoint and limit', () =>
  withHarness(
    async (harness) => {
      const set = harness.file(
        'set.jsonl',
        [
          row('1'),
          row('2', {}, { model: 'other-1' }),
          row('3'),
          row('4', { url: '/v1/embeddings' }, { input: ['a', 'b'], messages: undefined }),
          row('5'),
        ].join('\n'),
      );
      const plan = await planAll(harness, set, harness.file('one.md', '---\nmodel: plain-1\n---\nx'));
      assert.deepEqual(
        plan.jobs.map(({ model, endpoint, items }) => [model, endpoint, items.map(({ id }) => id).join()]),
        [
          ['plain-1', '/v1/chat/completions', '1,3'],
          ['other-1', '/v1/chat/completions', '2'],
          ['plain-1', '/v1/embeddings', '4'],
          ['plain-1', '/v1/chat/completions', '5,one'],
        ],
      );
      for (const lines of inputs(harness)) assert.equal(new Set(lines.map(({ url }) => url)).size, 1);
    },
    { deps: { limits: { maxItems: 2, maxBytes: 1_000_000, maxEmbeddingInputs: 2 } } },
  ));

test('bytes and embedding inputs are limits too', () =>
  withHarness(
    async (harness) => {
      const chat = harness.file('a.jsonl', [large('1'), large('2'), large('3')].join('\n'));
      const embedding = (id: string): string =>
        row(id, { url: '/v1/embeddings' }, { input: ['a', 'b'], messages: undefined });
      const vectors = harness.file('b.jsonl', [embedding('1'), embedding('2')].join('\n'));
      const plan = await planAll(harness, chat, vectors);
      assert.deepEqual(plan.refused, []);
      assert.deepEqual(
        plan.jobs.map(({ endpoint, items }) => [endpoint, items.map(({ id }) => id).join()]),
        [
          ['/v1/chat/completions', '1,2'],
          ['/v1/chat/completions', '3'],
          ['/v1/embeddings', '1'],
          ['/v1/embeddings', '2'],
        ],
      );
    },
    { deps: { limits: { maxItems: 50, maxBytes: 2 * (large('1').length + 1), maxEmbeddingInputs: 3 } } },
  ));

test('ids of sets are kept, and made unique where sets meet; duplicates are told', () =>
  withHarness(async (harness) => {
    const a = harness.file('a.jsonl', [row('r 1'), row('r-1'), row('n', {}, { seed: 1 })].join('\n'));
    const b = harness.file('b.jsonl', row('r-1', {}, { messages: [{ role: 'user', content: 'y' }] }));
    const [job] = (await planOf(harness, a, b, a)).jobs;
    assert.deepEqual(
      job?.items.map(({ id, sourceId, duplicateOf }) => ({ id, sourceId, duplicateOf })),
      [
        { id: 'r-1', sourceId: 'r 1', duplicateOf: undefined },
        { id: 'r-1-2', sourceId: 'r-1', duplicateOf: 'r-1' },
        { id: 'n', sourceId: 'n', duplicateOf: undefined },
        { id: 'r-1-3', sourceId: 'r-1', duplicateOf: undefined },
      ],
    );
  }));

test('a set with a wrong line is refused whole, and says where', () =>
  withHarness(async (harness) => {
    const set = harness.file(
      'set.jsonl',
      [row('1'), '', row('1'), 'nonsense', row('4', { method: 'GET' }), row('5', {}, { model: 'claude-1' })].join('\n'),
    );
    const plan = await planOf(harness, set);
    assert.deepEqual(plan.jobs, []);
    assert.deepEqual(plan.refused, [
      {
        promptPath: set,
        reason:
          'Line 3: `custom_id` "1" is used in line 1 already. Line 4: not a JSON object. Line 5: `method` must be "POST". 1 more such line.',
      },
    ]);
    await assert.rejects(harness.runner.submit(plan.id), { reason: 'emptyPlan' });
  }));

test('what cannot be sent is refused with its reason', () =>
  withHarness(async (harness) => {
    mkdirSync(join(harness.folder, 'folder.md'));
    const reasonOf = async (path: string): Promise<string> => {
      const plan = await planOf(harness, path);
      assert.deepEqual(plan.jobs, []);
      return plan.refused.map(({ reason }) => reason).join(' | ');
    };
    assert.equal(await reasonOf(join(harness.folder, 'none.md')), 'The file does not exist.');
    assert.match(await reasonOf(join(harness.folder, 'folder.md')), /^There is no prompt file in this folder/);
    assert.equal(await reasonOf('relative.md'), 'The path is not absolute.');
    assert.equal(await reasonOf(harness.file('empty.md', '')), 'The prompt is empty.');
    assert.equal(await reasonOf(harness.file('empty.jsonl', '\n\n')), 'The prompt is empty.');
    assert.match(await reasonOf(harness.file('x.md', 'x')), /^No model: name one/);
    assert.match(
      await reasonOf(harness.file('a.md', '---\nmodel: claude-1\ntemperature: 1.5\n---\nx')),
      /`temperature` cannot be sent to claude-1: it is above 1/,
    );
    assert.match(
      await reasonOf(harness.file('b.md', '---\nmodel: GPT-4o (copilot)\n---\nx')),
      /is not a model id or an alias/,
    );
    assert.match(
      await reasonOf(harness.file('c.md', '---\nmodel: acme/x\n---\nx')),
      /belongs to provider `acme`, which is not configured/,
    );
    assert.match(
      await reasonOf(harness.file('d.md', `---\nmodel: plain-1\n---\n${'x'.repeat(1000)}`)),
      /1007 tokens; plain-1 takes 1000/,
    );
    assert.match(await reasonOf(harness.file('e.jsonl', Uint8Array.of(0xff, 0xfe, 0x0a))), /binary, or not UTF-8/);
    assert.match(
      await reasonOf(
        harness.file('f.jsonl', row('1', {}, { messages: [{ role: 'user', content: 'x'.repeat(2000) }] })),
      ),
      /^Line 1: The prompt has 2007 tokens/,
    );
    assert.equal(existsSync(harness.dataFolder), false);
  }));

test('without a configuration nothing is planned', () =>
  withHarness(async (harness) => {
    harness.config = undefined;
    const path = harness.file('a.md', 'x');
    const { jobs, refused } = await planOf(harness, path);
    assert.deepEqual(jobs, []);
    assert.match(refused[0]?.reason ?? '', /^This workspace has no configuration/);
  }));

test('a line larger than a whole batch is refused', () =>
  withHarness(
    async (harness) => {
      const large = row('1', {}, { messages: [{ role: 'user', content: 'x'.repeat(900) }] });
      const { refused } = await planOf(harness, harness.file('a.jsonl', large));
      assert.match(refused[0]?.reason ?? '', /^Line 1: The request is 1\.\d kB; a whole batch may have 1\.1 kB/);
    },
    { deps: { limits: { maxItems: 50, maxBytes: 1100, maxEmbeddingInputs: 3 } } },
  ));

test('a plan is kept for a day, and its files no longer', () => {
  let nowMs = 1_800_000_000_000;
  const clock = { now: () => nowMs, startTimer: () => () => undefined };
  return withHarness(
    async (harness) => {
      const path = harness.file('a.md', '---\nmodel: plain-1\n---\nx');
      const old = await planOf(harness, path);
      nowMs += 24 * 3_600_000 + 1;
      const fresh = await planOf(harness, path);
      assert.equal(inputs(harness).length, 1);
      await assert.rejects(harness.runner.submit(old.id), { reason: 'unknownPlan' });
      assert.deepEqual(harness.runner.jobs(workspaceId), []);
      await harness.runner.stop();
      const [job] = await harness.runner.submit(fresh.id);
      assert.equal(job?.state, 'submitting');
      assert.deepEqual(await harness.runner.submit(fresh.id), [job]);
    },
    { deps: { clock } },
  );
});

test('ten thousand requests are planned without a body in memory for long', () =>
  withHarness(async (harness) => {
    const lines = Array.from({ length: 10_000 }, (_, index) =>
      row(`r${index}`, {}, { messages: [{ role: 'user', content: `${index} ${'x'.repeat(500)}` }] }),
    );
    const plan = await planOf(harness, harness.file('big.jsonl', lines.join('\n')));
    assert.deepEqual([plan.jobs[0]?.itemCount, plan.jobs[0]?.items.length], [10_000, 1000]);
    assert.equal(inputs(harness)[0]?.length, 10_000);
    assert.equal(inputs(harness)[0]?.[9_999]?.custom_id, 'r9999');
  }));
