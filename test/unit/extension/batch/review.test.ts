import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interactiveUses } from '../../../../src/batch/interactiveUse.ts';
import type { BatchPlan, PlannedItem, PlannedJob } from '../../../../src/batch/job.ts';
import { reviewHtml } from '../../../../src/extension/batch/reviewHtml.ts';
import { type ReviewInput, type ReviewView, reviewView } from '../../../../src/extension/batch/reviewView.ts';
import { untranslated } from '../../../../src/extension/translate.ts';
import { realDetector } from '../../../support/detector.ts';

const item = (id: string, changes: Partial<PlannedItem> = {}): PlannedItem => ({
  id,
  promptPath: `/ws/${id}.md`,
  inputTokens: 600,
  inputTokensBasis: 'exact',
  maxOutputTokens: 50,
  ...changes,
});
const job = (changes: Partial<PlannedJob> = {}): PlannedJob => ({
  provider: 'openai',
  model: 'gpt-4o-mini',
  endpoint: '/v1/chat/completions',
  demo: false,
  items: [item('a'), item('b', { duplicateOf: 'a', ignored: ['tools'] })],
  itemCount: 2,
  duplicates: 1,
  bytes: 1_900,
  limits: { maxItems: 50_000, maxBytes: 200_000_000 },
  inputTokens: 1_204,
  inputTokensBasis: 'exact',
  maxOutputTokens: 50,
  batchPicoUsd: 90_300_000,
  standardPicoUsd: 180_600_000,
  maxBatchPicoUsd: 390_300_000,
  maxStandardPicoUsd: 780_600_000,
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
const view = (given: BatchPlan, changes: Partial<ReviewInput> = {}): ReviewView =>
  reviewView(
    {
      plan: given,
      tried: undefined,
      interactive: [],
      keepsDuplicates: false,
      shownPath: (path) => path.replace('/ws/', ''),
      ...changes,
    },
    untranslated,
  );

test('items, models, tokens, bound, both prices, duplicates and limits', () => {
  const shown = view(plan());
  assert.equal(shown.heading, '2 prompts in 1 job');
  assert.equal(
    shown.summary,
    'At most $0.00039 at batch price, against $0.00078 at standard price, with every answer at its limit.',
  );
  assert.deepEqual(shown.jobs, [
    [
      'openai/gpt-4o-mini',
      '2 (1 duplicate)',
      '1,204',
      'up to 50',
      '$0.000090 in, at most $0.00039',
      '$0.00018 in, at most $0.00078',
    ],
  ]);
  assert.deepEqual(shown.notes, [
    '1 duplicate: asked once, paid once, answered each.',
    'Within the limits of openai’s batches: one model, 50,000 requests and 200 MB in each job.',
    '2 kB are sent.',
  ]);
  assert.deepEqual(
    shown.lists.map(({ title, rows }) => [title, rows.map(({ text }) => text)]),
    [
      [
        'Prompts',
        ['600 tokens in · up to 50 out', '600 tokens in · up to 50 out · same as a, not sent · not used: tools'],
      ],
    ],
  );
});

test('what is not known is said, never zero', () => {
  const { batchPicoUsd, standardPicoUsd, maxBatchPicoUsd, maxStandardPicoUsd, maxOutputTokens, ...unknown } = job();
  assert.ok(batchPicoUsd && standardPicoUsd && maxBatchPicoUsd && maxStandardPicoUsd && maxOutputTokens);
  const shown = view(plan({ jobs: [unknown] }));
  assert.equal(shown.summary, 'The price of openai/gpt-4o-mini is not known, so the cost is not either.');
  assert.match(
    view(plan({ jobs: [job(), { ...unknown, model: 'new-1' }] })).summary,
    /^The price of openai\/new-1 is not known\. The rest: At most \$0\.00039 at batch price/,
  );
  assert.deepEqual(shown.jobs[0]?.slice(3), ['no limit', 'price unknown', 'price unknown']);
  assert.match(view(plan({ jobs: [{ ...unknown, batchPicoUsd }] })).summary, /has no bound/);
  assert.match(view(plan({ jobs: [job({ demo: true })] })).summary, /nothing is billed/);
});

test('warnings: left out, interactive; a plan of nothing cannot be submitted', () => {
  const refused = [{ promptPath: '/ws/x.png', reason: 'No.' }];
  const shown = view(plan({ refused }), { interactive: ['app.py, line 3, uses a.md in a request handler.'] });
  assert.deepEqual(shown.warnings, [
    'Somebody may be waiting for this answer, and a batch takes up to 24 hours: app.py, line 3, uses a.md in a request handler.',
    'Left out, because it cannot be sent: 1 file',
  ]);
  const nothing = view(plan({ jobs: [], refused }));
  assert.deepEqual([nothing.heading, nothing.canSubmit], ['Nothing to send', false]);
});

test('what stands in the way is said first, and leaves nothing to submit', () => {
  const objection = { message: 'The limit of $1 is spent.' };
  const problem = 'The key `secret:openai` is not there.';
  const shown = view(plan({ objection, jobs: [job({ problem }), job({ problem })] }));
  assert.deepEqual(shown.warnings, ['Cannot be submitted. The limit of $1 is spent.', problem]);
  assert.deepEqual([shown.canSubmit, shown.canTry, shown.canPlanAgain], [false, true, true]);
  const page = { nonce: 'n', language: 'en', keepsDuplicates: false, busy: undefined };
  const html = reviewHtml(shown, page, untranslated);
  assert.match(html, /data-action="submit" disabled>/);
  assert.match(html, /data-action="replan">Plan Again</);
  assert.doesNotMatch(reviewHtml(view(plan()), page, untranslated), /data-action="(?:submit" disabled|replan)/);
});

test('the page escapes what comes from files and models, and loads nothing', () => {
  const evil = '<img src=x onerror=alert(1)>"\'';
  const shown = view(plan({ refused: [{ promptPath: `/ws/${evil}`, reason: evil }] }), {
    tried: {
      ok: true,
      promptPath: `/ws/${evil}`,
      model: evil,
      text: evil,
      latencyMs: 1200,
      costStatus: 'exact',
      costPicoUsd: 1e9,
    },
  });
  const page = { nonce: 'N0', language: 'en', keepsDuplicates: false, busy: undefined };
  const html = reviewHtml(shown, page, untranslated);
  assert.doesNotMatch(html, /<img/);
  assert.match(html, /default-src &#39;none&#39;; style-src &#39;nonce-N0&#39;; script-src &#39;nonce-N0&#39;/);
  assert.deepEqual(html.match(/<(?:script|style)[^>]*>/g), ['<style nonce="N0">', '<script nonce="N0">']);
  assert.match(html, /1\.2 s, \$0\.0010 at standard price/);
  assert.equal(html.match(/disabled/g)?.length, 2, 'only in the style and the script');
  assert.ok((reviewHtml(shown, { ...page, busy: 'Planning' }, untranslated).match(/ disabled/g)?.length ?? 0) >= 3);
});

test('a prompt that a request handler names is interactive, one that a script names is not', async () => {
  const detector = realDetector();
  const text = `from fastapi import FastAPI
from openai import OpenAI
app = FastAPI()
client = OpenAI()

@app.post("/answer")
def answer(q: str):
    prompt = open("prompts/answer.md").read()
    return client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": prompt + q}])

def nightly():
    prompt = open("prompts/report.md").read()
    return client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": prompt}])
`;
  const calls = await detector.calls({ languageId: 'python', path: '/ws/app.py', text });
  const uses = interactiveUses(text, calls, ['answer.md', 'report.md']);
  assert.deepEqual(uses, [{ name: 'answer.md', offset: text.indexOf('answer.md') }]);
});
