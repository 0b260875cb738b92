/** A share with the interval that its true value lies in, 95 times of 100. */
export interface Interval {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

const z = 1.959964;

/** Wilson's score interval, which also holds for few trials and for none or all of them. */
export function wilson(hits: number, trials: number): Interval {
  const rate = hits / trials;
  const weight = 1 + (z * z) / trials;
  const middle = (rate + (z * z) / (2 * trials)) / weight;
  const half = (z / weight) * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  return {
    rate,
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === trials ? 1 : Math.min(1, middle + half),
  };
}
