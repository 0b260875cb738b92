/** A plain or scientific decimal, as providers and spreadsheets write amounts. */
const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/;

/**
 * A decimal amount in picodollars, without passing through a float: `"0.06"` → 60,000,000,000.
 * @param unit how many picodollars a whole one is: 1e12 for dollars, 1e10 for cents
 * @returns undefined where `text` is not a number; what is finer than a picodollar is rounded to the nearest
 */
export function picoUsdOfDecimal(text: string, unit: bigint): bigint | undefined {
  const found = decimal.exec(text.trim().replace(/^\$/, ''));
  if (found === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  if (whole === '' && fraction === '') return undefined;
  const shift = Number(exponent) - fraction.length;
  const scaled = BigInt(whole + fraction) * unit;
  const magnitude = shift >= 0 ? scaled * 10n ** BigInt(shift) : roundedDivision(scaled, 10n ** BigInt(-shift));
  return sign === '-' ? -magnitude : magnitude;
}

function roundedDivision(value: bigint, by: bigint): bigint {
  return (value + by / 2n) / by;
}
