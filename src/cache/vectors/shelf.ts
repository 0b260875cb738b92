import type { Neighbour } from './vectorIndex.ts';

/** Vectors of one scope, searched one by one. */
export interface Shelf {
  readonly dimensions: number;
  readonly size: number;
  has(key: string): boolean;
  put(key: string, vector: Float32Array): void;
  drop(key: string): void;
  /** First in, undefined in an empty shelf. */
  oldest(): string | undefined;
  nearest(vector: Float32Array, minScore: number, limit: number): Neighbour[];
}

const firstRows = 16;
/** Up to this share of a query's dimensions, walking over those that are not zero is quicker than over all. */
const sparseShare = 1 / 4;

/**
 * One byte per dimension, one row after the other in one array: a search runs through memory once. A vector loses about two
 * thousandths of its cosine by that.
 */
export function createShelf(dimensions: number): Shelf {
  let rows = new Int8Array(firstRows * dimensions);
  let scales = new Float32Array(firstRows);
  const keys: string[] = [];
  const rowOf = new Map<string, number>();

  return {
    dimensions,
    get size() {
      return keys.length;
    },
    has: (key) => rowOf.has(key),
    put(key, vector) {
      const row = keys.length;
      if (row === scales.length) grow();
      const scale = largest(vector) / 127 || 1;
      const start = row * dimensions;
      for (let index = 0; index < dimensions; index++) rows[start + index] = Math.round((vector[index] ?? 0) / scale);
      scales[row] = scale;
      keys.push(key);
      rowOf.set(key, row);
    },
    drop(key) {
      const row = rowOf.get(key);
      const lastKey = keys.pop();
      if (row === undefined || lastKey === undefined) return;
      rowOf.delete(key);
      if (lastKey === key) return;
      // The last row takes the place, so that there are no holes; it keeps its age.
      rows.copyWithin(row * dimensions, keys.length * dimensions, (keys.length + 1) * dimensions);
      scales[row] = scales[keys.length] ?? 1;
      keys[row] = lastKey;
      rowOf.set(lastKey, row);
    },
    oldest: () => rowOf.keys().next().value,
    nearest(vector, minScore, limit) {
      const score = scorer(vector);
      const found: Neighbour[] = [];
      for (let row = 0; row < keys.length; row++) {
        const value = score(row);
        if (value >= minScore) found.push({ key: keys[row] ?? '', score: value });
      }
      return found.sort((a, b) => b.score - a.score).slice(0, limit);
    },
  };

  function grow(): void {
    const [oldRows, oldScales] = [rows, scales];
    rows = new Int8Array(oldRows.length * 2);
    scales = new Float32Array(oldScales.length * 2);
    rows.set(oldRows);
    scales.set(oldScales);
  }

  function scorer(vector: Float32Array): (row: number) => number {
    const used: number[] = [];
    for (let index = 0; index < dimensions; index++) if (vector[index] !== 0) used.push(index);
    return used.length > dimensions * sparseShare ? denseScorer(vector) : sparseScorer(vector, Uint32Array.from(used));
  }

  function sparseScorer(vector: Float32Array, used: Uint32Array): (row: number) => number {
    const weights = Float32Array.from(used, (index) => vector[index] ?? 0);
    return (row) => {
      const start = row * dimensions;
      let sum = 0;
      for (let index = 0; index < used.length; index++) {
        sum += (weights[index] ?? 0) * (rows[start + (used[index] ?? 0)] ?? 0);
      }
      return sum * (scales[row] ?? 0);
    };
  }

  function denseScorer(vector: Float32Array): (row: number) => number {
    return (row) => {
      const start = row * dimensions;
      let sum = 0;
      for (let index = 0; index < dimensions; index++) sum += (vector[index] ?? 0) * (rows[start + index] ?? 0);
      return sum * (scales[row] ?? 0);
    };
  }
}

function largest(vector: Float32Array): number {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return most;
}
