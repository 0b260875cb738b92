import { randomBytes } from 'node:crypto';

export interface IdSources {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: (size: number) => Uint8Array;
}

/** Random bytes are asked for by the page: one by one they cost more than the rest of an id. */
const idsPerPage = 256;
const randomPerId = 10;

/**
 * Makes unique ids that sort by the time they were made: UUIDs of version 7 (RFC 9562 5.7). A database's index grows at
 * its end with them, where random ones would touch a page of it each.
 */
export function createTimeOrderedIds(
  { now, random }: IdSources = { now: Date.now, random: randomBytes },
): () => string {
  let page: Uint8Array = new Uint8Array();
  let at = 0;
  return () => {
    if (at + randomPerId > page.length) {
      page = random(idsPerPage * randomPerId);
      at = 0;
    }
    const time = Math.floor(now()).toString(16).padStart(12, '0');
    const rest = Buffer.from(page.buffer, page.byteOffset + at, randomPerId).toString('hex');
    at += randomPerId;
    const variant = '89ab'[Number.parseInt(rest[3] ?? '0', 16) & 3];
    return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${variant}${rest.slice(4, 7)}-${rest.slice(7, 19)}`;
  };
}
