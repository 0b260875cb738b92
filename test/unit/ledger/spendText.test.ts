import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spendText } from '../../../src/ledger/spendText.ts';
import { noSpend, noTotals } from '../../support/sampleSpend.ts';

test('what has no known price is never $0.00', () => {
  const group = { calls: 1, cacheHits: 0, inputTokens: 7, outputTokens: 3, savedPicoUsd: '0' };
  const text = spendText(
    {
      ...noSpend,
      totals: { ...noTotals, calls: 2, attempts: 2, unpricedAttempts: 2 },
      byModel: [
        { ...group, key: 'own/secret-model', costPicoUsd: '0', unpricedAttempts: 1 },
        { ...group, key: 'own/free-model', costPicoUsd: '0', unpricedAttempts: 0 },
      ],
    },
    'today',
  );
  assert.deepEqual(text.split('\n'), [
    'Spent today: price unknown for 2 calls (2 requests to providers).',
    '2 requests had no known price and are not in the sum.',
    'By model:',
    '- own/secret-model: price unknown, 1 call, 7 tokens in, 3 out',
    '- own/free-model: $0.00, 1 call, 7 tokens in, 3 out',
  ]);
});

test('a day without calls', () =>
  assert.equal(spendText(noSpend, 'week'), 'No call went through Tollgate in the last 7 days.'));
