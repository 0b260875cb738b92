/** 1 USD in picodollars. */
export const picoUsdPerUsd = 1_000_000_000_000n;

/** The sum of amounts in picodollars; rows are safe integers, their sum need not be. */
export function sumPicoUsd(amounts: Iterable<number | bigint>): bigint {
  let sum = 0n;
  for (const amount of amounts) sum += BigInt(amount);
  return sum;
}

/** Dollars of a setting (`limitUsd`) in picodollars, rounded to the nearest. */
export function picoUsdOf(usd: number): bigint {
  const microUsd = Math.round(usd * 1e6);
  return BigInt(microUsd) * 1_000_000n;
}
