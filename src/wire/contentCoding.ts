import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliDecompress,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
  gunzip,
  inflate,
  zstdDecompress,
} from 'node:zlib';

/** Larger answers than this are not unpacked: a small body can stand for an endless one. */
const maxDecodedBytes = 128 * 1024 * 1024;

type Decode = (bytes: Uint8Array, limit: { readonly maxOutputLength: number }) => Promise<Buffer>;

const whole: Readonly<Record<string, Decode>> = {
  gzip: (bytes, limit) => promisify(gunzip)(bytes, limit),
  'x-gzip': (bytes, limit) => promisify(gunzip)(bytes, limit),
  deflate: (bytes, limit) => promisify(inflate)(bytes, limit),
  br: (bytes, limit) => promisify(brotliDecompress)(bytes, limit),
  zstd: (bytes, limit) => promisify(zstdDecompress)(bytes, limit),
};

/** Each piece is passed on as soon as it can be. */
const prompt = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };

const streaming: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(prompt),
  'x-gzip': () => createGunzip(prompt),
  deflate: () => createInflate(prompt),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
};

/** No coding at all: `identity`, empty or absent. */
export function isPlain(coding: string | undefined): boolean {
  return coding === undefined || coding.trim() === '' || coding.trim().toLowerCase() === 'identity';
}

/**
 * A whole body without its content coding; undefined where the coding is unknown, the body is not of it, or it is larger
 * than `maxBytes` when unpacked.
 */
export function decodeBody(
  bytes: Uint8Array,
  coding: string | undefined,
  maxBytes = maxDecodedBytes,
): Uint8Array | undefined | Promise<Uint8Array | undefined> {
  return coding === undefined || isPlain(coding) ? bytes : unpack(bytes, coding, maxBytes);
}

async function unpack(bytes: Uint8Array, coding: string, maxOutputLength: number): Promise<Uint8Array | undefined> {
  const decode = lookup(whole, coding);
  if (decode === undefined) return undefined;
  try {
    return await decode(bytes, { maxOutputLength });
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Whether a body of this coding can be unpacked. */
export function isKnownCoding(coding: string): boolean {
  return lookup(whole, coding) !== undefined;
}

/** A decoder for a body that comes in pieces; undefined where the coding is unknown. */
export function createDecoder(coding: string): Transform | undefined {
  return lookup(streaming, coding)?.();
}

function lookup<T>(table: Readonly<Record<string, T>>, coding: string): T | undefined {
  const name = coding.trim().toLowerCase();
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
