/** The largest of amounts; undefined of none. */
export function largest(amounts: readonly bigint[]): bigint | undefined {
  return amounts.toSorted(ascending).at(-1);
}

/** The smallest of amounts; undefined of none. */
export function smallest(amounts: readonly bigint[]): bigint | undefined {
  return amounts.toSorted(ascending)[0];
}

function ascending(a: bigint, b: bigint): number {
  return Number(a > b) - Number(a < b);
}
