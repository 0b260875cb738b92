import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cachedShare, type StatusState, statusText } from '../../../../src/extension/status/statusText.ts';
import { untranslated } from '../../../../src/extension/translate.ts';
import { busySpend, noSpend, noTotals } from '../../../support/sampleSpend.ts';

const textOf = (state: StatusState) => statusText(state, untranslated);
const ready = { kind: 'ready', today: busySpend(), metered: true, demo: false } as const;

test('a metered day: spend and the share answered by the cache', () => {
  assert.equal(
    textOf({
      ...ready,
      today: {
        ...noSpend,
        totals: {
          ...noTotals,
          calls: 7,
          costPicoUsd: '1240000000000',
          cacheOutcomes: { hitExact: 2, hitWording: 1, miss: 4 },
        },
      },
    }).text,
    '$(credit-card) $1.24 today · 43% cached',
  );
});

test('an estimate in the sum, the demo provider and missing metering are said', () => {
  assert.equal(
    textOf({ ...ready, metered: false, demo: true }).text,
    '$(credit-card) ~$1.24 today · 43% cached · demo · not metered',
  );
});

test('a day without calls claims no cached share', () => {
  assert.equal(textOf({ ...ready, today: noSpend }).text, '$(credit-card) $0.00 today');
});

test('rows of the demo provider mark the item also after the configuration has changed', () => {
  const today = { ...noSpend, totals: { ...noTotals, calls: 1, attempts: 1, demoAttempts: 1 } };
  assert.equal(textOf({ ...ready, today }).text, '$(credit-card) $0.00 today · 0% cached · demo');
});

test('the background warns only when the service is in error', () => {
  const severities = [
    textOf(ready),
    textOf({ kind: 'starting' }),
    textOf({ kind: 'off', reason: 'untrusted' }),
    textOf({ kind: 'down', message: 'It ended.', retrying: true }),
    textOf({ kind: 'missing', message: 'No SQLite.' }),
  ].map(({ severity }) => severity);
  assert.deepEqual(severities, ['none', 'none', 'none', 'error', 'warning']);
});

test('without a folder there is no item', () => {
  assert.equal(textOf({ kind: 'off', reason: 'noFolder' }).text, '');
});

test('the item reads out without its icon', () => {
  assert.equal(textOf(ready).label, 'Tollgate: ~$1.24 today · 43% cached');
});

test('the tooltip names models as text, never as markup', () => {
  const { tooltip } = textOf(ready);
  assert.ok(tooltip.includes('| openai/\\<img src=x onerror=alert\\(1\\)\\> | price unknown |'), tooltip);
  assert.ok(tooltip.includes('| openai/gpt\\-4o | \\$0.83 |'), tooltip);
  assert.ok(tooltip.includes('| Price unknown | 2 |'), tooltip);
});

test('joined calls count as answered without a provider, shadow hits do not', () => {
  assert.equal(cachedShare({ ...noTotals, calls: 4, cacheOutcomes: { joined: 1, shadowExact: 2, miss: 1 } }), '25%');
});

test('the tooltip ends with the age of the prices', () => {
  const prices = { state: 'stale', text: 'Prices of 22 Sep 2026 (62 days old).' } as const;
  const { tooltip } = textOf({ ...ready, prices });
  assert.match(tooltip.split('\n').at(-1) ?? '', /^Prices of 22 Sep 2026 .*62 days old/);
});

test('the background changes only when a spending limit is reached: an error where calls are refused', () => {
  const limit = {
    scope: 'feature:search',
    window: 'day',
    limitPicoUsd: '1000000000000',
    spentPicoUsd: '1020000000000',
    onExceed: 'block',
    exceeded: true,
    configured: { scope: 'feature', window: 'day', limitUsd: 1 },
    raisable: true,
  } as const;
  const reached = textOf({ ...ready, exceeded: [limit] });
  assert.equal(reached.severity, 'error');
  assert.equal(reached.text, '$(credit-card) ~$1.24 today · 43% cached · limit reached');
  assert.ok(
    reached.tooltip.includes('Spending limit reached \\(feature:search\\): \\$1.02 of \\$1.00.'),
    reached.tooltip,
  );
  assert.equal(textOf({ ...ready, exceeded: [{ ...limit, onExceed: 'warn' }] }).severity, 'warning');
  assert.equal(textOf({ ...ready, exceeded: [] }).severity, 'none');
});
