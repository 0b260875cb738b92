/** A vector as it is kept: its scale as a float of four bytes, then one byte per dimension. */
export function bytesOfVector(vector: Float32Array): Uint8Array {
  const scale = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127 || 1;
  const bytes = Buffer.alloc(4 + vector.length);
  bytes.writeFloatLE(scale);
  for (const [index, value] of vector.entries()) bytes.writeInt8(Math.round(value / scale), 4 + index);
  return bytes;
}

/** Undefined where the bytes are none of ours. */
export function vectorOfBytes(bytes: Uint8Array): Float32Array | undefined {
  if (bytes.length <= 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const scale = view.getFloat32(0, true);
  if (!(scale > 0)) return undefined;
  return Float32Array.from({ length: bytes.length - 4 }, (_, index) => view.getInt8(4 + index) * scale);
}
