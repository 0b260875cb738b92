import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raisedAmount, suggestedUsd } from '../../../../src/extension/limits/raisedAmount.ts';

test('an amount above the limit raises it; anything else does not', () => {
  const limit = { limitUsd: 20 };
  const cases = ['25', ' $25.50 ', '$ 20.01', '20', '5', '-30', '', '1e3', '30 €', '2000000000'];
  assert.deepEqual(
    cases.map((text) => raisedAmount(text, limit)),
    [25, 25.5, 20.01, undefined, undefined, undefined, undefined, undefined, undefined, undefined],
  );
});

test('what is offered raises the limit', () => {
  assert.equal(suggestedUsd({ limitUsd: 20 }), 30);
  for (const limitUsd of [0.001, 0.37, 1, 12.34, 999_999])
    assert.ok(raisedAmount(String(suggestedUsd({ limitUsd })), { limitUsd }) !== undefined, `${limitUsd}`);
});
