/** Says that the stream lives to clients whose dialect has no event for it; every parser skips a comment. */
export function pingComment(): Uint8Array {
  return Buffer.from(': ping\n\n', 'latin1');
}
