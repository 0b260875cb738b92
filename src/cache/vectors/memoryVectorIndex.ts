import { createShelf, type Shelf } from './shelf.ts';
import type { Neighbour, VectorIndex } from './vectorIndex.ts';

/** In memory, who is nearest is known at once. */
export interface MemoryVectorIndex extends VectorIndex {
  nearest(scope: string, vector: Float32Array, minScore: number, limit: number): readonly Neighbour[];
}

export interface MemoryVectorIndexOptions {
  /** Above which a scope forgets its oldest vectors. */
  readonly maxPerScope: number;
  /** Above which the scopes that were longest not used are forgotten. */
  readonly maxVectors: number;
  /** Told of a scope that was forgotten for want of room. */
  readonly onForgotten?: (scope: string) => void;
}

/**
 * Brute force in memory. Ten thousand vectors of 512 dimensions are five megabytes: no library, no file, nothing to build,
 * and nothing approximate about who is nearest.
 */
export function createMemoryVectorIndex({
  maxPerScope,
  maxVectors,
  onForgotten,
}: MemoryVectorIndexOptions): MemoryVectorIndex {
  /** Least recently used first. */
  const shelves = new Map<string, Shelf>();
  let kept = 0;

  return {
    add(scope, key, vector) {
      const shelf = used(scope) ?? place(scope, createShelf(vector.length));
      if (shelf.dimensions !== vector.length) return;
      drop(shelf, key);
      const oldest = shelf.size >= maxPerScope ? shelf.oldest() : undefined;
      if (oldest !== undefined) drop(shelf, oldest);
      shelf.put(key, vector);
      kept++;
      for (const [other, { size }] of shelves) {
        if (kept <= maxVectors || other === scope) break;
        shelves.delete(other);
        kept -= size;
        onForgotten?.(other);
      }
    },
    remove(scope, key) {
      const shelf = shelves.get(scope);
      if (shelf === undefined) return;
      drop(shelf, key);
      if (shelf.size === 0) shelves.delete(scope);
    },
    nearest(scope, vector, minScore, limit) {
      const shelf = used(scope);
      return shelf?.dimensions === vector.length ? shelf.nearest(vector, minScore, limit) : [];
    },
    clear() {
      shelves.clear();
      kept = 0;
    },
  };

  function drop(shelf: Shelf, key: string): void {
    if (!shelf.has(key)) return;
    shelf.drop(key);
    kept--;
  }

  function used(scope: string): Shelf | undefined {
    const shelf = shelves.get(scope);
    return shelf && place(scope, shelf);
  }

  function place(scope: string, shelf: Shelf): Shelf {
    shelves.delete(scope);
    shelves.set(scope, shelf);
    return shelf;
  }
}
