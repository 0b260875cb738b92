export type ReadText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'skipped'; readonly reason: SkipReason };

export type SkipReason = 'binary' | 'tooLarge';

/** Above this a file is data. Between the detector's own limit and this one, only strict patterns are looked for. */
export const mostBytes = 20_000_000;
const probedBytes = 8_192;

/** Decodes a source file as editors do: a byte order mark is not part of the text, positions count from after it. */
export function readText(bytes: Uint8Array): ReadText {
  if (bytes.length > mostBytes) return { kind: 'skipped', reason: 'tooLarge' };
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  if (encoding === 'utf-8' && bytes.subarray(0, probedBytes).includes(0)) return { kind: 'skipped', reason: 'binary' };
  return { kind: 'text', text: new TextDecoder(encoding).decode(bytes) };
}
