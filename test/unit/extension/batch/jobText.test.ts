import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job, JobItem } from '../../../../src/batch/job.ts';
import {
  elapsed,
  itemLabel,
  jobContext,
  jobCostText,
  jobDescription,
  jobEndText,
  jobIcon,
} from '../../../../src/extension/batch/jobText.ts';
import { isPromptPath } from '../../../../src/extension/batch/promptFiles.ts';
import { untranslated } from '../../../../src/extension/translate.ts';
import { jobTotals } from '../../../support/jobTotals.ts';

const item = (id: string, changes: Partial<JobItem> = {}): JobItem => ({
  id,
  promptPath: `/ws/${id}.md`,
  resultPath: `/ws/${id}.result.md`,
  state: 'pending',
  ...changes,
});
const job = (changes: Partial<Job> = {}): Job => ({
  id: 'j1',
  workspaceId: 'w1',
  provider: 'openai',
  model: 'gpt-4o',
  endpoint: '/v1/chat/completions',
  state: 'inProgress',
  demo: false,
  createdAtMs: 0,
  items: [item('a'), item('b')],
  totals: jobTotals(changes.items ?? [item('a'), item('b')]),
  collected: false,
  ...changes,
});
const answered = (id: string, costPicoUsd: number): JobItem =>
  item(id, { state: 'succeeded', costPicoUsd, costStatus: 'exact' });

test('a running job: counts, state, age, estimate', () => {
  assert.equal(
    jobDescription(
      job({ counts: { total: 2, completed: 1, failed: 0 }, estimatedPicoUsd: 1e9 }),
      240_000,
      untranslated,
    ),
    '1/2 done · in progress · 4 min · ~$0.0010',
  );
});

test('a job of which nothing is known yet claims nothing', () => {
  // The provider counts from zero while it checks the file.
  const checked = job({ state: 'validating', counts: { total: 0, completed: 0, failed: 0 } });
  assert.equal(jobDescription(checked, 5_000, untranslated), '2 prompts · being checked by the provider · 5 s');
  assert.equal(jobDescription(job(), 5_000, untranslated), '2 prompts · in progress · 5 s');
  assert.equal(jobCostText(job()), undefined);
});

test('an ended job counts to its end, with what its items cost', () => {
  const done = job({
    state: 'completed',
    endedAtMs: 3_900_000,
    items: [answered('a', 815_000_000), item('b', { state: 'failed', error: 'refused' })],
    demo: true,
  });
  assert.equal(jobDescription(done, 9e9, untranslated), '1/2 done, 1 failed · completed · 1 h 5 min · $0.00082 · demo');
});

test('items without a known price are never counted as free', () => {
  const unpriced = item('b', { state: 'succeeded', costStatus: 'unpriced' });
  assert.equal(jobCostText(job({ items: [answered('a', 1e9), unpriced] })), '$0.0010 + ?');
  assert.equal(jobCostText(job({ items: [unpriced] })), '?');
});

test('an estimate among the items marks the sum', () => {
  const guessed = item('b', { state: 'succeeded', costPicoUsd: 1e9, costStatus: 'estimated' });
  assert.equal(jobCostText(job({ items: [answered('a', 1e9), guessed] })), '~$0.0020');
});

test('what the menu offers', () => {
  assert.deepEqual(
    [
      job(),
      job({ state: 'cancelling' }),
      job({ state: 'completed' }),
      job({ state: 'expired', collected: true }),
      job({ state: 'lost' }),
    ].map(jobContext),
    ['job.running', 'job.cancelling', 'job.ended', 'job.collected', 'job.ended'],
  );
});

test('a completed job with failed items is not shown as a success', () => {
  assert.equal(jobIcon(job({ state: 'completed', items: [item('a', { state: 'failed' })] })).icon, 'warning');
  assert.equal(jobIcon(job({ state: 'completed', items: [answered('a', 1)] })).icon, 'pass');
});

test('the sentence at the end', () => {
  const items = [answered('a', 1e9), item('b', { state: 'missing' })];
  assert.equal(
    jobEndText(job({ state: 'completed', items }), untranslated),
    'Batch job with gpt-4o completed: 1 of 2 prompts answered, 1 failed, $0.0010.',
  );
  assert.equal(
    jobEndText(
      job({ state: 'failed', items: [item('a', { state: 'failed' })], problem: 'The key was refused.' }),
      untranslated,
    ),
    'Batch job with gpt-4o failed: 0 of 1 prompts answered, 1 failed. The key was refused.',
  );
});

test('items of a set are told apart', () => {
  assert.equal(itemLabel(item('a')), 'a.md');
  assert.equal(itemLabel(item('x', { promptPath: '/ws/greet.md', sourceId: 'row-2' })), 'greet.md: row-2');
});

test('durations', () => {
  assert.deepEqual(
    [0, 59_400, 59_600, 3_540_000, 3_600_000, 5_400_000].map((ms) => elapsed(ms, untranslated)),
    ['0 s', '59 s', '1 min', '59 min', '1 h 0 min', '1 h 30 min'],
  );
  assert.equal(elapsed(-500, untranslated), '0 s');
});

test('offered prompt files leave a project’s documents and our own results out', () => {
  assert.deepEqual(
    [
      '/ws/README.md',
      '/ws/faq.md',
      '/ws/faq.result.md',
      '/ws/requirements-dev.txt',
      '/ws/a.prompty',
      '/ws/b.jsonl',
      '/ws/c.py',
    ].filter(isPromptPath),
    ['/ws/faq.md', '/ws/a.prompty', '/ws/b.jsonl'],
  );
});
