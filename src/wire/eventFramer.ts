import { parseJson } from './json.ts';
import { asBuffer } from './setMembers.ts';

/** An event larger than this is passed on in pieces. */
const maxHeldBytes = 1024 * 1024;

/**
 * Lets whole events through and holds back the beginning of one until its end has come. No client can use half an
 * event, and a stream that is cut inside one can then still be ended by an error event that parses.
 */
export interface EventFramer {
  /** The bytes that may go on, possibly none; the very chunk where nothing is held. */
  push(chunk: Uint8Array): Uint8Array;
  /** What is held. */
  rest(): Uint8Array;
}

export function createEventFramer(): EventFramer {
  let held: Buffer[] = [];
  let heldBytes = 0;
  const hold = (piece: Buffer): void => {
    if (piece.length === 0) return;
    held.push(piece);
    heldBytes += piece.length;
  };
  const release = (...more: Buffer[]): Buffer => {
    const out =
      held.length === 0 && more.length === 1 && more[0] !== undefined ? more[0] : Buffer.concat([...held, ...more]);
    held = [];
    heldBytes = 0;
    return out;
  };
  return {
    push(chunk) {
      if (heldBytes === 0 && endsEvent(chunk)) return chunk;
      const buffer = asBuffer(chunk);
      const before = tailOf(held);
      const end = lastBoundary(before.length === 0 ? buffer : Buffer.concat([before, buffer])) - before.length;
      if (end <= 0) {
        hold(buffer);
        return heldBytes > maxHeldBytes ? release() : Buffer.alloc(0);
      }
      const out = release(end === buffer.length ? buffer : buffer.subarray(0, end));
      hold(buffer.subarray(end));
      return out;
    },
    rest: () => release(),
  };
}

/** The last bytes of what is held: a boundary may stand across two chunks. */
function tailOf(held: readonly Buffer[]): Buffer {
  const last = held.at(-1) ?? Buffer.alloc(0);
  const previous = held.at(-2);
  return last.length >= 3 || previous === undefined ? last.subarray(-3) : Buffer.concat([previous, last]).subarray(-3);
}

const lineFeed = 0x0a;

function endsEvent(bytes: Uint8Array): boolean {
  return bytes[bytes.length - 1] === lineFeed && bytes[bytes.length - 2] === lineFeed;
}

/** One past the last blank line; 0 where there is none. Lines end in LF, CR or CRLF. */
function lastBoundary(bytes: Buffer): number {
  if (endsEvent(bytes)) return bytes.length;
  return Math.max(endOfLast(bytes, '\n\n'), endOfLast(bytes, '\n\r\n'), endOfLast(bytes, '\r\r'));
}

function endOfLast(bytes: Buffer, mark: string): number {
  const at = bytes.lastIndexOf(mark, undefined, 'latin1');
  return at < 0 ? 0 : at + mark.length;
}

/** Takes bytes that end at an event's end apart into events, each with the blank line that ends it. */
export function splitEvents(bytes: Buffer): Buffer[] {
  const events: Buffer[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = firstBoundary(bytes, start);
    events.push(bytes.subarray(start, end));
    start = end;
  }
  return events;
}

function firstBoundary(bytes: Buffer, from: number): number {
  const ends = ['\n\n', '\n\r\n', '\r\r'].map((mark) => {
    const at = bytes.indexOf(mark, from, 'latin1');
    return at < 0 ? bytes.length : at + mark.length;
  });
  return Math.min(...ends);
}

/** An event that lacks nothing but its blank line: its data is JSON, or the word that ends an OpenAI stream. */
export function isWholeEvent(bytes: Uint8Array): boolean {
  const lines = asBuffer(bytes)
    .toString('utf8')
    .split(/\r\n|\n|\r/);
  const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice('data:'.length).trimStart());
  const text = data.join('\n');
  return text === '[DONE]' || (text !== '' && parseJson(text) !== undefined);
}
