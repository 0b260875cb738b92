import { createHash } from 'node:crypto';
import { EncoderFailed, encoderErrors } from './encoderErrors.ts';
import type { EncoderFile } from './encoderModels.ts';

/** The disk as a download needs it. Made by `nodeDownloadDisk`. */
export interface DownloadDisk {
  /** Bytes; 0 where there is no such file. */
  size(path: string): Promise<number>;
  read(path: string): AsyncIterable<Uint8Array>;
  /** Opens for appending; `fresh` empties the file first. */
  append(path: string, fresh: boolean): Promise<AppendedFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface AppendedFile {
  write(bytes: Uint8Array): Promise<void>;
  /** With everything on the disk. */
  close(): Promise<void>;
}

export interface DownloadDeps {
  readonly fetch: typeof fetch;
  readonly disk: DownloadDisk;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** So long without a byte is an interruption. */
  readonly idleMs: number;
}

export interface Download {
  readonly file: EncoderFile;
  /** Where the whole file gets its name; what has arrived is beside it, with `.part`. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** @param bytes that are here, those of earlier attempts included */
  readonly onProgress: (bytes: number) => void;
}

const retriesAfterMs = [500, 2_000, 5_000];

/**
 * Brings one file here, of exactly its size and hash or not at all. An interruption is tried again from where it stopped, three
 * times here and by the next call. Rejects with `EncoderFailed`.
 */
export async function downloadFile(deps: DownloadDeps, download: Download): Promise<void> {
  const { file, path, signal } = download;
  const part = `${path}.part`;
  for (const [attempt, waitMs] of [...retriesAfterMs, undefined].entries()) {
    try {
      await attemptOnce(deps, download, part);
      break;
    } catch (error) {
      if (signal.aborted) throw encoderErrors.cancelled();
      if (!EncoderFailed.is(error, 'interrupted') || waitMs === undefined) throw error;
      await deps.wait(waitMs * (attempt + 1), signal).catch(() => {
        throw encoderErrors.cancelled();
      });
    }
  }
  const found = await hashOf(deps.disk, part);
  if (found !== file.sha256) {
    await deps.disk.remove(part);
    throw encoderErrors.wrongContent(file, found);
  }
  await deps.disk.rename(part, path);
}

async function attemptOnce(deps: DownloadDeps, download: Download, part: string): Promise<void> {
  const { file } = download;
  let here = await deps.disk.size(part);
  if (here === file.bytes) return;
  if (here > file.bytes) {
    await deps.disk.remove(part);
    here = 0;
  }
  const idle = new AbortController();
  const signal = AbortSignal.any([download.signal, idle.signal]);
  const timer = startTimer(deps.idleMs, () => idle.abort(new Error(`nothing came for ${deps.idleMs} ms`)));
  try {
    const response = await open(deps, { file, part, here, signal });
    const goesOn = response.status === 206 && startOfRange(response) === here;
    if (response.status === 206 && !goesOn) {
      await deps.disk.remove(part);
      throw encoderErrors.interrupted(file.url, new Error('another range came'));
    }
    await receive(deps, download, { response, part, here: goesOn ? here : 0, onBytes: timer.restart });
  } finally {
    timer.stop();
  }
}

interface Opening {
  readonly file: EncoderFile;
  readonly part: string;
  readonly here: number;
  readonly signal: AbortSignal;
}

async function open({ fetch, disk }: DownloadDeps, { file, part, here, signal }: Opening): Promise<Response> {
  const response = await fetch(file.url, {
    signal,
    // A compressed body would have other bytes than the ranges count.
    headers: { 'accept-encoding': 'identity', ...(here > 0 ? { range: `bytes=${here}-` } : {}) },
  }).catch((error: unknown) => {
    throw encoderErrors.interrupted(file.url, error);
  });
  const reached = response.url || file.url;
  if (!isSecure(reached)) {
    await response.body?.cancel();
    throw encoderErrors.insecure(reached);
  }
  if (response.status === 200 || response.status === 206) return response;
  await response.body?.cancel();
  const failure = encoderErrors.httpStatus(file.url, response.status);
  // What is here does not belong to what is there: the next attempt begins anew.
  if (response.status === 416 && here > 0) await disk.remove(part);
  else if (response.status !== 429 && response.status < 500) throw failure;
  throw encoderErrors.interrupted(file.url, failure);
}

interface Arriving {
  readonly response: Response;
  readonly part: string;
  readonly here: number;
  readonly onBytes: () => void;
}

async function receive({ disk }: DownloadDeps, { file, onProgress }: Download, arriving: Arriving): Promise<void> {
  const { response, part, onBytes } = arriving;
  let here = arriving.here;
  const coming = Number(response.headers.get('content-length') ?? file.bytes - here);
  if (here + coming !== file.bytes) {
    await response.body?.cancel();
    await disk.remove(part);
    throw encoderErrors.wrongContent(file, `of ${here + coming} bytes instead of ${file.bytes}`);
  }
  const target = await opened(disk, part, here === 0);
  try {
    for await (const chunk of chunksOf(response, file)) {
      onBytes();
      here += chunk.length;
      if (here > file.bytes) throw encoderErrors.wrongContent(file, `of more than ${file.bytes} bytes`);
      await target.write(chunk).catch((error: unknown) => {
        throw diskFailure(part, error);
      });
      onProgress(here);
    }
  } finally {
    await target.close().catch((error: unknown) => {
      throw diskFailure(part, error);
    });
  }
  if (here < file.bytes) throw encoderErrors.interrupted(file.url, new Error(`${here} of ${file.bytes} bytes came`));
}

async function* chunksOf({ body }: Response, { url }: EncoderFile): AsyncGenerator<Uint8Array, void> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw encoderErrors.interrupted(url, error);
      });
      if (done) return;
      yield value;
    }
  } finally {
    // What is not read any more is not sent any more; a body that broke off has nothing to cancel.
    await reader.cancel().catch(() => undefined);
  }
}

async function opened(disk: DownloadDisk, part: string, fresh: boolean): Promise<AppendedFile> {
  try {
    return await disk.append(part, fresh);
  } catch (error) {
    throw diskFailure(part, error);
  }
}

function diskFailure(path: string, error: unknown): EncoderFailed {
  const isFull = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
  return isFull ? encoderErrors.diskFull(path, error) : encoderErrors.unreadable(path, error);
}

async function hashOf(disk: DownloadDisk, path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of disk.read(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Plain http only to this machine: for mirrors that are tested. */
function isSecure(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === 'https:' || parsed?.hostname === '127.0.0.1';
}

function startOfRange({ headers }: Response): number {
  return Number(/^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
}

function startTimer(ms: number, fire: () => void): { restart(): void; stop(): void } {
  let timer = setTimeout(fire, ms);
  return {
    restart: () => {
      clearTimeout(timer);
      timer = setTimeout(fire, ms);
    },
    stop: () => clearTimeout(timer),
  };
}
