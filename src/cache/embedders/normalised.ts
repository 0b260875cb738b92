/** Makes a vector's length 1, in place. Throws where it has none: such a vector would be equally near to everything. */
export function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) throw new RangeError('it gave a vector without length');
  for (let n = 0; n < vector.length; n++) vector[n] = (vector[n] ?? 0) / length;
  return vector;
}
