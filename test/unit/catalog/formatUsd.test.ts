import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatUsd, formatUsdPerMTok } from '../../../src/catalog/formatUsd.ts';

test('cents from ten cents up, two significant digits below', () => {
  const cases: [bigint | number | string, string][] = [
    [0, '$0.00'],
    ['0', '$0.00'],
    [1, '<$0.000001'],
    [999_999, '<$0.000001'],
    [1_000_000, '$0.0000010'],
    [1_030_000_000n, '$0.0010'],
    [12_340_000_000, '$0.012'],
    [99_400_000_000, '$0.099'],
    ['99600000000', '$0.10'],
    [123_456_000_000, '$0.12'],
    [999_500_000_000, '$1.00'],
    ['1240000000000', '$1.24'],
    [1_234_567_890_000_000_000n, '$1,234,567.89'],
    [-1_240_000_000_000, '-$1.24'],
  ];
  for (const [amount, expected] of cases) assert.equal(formatUsd(amount), expected);
});

test('only nothing reads $0.00, and what is shown is within 5 % of the amount', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1_000_000n, max: 10n ** 24n }), (amount) => {
      const text = formatUsd(amount);
      assert.match(text, /^\$[\d,]+\.\d{2,7}$/);
      const shown = Number(text.replace(/[$,]/g, ''));
      const usd = Number(amount) / 1e12;
      assert.ok(Math.abs(shown - usd) <= usd * 0.0501, `${amount} is shown as ${text}`);
    }),
  );
});

test('more money never reads less', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
  const value = (text: string) => (text.startsWith('<') ? 0.0000005 : Number(text.replace(/[$,]/g, '')));
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      assert.ok(value(formatUsd(less)) <= value(formatUsd(more)));
    }),
  );
});

test('list prices', () => {
  const cases: [number, string][] = [
    [2.5, '$2.50'],
    [10, '$10'],
    [0.075, '$0.075'],
    [0.15, '$0.15'],
    [0.2288, '$0.2288'],
  ];
  for (const [usd, expected] of cases) assert.equal(formatUsdPerMTok(usd), expected);
});
