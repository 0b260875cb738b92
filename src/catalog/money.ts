/** 1 USD in picodollars. */
export const picoUsdPerUsd = 1_000_000_000_000n;

/** Dollars of a setting (`limitUsd`) in picodollars, rounded to the nearest. */
export function picoUsdOf(usd: number): bigint {
  const microUsd = Math.round(usd * 1e6);
  return BigInt(microUsd) * 1_000_000n;
}
