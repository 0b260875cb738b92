import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CachedPair, JudgedPair } from '../../../../src/cache/trust/cachedPair.ts';
import { trustReport } from '../../../../src/cache/trust/trustReport.ts';
import { judgeHtml } from '../../../../src/extension/cacheTrust/judgeHtml.ts';
import { judgeView } from '../../../../src/extension/cacheTrust/judgeView.ts';
import { untranslated } from '../../../../src/extension/translate.ts';

const nowMs = 10 * 60_000;
const pair: CachedPair = {
  id: 'call-1',
  workspaceId: 'w1',
  kind: 'semantic',
  served: false,
  entryId: 'e1',
  model: 'openai/gpt-4o-mini',
  atMs: nowMs - 180_000,
  ageMs: 5,
  similarity: 0.9712,
  embedder: 'lexical-1',
  asked: 'What is a <lock>?',
  matched: 'What are locks?',
  answer: 'kept & old',
  modelAnswer: 'fresh',
};
const judged = (count: number): JudgedPair[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `${n}`,
    kind: 'semantic',
    served: false,
    verdict: 'right',
    judgedAtMs: n,
  }));

test('a pair stands side by side: what was asked and answered, and what was kept', () => {
  const { pairs, summary } = judgeView(trustReport([pair], []), nowMs, untranslated);
  assert.equal(pairs[0]?.title, 'openai/gpt-4o-mini · by meaning, 0.971 with lexical-1 · only watched · 3 min ago');
  assert.deepEqual(pairs[0]?.sides, [
    { name: 'Asked', question: 'What is a <lock>?', answer: 'fresh' },
    { name: 'Kept', question: 'What are locks?', answer: 'kept & old' },
  ]);
  assert.equal(summary, 'No answer was judged yet. 30 judgements give a first figure.');
});

test('the measured rate is told with its interval, and switching on is offered where something is only watched', () => {
  const few = judgeView(trustReport([pair], judged(10)), nowMs, untranslated);
  assert.equal(
    few.summary,
    'Wrong: 0 of 10 judged, 0.0 % (95 % interval 0.0 % to 27.8 %). That is little: 20 more are needed.',
  );
  assert.equal(few.offersToSwitchOn, false);
  const enough = judgeView(trustReport([pair], judged(30)), nowMs, untranslated);
  assert.equal(enough.summary, 'Wrong: 0 of 30 judged, 0.0 % (95 % interval 0.0 % to 11.4 %).');
  assert.equal(enough.offersToSwitchOn, true);
  const served = judgeView(trustReport([{ ...pair, served: true }], judged(30)), nowMs, untranslated);
  assert.equal(served.offersToSwitchOn, false);
});

test('the page shows texts as texts, and which button was pressed', () => {
  const view = judgeView(trustReport([{ ...pair, verdict: 'wrong' }], []), nowMs, untranslated);
  const html = judgeHtml(view, { nonce: 'n0', language: 'en' }, untranslated);
  assert.ok(!html.includes('<lock>') && html.includes('What is a &#60;lock&#62;?') && html.includes('kept &#38; old'));
  assert.match(html, /data-action="wrong" data-pair="call-1" aria-pressed="true"/);
  assert.match(html, /data-action="right" data-pair="call-1" aria-pressed="false"/);
  assert.match(html, /default-src &#39;none&#39;|default-src 'none'/);
});
