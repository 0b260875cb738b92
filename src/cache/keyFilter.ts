/** Which keys may be in a table, in half a megabyte however many there are: told from memory that one is not. */
export interface KeyFilter {
  add(key: string): void;
  /** False = it is certainly not there. Keys that are removed stay possible. */
  mayHave(key: string): boolean;
}

/** A hundred thousand keys leave one other key in forty possible. */
const bits = 22;

export function createKeyFilter(keys: Iterable<string>): KeyFilter {
  const words = new Uint32Array(2 ** bits / 32);
  const add = (key: string): void => {
    const place = placeOf(key);
    words[place >>> 5] = (words[place >>> 5] ?? 0) | (1 << (place & 31));
  };
  for (const key of keys) add(key);
  return {
    add,
    mayHave(key) {
      const place = placeOf(key);
      return ((words[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0;
    },
  };
}

/** FNV-1a, of its 32 bits the upper ones. */
function placeOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> (32 - bits);
}
