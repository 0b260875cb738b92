import { LRUCache } from 'lru-cache';

/** What calls of a kind have cost. Picodollars. */
export interface MeasuredCosts {
  add(kind: string, picoUsd: bigint): void;
  /** What 99 of 100 calls cost at most; undefined until there are enough to say so. */
  p99(kind: string): bigint | undefined;
}

const keptKinds = 1000;
const keptCosts = 256;
/** Fewer say nothing about the dear ones. */
const enough = 30;

export function createMeasuredCosts(): MeasuredCosts {
  const kinds = new LRUCache<string, bigint[]>({ max: keptKinds });
  return {
    add(kind, picoUsd) {
      const costs = kinds.get(kind) ?? [];
      if (costs.length === 0) kinds.set(kind, costs);
      costs.push(picoUsd);
      if (costs.length > keptCosts) costs.shift();
    },
    p99(kind) {
      const costs = kinds.get(kind);
      if (costs === undefined || costs.length < enough) return undefined;
      const sorted = costs.toSorted((a, b) => Number(a > b) - Number(a < b));
      return sorted[Math.ceil(sorted.length * 0.99) - 1];
    },
  };
}
