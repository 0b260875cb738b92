import { createDecoder } from '../wire/contentCoding.ts';
import type { StreamReader } from '../wire/streamReader.ts';
import type { OpenedStream } from './openStream.ts';
import type { StreamSettler } from './streamSettler.ts';
import { UpstreamFailed } from './upstreamFailed.ts';

/** The connection has to be cut: nothing can be added to a compressed stream that broke. */
export class TornStream extends Error {
  constructor() {
    super('the compressed stream ended before the answer was complete');
    this.name = 'TornStream';
  }
}

/**
 * Passes a compressed event stream on to the byte, and reads an unpacked copy. The client's copy can have nothing taken
 * out of it or added to it.
 */
export function passCoded(
  stream: OpenedStream,
  settler: StreamSettler,
  coding: string,
  isGone: () => boolean,
): AsyncIterable<Uint8Array> {
  const copy = createCopy(stream.reader, coding);
  let isOver = false;
  const pull = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (isOver) return { done: true, value: undefined };
    const next = await nextPiece(stream);
    if (next instanceof Uint8Array) {
      copy.write(next);
      return { done: false, value: next };
    }
    isOver = true;
    await copy.end();
    settler.settle(isGone());
    const { ended, error } = stream.reader.events;
    const isWhole = ended || error !== undefined || (!copy.isReadable && next === 'end');
    if (!isWhole) throw new TornStream();
    return { done: true, value: undefined };
  };
  const stop = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    isOver = true;
    await copy.end();
    settler.settle(true);
    await stream.rest.return?.();
    return { done: true, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next: pull, return: stop }) };
}

async function nextPiece(stream: OpenedStream): Promise<Uint8Array | 'end' | 'broken'> {
  try {
    const next = await stream.rest.next();
    return next.done === true ? 'end' : next.value;
  } catch (error) {
    if (error instanceof UpstreamFailed) return 'broken';
    throw error;
  }
}

interface Copy {
  write(bytes: Uint8Array): void;
  /** Resolves when everything written has been read. */
  end(): Promise<void>;
  /** The coding is one that can be unpacked, and the bytes are of it. */
  readonly isReadable: boolean;
}

function createCopy(reader: StreamReader, coding: string): Copy {
  const decoder = createDecoder(coding);
  let isReadable = decoder !== undefined;
  decoder?.on('data', (bytes: Buffer) => reader.push(bytes));
  decoder?.on('error', () => {
    isReadable = false;
  });
  return {
    write(bytes) {
      if (isReadable) decoder?.write(bytes);
    },
    end: () =>
      new Promise((resolve) => {
        if (decoder === undefined || !isReadable) return resolve();
        decoder.once('end', resolve).once('error', () => resolve());
        decoder.end();
      }),
    get isReadable() {
      return isReadable;
    },
  };
}
