import { createHash, hash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { type BatchDisk, diskErrorCode } from './batchDisk.ts';
import { notes } from './errors.ts';
import type { ItemRecord, JobRecord, ResultKind } from './jobRecord.ts';
import type { JobStore, WrittenResult } from './jobStore.ts';
import { numberedPath } from './resultPaths.ts';

/** A result about to be written: its hash, and how it gets to a path. */
export interface ResultContent {
  readonly sha256: string;
  publish(path: string): Promise<void>;
}

export interface PlacedResult {
  readonly path: string;
  readonly note: string | undefined;
  readonly written: WrittenResult;
}

export interface PlaceDeps {
  readonly disk: BatchDisk;
  readonly jobs: Pick<JobStore, 'written'>;
  readonly dataFolder: string;
}

/** What keeps a file from being written into a folder, and would not keep it from ours. */
const folderCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);
const maxNumber = 10_000;

export function sha256Of(text: string): string {
  return hash('sha256', text);
}

/**
 * Writes a result beside its prompt. A file that is there and is not what we last wrote for this prompt is spared: the
 * result takes the next number. Without a folder to write to, the result is kept in the data folder.
 * Rejects with the disk's error where neither can be written.
 */
export async function placeResult(
  deps: PlaceDeps,
  job: Pick<JobRecord, 'id'>,
  item: Pick<ItemRecord, 'promptPath' | 'resultPath'>,
  kind: ResultKind,
  content: ResultContent,
): Promise<PlacedResult> {
  const { resultPath, promptPath } = item;
  const kept = join(deps.dataFolder, 'results', job.id, basename(resultPath));
  const folder = await deps.disk.facts(dirname(resultPath));
  if (folder?.kind !== 'folder') return keep(deps, kept, promptPath, kind, content, notes.folderGone);
  try {
    const path = await put(deps, resultPath, promptPath, kind, content);
    const note = path === resultPath ? undefined : notes.editedResult(path, basename(resultPath));
    return { path, note, written: { path, promptPath, sha256: content.sha256 } };
  } catch (error) {
    const code = diskErrorCode(error);
    if (code === undefined || !folderCodes.has(code)) throw error;
    return keep(deps, kept, promptPath, kind, content, (path) => notes.folderReadOnly(code, path));
  }
}

async function keep(
  deps: PlaceDeps,
  wanted: string,
  promptPath: string,
  kind: ResultKind,
  content: ResultContent,
  noteOf: (path: string) => string,
): Promise<PlacedResult> {
  await deps.disk.makeFolder(dirname(wanted));
  const path = await put(deps, wanted, promptPath, kind, content);
  return { path, note: noteOf(path), written: { path, promptPath, sha256: content.sha256 } };
}

/** Yields the path it was written to. The same content in the same place is left as it is. */
async function put(
  deps: PlaceDeps,
  wanted: string,
  promptPath: string,
  kind: ResultKind,
  content: ResultContent,
): Promise<string> {
  for (let number = 1; number <= maxNumber; number += 1) {
    const path = number === 1 ? wanted : numberedPath(wanted, kind, number);
    const present = await presentHash(deps.disk, path);
    if (present === content.sha256) return path;
    if (present !== undefined && !isOurs(deps.jobs.written(path), promptPath, present)) continue;
    await content.publish(path);
    return path;
  }
  throw Object.assign(new Error('no free name for a result'), { code: 'EEXIST' });
}

function isOurs(last: WrittenResult | undefined, promptPath: string, sha256: string): boolean {
  return last !== undefined && last.promptPath === promptPath && last.sha256 === sha256;
}

/** Undefined = nothing there. A folder of that name has no hash of ours. */
async function presentHash(disk: BatchDisk, path: string): Promise<string | undefined> {
  const facts = await disk.facts(path);
  if (facts === undefined) return undefined;
  if (facts.kind !== 'file') return facts.kind;
  const content = createHash('sha256');
  for await (const piece of disk.stream(path)) content.update(piece);
  return content.digest('hex');
}
