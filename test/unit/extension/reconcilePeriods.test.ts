import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconcilePeriods } from '../../../src/extension/reconcile/reconcilePeriods.ts';

test('periods are whole UTC months, and four weeks that are final', () => {
  assert.deepEqual(reconcilePeriods(Date.parse('2026-01-05T10:00:00Z')), {
    lastMonth: { fromDay: '2025-12-01', toDay: '2025-12-31' },
    thisMonth: { fromDay: '2026-01-01', toDay: '2026-01-05' },
    lastWeeks: { fromDay: '2025-12-05', toDay: '2026-01-02' },
  });
  assert.deepEqual(reconcilePeriods(Date.parse('2024-03-31T23:59:59Z')).lastMonth, {
    fromDay: '2024-02-01',
    toDay: '2024-02-29',
  });
});
