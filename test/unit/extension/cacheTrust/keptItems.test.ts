import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearItems, keptItems, keptText } from '../../../../src/extension/cacheTrust/keptItems.ts';
import { untranslated } from '../../../../src/extension/translate.ts';

const nowMs = Date.UTC(2026, 5, 2);
const hour = 3_600_000;
const kept = {
  id: 'k1',
  model: 'openai/gpt-4o-mini',
  session: 'terminal-0123456789',
  question: 'What is\na lock?',
  answer: 'A lock is …',
  createdAtMs: nowMs - 3 * hour,
  expiresAtMs: nowMs + 21 * hour,
  hits: 4,
  bytes: 700,
};

test('a kept answer is shown with question, session, model, age and hits', () => {
  const [item] = keptItems([kept], nowMs, untranslated);
  assert.deepEqual(item, {
    id: 'k1',
    label: 'What is a lock?',
    description: 'openai/gpt-4o-mini · session terminal-012… · 3 h old · served: 4',
    detail: 'A lock is …',
  });
  const { session: _session, question: _question, answer: _answer, ...bare } = kept;
  const [other] = keptItems([{ ...bare, createdAtMs: nowMs - 100 * hour }], nowMs, untranslated);
  assert.deepEqual(
    [other?.label, other?.description, other?.detail],
    ['(question not kept)', 'openai/gpt-4o-mini · 4 days old · served: 4', '(no text)'],
  );
});

test('everything can be cleared, a model, or a session', () => {
  const stats = {
    entries: 3,
    bytes: 2100,
    hits: 4,
    models: [{ model: 'openai/gpt-4o-mini', entries: 3, bytes: 2100 }],
    sessions: [{ session: 's1', entries: 2, lastMs: nowMs - 60_000 }],
  };
  assert.deepEqual(clearItems({ stats }, nowMs, untranslated), [
    { label: 'Everything', description: 'answers: 3' },
    { label: 'Model openai/gpt-4o-mini', description: 'answers: 3', model: 'openai/gpt-4o-mini' },
    { label: 'Session s1', description: 'answers: 2 · last 1 min ago', session: 's1' },
  ]);
});

test('one answer is read whole', () => {
  const text = keptText(kept, untranslated);
  assert.ok(text.startsWith('What is\na lock?\n\n---\n\nA lock is …\n'));
  assert.ok(text.endsWith('kept 2026-06-01T21:00:00.000Z, until 2026-06-02T21:00:00.000Z, served: 4\n'));
});
