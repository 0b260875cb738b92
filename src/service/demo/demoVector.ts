import { hash } from 'node:crypto';

/**
 * An embedding made of the words of a text: the same for the same text, of length 1, and nearer for texts that share
 * words. It knows nothing of meaning.
 */
export function demoVector(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    const digest = hash('sha256', word, 'buffer');
    for (let offset = 0; offset + 4 <= digest.length; offset += 4) {
      const place = digest.readUInt32LE(offset);
      const at = (place >>> 1) % dimensions;
      vector[at] = (vector[at] ?? 0) + ((place & 1) === 0 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector.map((_, index) => Number(index === 0)) : vector.map((value) => value / length);
}
