import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, type Log } from '../log.ts';
import { serviceErrors } from './errors.ts';

/** A file of the extension that the service needs beside it, by its path in the extension and its name in the copy. */
export interface ServiceFile {
  readonly from: string;
  readonly to: string;
}

export interface InstallOptions {
  readonly extensionPath: string;
  /** The service's data folder. */
  readonly home: string;
  readonly version: string;
  /** The entry file is the first. */
  readonly files: readonly ServiceFile[];
  readonly log: Log;
}

/**
 * Copies the service into `<home>/bin/<version>-<hash>/`, so that it goes on running, and blocks nothing, while the
 * extension is updated. A copy that is there is complete, because it got its name last.
 * @returns the path of the entry file
 * @throws ServiceMissing when the extension lacks a file
 */
export async function installService(options: InstallOptions): Promise<string> {
  const { home, version, files } = options;
  const [entry] = files;
  if (entry === undefined) throw serviceErrors.filesMissing(options.extensionPath);
  const bin = join(home, 'bin');
  const name = `${version}-${await fingerprint(options)}`;
  const folder = join(bin, name);
  if (!(await exists(folder))) {
    await mkdir(bin, { recursive: true, mode: 0o700 });
    const unfinished = await mkdtemp(join(bin, '.copy-'));
    for (const file of files) await copyFile(join(options.extensionPath, file.from), join(unfinished, file.to));
    await moveInto(unfinished, folder);
    await removeOthers(bin, name, options.log);
  }
  return join(folder, entry.to);
}

/** Changes with any file, so that a rebuilt extension of the same version is not run from an old copy. */
async function fingerprint({ extensionPath, files }: InstallOptions): Promise<string> {
  const hash = createHash('sha256');
  for (const { from } of files) {
    const path = join(extensionPath, from);
    try {
      hash.update(await readFile(path));
    } catch (error) {
      if (isCode(error, 'ENOENT')) throw serviceErrors.filesMissing(path);
      throw error;
    }
  }
  return hash.digest('hex').slice(0, 12);
}

/** Another window may have been faster: its copy is as good as ours. */
async function moveInto(unfinished: string, folder: string): Promise<void> {
  try {
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
}

/** Older copies, of which one may still be running: on Windows it stays until it has ended. */
async function removeOthers(bin: string, kept: string, log: Log): Promise<void> {
  for (const name of await readdir(bin)) {
    if (name === kept || name.startsWith('.copy-')) continue;
    try {
      await rm(join(bin, name), { recursive: true });
    } catch (error) {
      log.debug(`left ${name} in ${bin}`, describeError(error));
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
