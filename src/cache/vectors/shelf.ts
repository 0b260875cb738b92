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
/** Dimensions between two looks at which rows can still be near enough. */
const stride = 6;

/**
 * One byte per dimension, all bytes of a dimension side by side. A vector loses about two thousandths of its cosine by that.
 * A search takes first the dimensions that tell most, and leaves a row as soon as what is left of both cannot make it near
 * enough (Cauchy and Schwarz): most rows cost a handful of multiplications, and none that is near enough is missed.
 */
export function createShelf(dimensions: number): Shelf {
  let room = firstRows;
  let columns = new Int8Array(room * dimensions);
  let scales = new Float64Array(room);
  /** Sums of the squares of a row's bytes. */
  let squares = new Float64Array(room);
  /** Of each dimension, the rows that are not zero in it. */
  const filled = new Uint32Array(dimensions);
  const keys: string[] = [];
  const rowOf = new Map<string, number>();
  let scratch = createScratch(room);

  return {
    dimensions,
    get size() {
      return keys.length;
    },
    has: (key) => rowOf.has(key),
    put(key, vector) {
      const row = keys.length;
      if (row === room) grow();
      const scale = largest(vector) / 127 || 1;
      let square = 0;
      for (let place = 0; place < dimensions; place++) {
        const byte = Math.round((vector[place] ?? 0) / scale);
        columns[place * room + row] = byte;
        square += byte * byte;
        if (byte !== 0) filled[place] = (filled[place] ?? 0) + 1;
      }
      scales[row] = scale;
      squares[row] = square;
      keys.push(key);
      rowOf.set(key, row);
    },
    drop(key) {
      const row = rowOf.get(key);
      if (row === undefined) return;
      const lastKey = keys.pop() ?? key;
      rowOf.delete(key);
      const last = keys.length;
      // The last row takes the place, so that there are no holes; it keeps its age.
      for (let start = 0, place = 0; place < dimensions; start += room, place++) {
        if (columns[start + row] !== 0) filled[place] = (filled[place] ?? 0) - 1;
        columns[start + row] = columns[start + last] ?? 0;
      }
      if (lastKey === key) return;
      scales[row] = scales[last] ?? 1;
      squares[row] = squares[last] ?? 0;
      keys[row] = lastKey;
      rowOf.set(lastKey, row);
    },
    oldest: () => rowOf.keys().next().value,
    nearest(vector, minScore, limit) {
      const query = tellingFirst(vector, filled, keys.length);
      const left = rowsLeft(query, minScore);
      const found: Neighbour[] = [];
      for (let at = 0; at < left; at++) {
        const row = scratch.rows[at] ?? 0;
        const score = (scratch.sums[row] ?? 0) * (scales[row] ?? 0);
        if (score >= minScore) found.push({ key: keys[row] ?? '', score });
      }
      return found.sort((a, b) => b.score - a.score).slice(0, limit);
    },
  };

  function grow(): void {
    const [from, oldRoom] = [columns, room];
    room *= 2;
    columns = new Int8Array(room * dimensions);
    for (let place = 0; place < dimensions; place++)
      columns.set(from.subarray(place * oldRoom, (place + 1) * oldRoom), place * room);
    scales = longer(scales, room);
    squares = longer(squares, room);
    scratch = createScratch(room);
  }

  /** Sums up the products of the rows that may be near enough; how many those are. Their numbers are in `scratch.rows`. */
  function rowsLeft({ places, weights, rest }: Query, minScore: number): number {
    const { rows, sums, unseen } = scratch;
    let left = keys.length;
    for (let row = 0; row < left; row++) rows[row] = row;
    sums.fill(0, 0, left);
    unseen.set(squares.subarray(0, left));
    for (let from = 0; from < places.length && left > 0; from += stride) {
      const to = Math.min(places.length, from + stride);
      for (let index = from; index < to; index++) {
        const start = (places[index] ?? 0) * room;
        const weight = weights[index] ?? 0;
        for (let at = 0; at < left; at++) {
          const row = rows[at] ?? 0;
          const byte = columns[start + row] ?? 0;
          if (byte === 0) continue;
          sums[row] = (sums[row] ?? 0) + weight * byte;
          unseen[row] = (unseen[row] ?? 0) - byte * byte;
        }
      }
      left = stillPossible(left, rest[to] ?? 0, minScore);
    }
    return left;
  }

  function stillPossible(among: number, rest: number, minScore: number): number {
    const { rows, sums, unseen } = scratch;
    let left = 0;
    for (let at = 0; at < among; at++) {
      const row = rows[at] ?? 0;
      const missing = minScore / (scales[row] ?? 1) - (sums[row] ?? 0);
      if (missing <= 0 || missing * missing <= rest * (unseen[row] ?? 0)) rows[left++] = row;
    }
    return left;
  }
}

/** What a search works in: kept, so that it leaves nothing to be collected. */
interface Scratch {
  readonly rows: Uint32Array;
  readonly sums: Float64Array;
  readonly unseen: Float64Array;
}

function createScratch(room: number): Scratch {
  return { rows: new Uint32Array(room), sums: new Float64Array(room), unseen: new Float64Array(room) };
}

/** A query's dimensions that are not zero. */
interface Query {
  readonly places: Uint32Array;
  readonly weights: Float64Array;
  /** Sum of the squares of the weights from each place on, a little more than it is: rounding must leave no row too early. */
  readonly rest: Float64Array;
}

/** Heavy dimensions that few rows have come first: a row without them is done with soonest. */
function tellingFirst(vector: Float32Array, filled: Uint32Array, rows: number): Query {
  const tells = vector.map((weight, place) => weight * weight * (1.02 - (filled[place] ?? 0) / Math.max(1, rows)));
  const places = Uint32Array.from(vector.keys())
    .filter((place) => vector[place] !== 0)
    .sort((a, b) => (tells[b] ?? 0) - (tells[a] ?? 0));
  const weights = Float64Array.from(places, (place) => vector[place] ?? 0);
  const rest = new Float64Array(places.length + 1);
  for (let index = places.length - 1; index >= 0; index--)
    rest[index] = (rest[index + 1] ?? 0) + (weights[index] ?? 0) ** 2 * (1 + 1e-9);
  return { places, weights, rest };
}

function longer(values: Float64Array, room: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(room);
  more.set(values);
  return more;
}

function largest(vector: Float32Array): number {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return most;
}
