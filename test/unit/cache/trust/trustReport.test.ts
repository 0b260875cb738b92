import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JudgedPair } from '../../../../src/cache/trust/cachedPair.ts';
import { trustReport } from '../../../../src/cache/trust/trustReport.ts';

const judged = (count: number, verdict: JudgedPair['verdict'], kind: JudgedPair['kind'] = 'semantic'): JudgedPair[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `${verdict}-${kind}-${n}`,
    kind,
    served: false,
    verdict,
    judgedAtMs: n,
  }));

test('nothing judged is no figure', () => {
  const report = trustReport([], []);
  assert.deepEqual(report.figures, { right: 0, wrong: 0 });
  assert.equal(report.isTrustworthy, false);
});

test('the share of wrong answers comes with its interval, by kind; identical requests do not count', () => {
  const { figures, byKind } = trustReport(
    [],
    [...judged(38, 'right'), ...judged(2, 'wrong'), ...judged(10, 'right', 'wording'), ...judged(5, 'wrong', 'exact')],
  );
  assert.deepEqual([figures.right, figures.wrong, figures.falseHitRate?.rate], [48, 2, 0.04]);
  assert.deepEqual([byKind.semantic.right, byKind.semantic.wrong, byKind.wording.wrong], [38, 2, 0]);
  const { low, high } = figures.falseHitRate ?? { low: 1, high: 0 };
  assert.deepEqual([low.toFixed(3), high.toFixed(3)], ['0.011', '0.135']);
});

test('it is only offered after thirty judgements with hardly one wrong', () => {
  const isTrustworthy = (right: number, wrong: number) =>
    trustReport([], [...judged(right, 'right'), ...judged(wrong, 'wrong')]).isTrustworthy;
  assert.deepEqual(
    [isTrustworthy(29, 0), isTrustworthy(30, 0), isTrustworthy(30, 1), isTrustworthy(98, 2)],
    [false, true, false, true],
  );
});
