import { picoUsdPerUsd } from './money.ts';

const picoUsdPerCent = picoUsdPerUsd / 100n;
const picoUsdPerMicroUsd = picoUsdPerUsd / 1_000_000n;

function roundTo(amount: bigint, unit: bigint): bigint {
  return (amount + unit / 2n) / unit;
}

function decimal(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Two significant digits, of an amount below a dime. */
function formatSmall(amount: bigint): string {
  const decimals = 12 - amount.toString().length + 2;
  const unit = 10n ** BigInt(12 - decimals);
  const text = decimal(roundTo(amount, unit), decimals);
  // rounding up may have added a digit: 0.0996 is $0.10, not $0.100
  return roundTo(amount, unit) >= 100n ? text.slice(0, -1) : text;
}

function formatAmount(amount: bigint): string {
  if (amount === 0n) return '$0.00';
  if (amount < picoUsdPerMicroUsd) return '<$0.000001';
  if (amount < 10n * picoUsdPerCent) return `$${formatSmall(amount)}`;
  const cents = decimal(roundTo(amount, picoUsdPerCent), 2);
  return `$${cents.replace(/\B(?=(?:\d{3})+\.)/g, ',')}`;
}

/**
 * Money for people: cents from ten cents up (`$1.24`, `$1,234.50`), two significant digits below (`$0.0010`), `$0.00`
 * only for nothing at all.
 * @param picoUsd picodollars; a text is the decimal form of a bigint, as it crosses a JSON border
 */
export function formatUsd(picoUsd: bigint | number | string): string {
  const amount = BigInt(typeof picoUsd === 'number' ? Math.round(picoUsd) : picoUsd);
  return amount < 0n ? `-${formatAmount(-amount)}` : formatAmount(amount);
}

/** A list price: `$2.50`, `$10`, `$0.075`. */
export function formatUsdPerMTok(usd: number): string {
  if (Number.isInteger(usd)) return `$${usd}`;
  const text = usd.toFixed(6).replace(/0+$/, '');
  const decimals = text.length - text.indexOf('.') - 1;
  return `$${decimals < 2 ? usd.toFixed(2) : text}`;
}
