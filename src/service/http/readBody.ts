import type { IncomingMessage } from 'node:http';

export type BodyRead =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'tooLarge' }
  /** The client went away or broke the body off. */
  | { readonly kind: 'brokenOff' };

/** The announced length; undefined for chunked bodies. */
export function announcedLength(request: IncomingMessage): number | undefined {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/** HTTP/1.1 requests have a body exactly when one of these headers says so (RFC 9112 6.3). */
export function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || (announcedLength(request) ?? 0) > 0;
}

/** Reads the whole body, up to `maxBytes`. */
export function readWholeBody(request: IncomingMessage, maxBytes: number): Promise<BodyRead> {
  if ((announcedLength(request) ?? 0) > maxBytes) return Promise.resolve({ kind: 'tooLarge' });
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const settle = (read: BodyRead): void => {
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      resolve(read);
    };
    const onData = (piece: Buffer): void => {
      size += piece.length;
      if (size > maxBytes) {
        request.pause();
        settle({ kind: 'tooLarge' });
      } else pieces.push(piece);
    };
    const onEnd = (): void => {
      const [only] = pieces;
      settle({ kind: 'whole', bytes: pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces, size) });
    };
    const onBroken = (): void => settle({ kind: 'brokenOff' });
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}

/** A passed-through body was larger than it may be, or ended early. */
export class BodyStreamFailed extends Error {
  readonly kind: 'tooLarge' | 'brokenOff';

  constructor(kind: 'tooLarge' | 'brokenOff', options?: ErrorOptions) {
    super(kind === 'tooLarge' ? 'the request body is too large' : 'the request body broke off', options);
    this.name = 'BodyStreamFailed';
    this.kind = kind;
  }
}

/** The body piece by piece, as fast as it is taken. Throws `BodyStreamFailed` beyond `maxBytes` and on a broken body. */
export async function* streamBody(request: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array, void> {
  let size = 0;
  // The socket is still needed for the answer when the reader stops early.
  const pieces: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > maxBytes) throw new BodyStreamFailed('tooLarge');
      yield piece;
    }
  } catch (error) {
    throw error instanceof BodyStreamFailed ? error : new BodyStreamFailed('brokenOff', { cause: error });
  }
}
