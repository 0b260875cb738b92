export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Quantiles of the normal distribution: both sides of 95 %, and one side of 99 %. */
export const z95 = 1.959964;
export const z99OneSided = 2.326348;

/**
 * Wilson's score interval for a share: unlike the plain one it holds for few calls and for no failures at all.
 * (E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.)
 */
export function wilson(failed: number, calls: number, z: number): Interval {
  if (calls === 0) return { low: 0, high: 1 };
  const share = failed / calls;
  const spread = z * z;
  const centre = share + spread / (2 * calls);
  const half = z * Math.sqrt((share * (1 - share) + spread / (4 * calls)) / calls);
  const whole = 1 + spread / calls;
  return { low: Math.max(0, (centre - half) / whole), high: Math.min(1, (centre + half) / whole) };
}
