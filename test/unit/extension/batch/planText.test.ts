import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BatchPlan, PlannedItem, PlannedJob } from '../../../../src/batch/job.ts';
import { nothingToSubmit, planText } from '../../../../src/extension/batch/planText.ts';
import { untranslated } from '../../../../src/extension/translate.ts';

const item = (id: string, inputTokensBasis: PlannedItem['inputTokensBasis'] = 'exact'): PlannedItem => ({
  id,
  promptPath: `/ws/${id}.md`,
  inputTokens: 600,
  inputTokensBasis,
});
const job = (changes: Partial<PlannedJob> = {}): PlannedJob => ({
  provider: 'openai',
  model: 'gpt-4o-mini',
  endpoint: '/v1/chat/completions',
  demo: false,
  items: [item('a'), item('b')],
  itemCount: changes.items?.length ?? 2,
  duplicates: 0,
  bytes: 900,
  inputTokens: 1_204,
  inputTokensBasis: 'exact',
  batchPicoUsd: 90_300_000,
  standardPicoUsd: 180_600_000,
  maxBatchPicoUsd: 390_300_000,
  ...changes,
});
const plan = (changes: Partial<BatchPlan> = {}): BatchPlan => ({
  id: 'p1',
  workspaceId: 'w1',
  jobs: [job()],
  refused: [],
  answered: [],
  ...changes,
});
const shown = (path: string): string => path.replace('/ws/', '');
const textOf = (given: BatchPlan) => planText(given, shown, untranslated);

test('model, prompts, tokens and both prices', () => {
  assert.deepEqual(textOf(plan()), {
    message: 'Submit 2 prompts as a batch job?',
    detail: [
      'openai/gpt-4o-mini · 2 prompts · 1,204 tokens in',
      'Input: $0.000090 at batch price, $0.00018 at standard price',
      'At most $0.00039 with every answer at its limit',
    ].join('\n'),
  });
});

test('counts that are estimates make the price one', () => {
  const { detail } = textOf(plan({ jobs: [job({ items: [item('a', 'estimated')], inputTokensBasis: 'estimated' })] }));
  assert.ok(detail.includes('1 prompt · ~1,204 tokens in'), detail);
  assert.ok(detail.includes('Input: ~$0.000090 at batch price, ~$0.00018'), detail);
});

test('an unknown price is said, and so is a missing bound', () => {
  const { batchPicoUsd, standardPicoUsd, maxBatchPicoUsd, ...unpriced } = job();
  assert.ok(batchPicoUsd && standardPicoUsd && maxBatchPicoUsd);
  assert.equal(
    textOf(plan({ jobs: [unpriced] }))
      .detail.split('\n')
      .slice(1)
      .join(' / '),
    'Price unknown / Output comes on top: no limit is known for every answer',
  );
});

test('the demo provider is named, files left out come with their reason', () => {
  const { message, detail } = textOf(
    plan({
      jobs: [job({ demo: true, alias: 'cheap' }), job()],
      refused: [{ promptPath: '/ws/x.md', reason: 'It is empty.' }],
    }),
  );
  assert.equal(message, 'Submit 4 prompts as 2 batch jobs?');
  assert.ok(
    detail.startsWith('cheap (openai/gpt-4o-mini) · 2 prompts · 1,204 tokens in · demo provider, nothing is billed'),
  );
  assert.ok(detail.endsWith('Left out:\nx.md: It is empty.'));
});

test('a long list of refused files is cut, and says by how many', () => {
  const refused = Array.from({ length: 15 }, (_, n) => ({ promptPath: `/ws/${n}.md`, reason: 'It is empty.' }));
  const { detail } = nothingToSubmit(plan({ jobs: [], refused }), shown, untranslated);
  assert.equal(detail.split('\n').length, 14);
  assert.ok(detail.endsWith('11.md: It is empty.\nand 3 more'));
});
