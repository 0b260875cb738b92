import { asBuffer } from '../wire/setMembers.ts';

/** A whole body; undefined where it is larger than `maxBytes`. Ends the iteration early in that case. */
export async function readBody(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (body instanceof Uint8Array) return body.byteLength > maxBytes ? undefined : asBuffer(body);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.byteLength;
    if (size > maxBytes) return undefined;
    pieces.push(piece);
  }
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? asBuffer(only) : Buffer.concat(pieces, size);
}

/** Reads a body to its end and forgets it, so that its connection can be used again. */
export async function discardBody(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  if (!(body instanceof Uint8Array)) await body[Symbol.asyncIterator]().return?.();
}
