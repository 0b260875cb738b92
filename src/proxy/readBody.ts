import { asBuffer } from '../wire/setMembers.ts';

/**
 * A whole body; undefined where it is larger than `maxBytes`, which ends the iteration early. At once where the body is
 * whole already.
 */
export function readBody(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  maxBytes: number,
): Buffer | undefined | Promise<Buffer | undefined> {
  if (body instanceof Uint8Array) return body.byteLength > maxBytes ? undefined : asBuffer(body);
  return collect(body, maxBytes);
}

async function collect(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer | undefined> {
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
