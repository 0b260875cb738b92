import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type DownloadDeps, downloadFile } from './downloadFile.ts';
import { EncoderFailed, encoderErrors } from './encoderErrors.ts';
import { type EncoderPaths, type EncoderRecord, encoderPaths, writeEncoderRecord } from './encoderFolder.ts';
import type { UnprobedRecord } from './encoderMessages.ts';
import { type EncoderFile, type EncoderModel, encoderModels, type Pooling } from './encoderModels.ts';

/** Loads what was installed, once: its number of dimensions. Rejects with `EncoderFailed` where it cannot be used here. */
export type ProbeEncoder = (paths: EncoderPaths, record: UnprobedRecord) => Promise<number>;

export interface FetchEncoder {
  /** The service's data folder. */
  readonly home: string;
  readonly model: EncoderModel;
  readonly signal: AbortSignal;
  /** Of all files together. */
  readonly onProgress: (bytes: number, ofBytes: number) => void;
}

/** Brings a model's files here and installs them. Rejects with `EncoderFailed`; what has arrived is kept. */
export async function fetchEncoder(
  deps: DownloadDeps & { readonly probe: ProbeEncoder },
  wanted: FetchEncoder,
): Promise<EncoderRecord> {
  const { model, home, signal, onProgress } = wanted;
  const paths = encoderPaths(home, model.id);
  await madeFolder(paths.folder);
  const total = sum(model.files);
  await requireRoom(paths, model.files);
  let before = 0;
  for (const file of model.files) {
    const path = join(paths.folder, file.name);
    if (!(await isWhole(path, file))) {
      await downloadFile(deps, { file, path, signal, onProgress: (bytes) => onProgress(before + bytes, total) });
    }
    before += file.bytes;
    onProgress(before, total);
  }
  const recordOf = (name: EncoderFile['name']) => fileRecord(model.files, name);
  const { id, pooling, maxTokens, threshold } = model;
  const files = { model: recordOf('model_quantized.onnx'), tokenizer: recordOf('tokenizer.json') };
  return install(paths, { id, source: 'pinned', pooling, maxTokens, threshold, ...files }, deps.probe);
}

export interface ImportEncoder {
  readonly home: string;
  /** Holds `model_quantized.onnx` or `model.onnx`, here or in `onnx/`, and `tokenizer.json`. */
  readonly folder: string;
  /** Name of a model that is not known by its bytes. */
  readonly id: string;
  /** How such a model is pooled, as its authors say. */
  readonly pooling: Pooling;
}

/** A model nobody has told us the limit of: that of BERT. */
const usualMaxTokens = 512;
/** Until it is calibrated. */
const cautiousThreshold = 0.97;

/**
 * Installs a model from a folder, without the network. Files that are byte for byte a model Tollgate knows are that model; of
 * others the hashes found now are recorded, and hold from then on. Rejects with `EncoderFailed`.
 */
export async function importEncoder(wanted: ImportEncoder, probe: ProbeEncoder): Promise<EncoderRecord> {
  const { home, folder, id, pooling } = wanted;
  const from = { model: await modelIn(folder), tokenizer: join(folder, 'tokenizer.json') };
  const files = { model: await fileIn(folder, from.model), tokenizer: await fileIn(folder, from.tokenizer) };
  const known = encoderModels.find(({ files: pinned }) =>
    [files.model, files.tokenizer].every(({ sha256 }) => pinned.some((file) => file.sha256 === sha256)),
  );
  const record: UnprobedRecord =
    known === undefined
      ? { id, source: 'imported', pooling, maxTokens: usualMaxTokens, threshold: cautiousThreshold, ...files }
      : { ...pick(known), source: 'pinned', ...files };
  const paths = encoderPaths(home, record.id);
  await madeFolder(paths.folder);
  await copied(from.model, paths.model);
  await copied(from.tokenizer, paths.tokenizer);
  return install(paths, record, probe);
}

async function install(paths: EncoderPaths, record: UnprobedRecord, probe: ProbeEncoder): Promise<EncoderRecord> {
  const installed = { ...record, dimensions: await probe(paths, record) };
  await writeEncoderRecord(paths, installed).catch((error: unknown) => {
    throw encoderErrors.unreadable(paths.record, error);
  });
  return installed;
}

/** @returns SHA-256 in lowercase hex */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

function pick({
  id,
  pooling,
  maxTokens,
  threshold,
}: EncoderModel): Pick<EncoderModel, 'id' | 'pooling' | 'maxTokens' | 'threshold'> {
  return { id, pooling, maxTokens, threshold };
}

async function modelIn(folder: string): Promise<string> {
  for (const name of ['model_quantized.onnx', 'onnx/model_quantized.onnx', 'model.onnx', 'onnx/model.onnx']) {
    const path = join(folder, name);
    if ((await sizeOf(path)) !== undefined) return path;
  }
  throw encoderErrors.folderLacks(folder, 'model_quantized.onnx');
}

async function fileIn(folder: string, path: string): Promise<{ bytes: number; sha256: string }> {
  const bytes = await sizeOf(path);
  if (bytes === undefined || bytes === 0) throw encoderErrors.folderLacks(folder, basename(path));
  return {
    bytes,
    sha256: await hashFile(path).catch((error: unknown) => Promise.reject(encoderErrors.unreadable(path, error))),
  };
}

async function copied(from: string, to: string): Promise<void> {
  const unfinished = `${to}.new`;
  try {
    await copyFile(from, unfinished);
    await rename(unfinished, to);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw codeOf(error) === 'ENOSPC' ? encoderErrors.diskFull(to, error) : encoderErrors.unreadable(to, error);
  }
}

async function madeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw encoderErrors.unreadable(folder, error);
  });
}

/** Asked before the first byte, so that a full disk is told at once and not after twenty megabytes. */
async function requireRoom({ folder }: EncoderPaths, files: readonly EncoderFile[]): Promise<void> {
  const here = await Promise.all(
    files.map(
      async ({ name }) => (await sizeOf(join(folder, name))) ?? (await sizeOf(join(folder, `${name}.part`))) ?? 0,
    ),
  );
  const missing = sum(files) - here.reduce((total, bytes) => total + bytes, 0);
  try {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < missing) throw encoderErrors.diskFull(folder);
  } catch (error) {
    if (EncoderFailed.is(error)) throw error;
    throw encoderErrors.unreadable(folder, error);
  }
}

async function isWhole(path: string, { bytes, sha256 }: EncoderFile): Promise<boolean> {
  return (await sizeOf(path)) === bytes && (await hashFile(path)) === sha256;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw encoderErrors.unreadable(path, error);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function fileRecord(files: readonly EncoderFile[], name: EncoderFile['name']): { bytes: number; sha256: string } {
  const file = files.find((one) => one.name === name);
  if (file === undefined) throw encoderErrors.unusable(`it has no ${name}`);
  return { bytes: file.bytes, sha256: file.sha256 };
}

function sum(files: readonly EncoderFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}
