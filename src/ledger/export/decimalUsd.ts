/** Picodollars as a decimal of dollars, exactly: 1,500,000,000,000 → `1.5`. */
export function decimalUsd(picoUsd: number | bigint): string {
  const amount = BigInt(picoUsd);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(13, '0');
  const fraction = digits.slice(-12).replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -12)}${fraction === '' ? '' : `.${fraction}`}`;
}
