import {
  createReadStream,
  openAsBlob,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type BatchDisk, diskErrorCode, type FileFacts } from './batchDisk.ts';
import { createQuickly } from './createQuickly.ts';

/**
 * The real disk.
 * @param newId makes the names of temporary files unique
 */
export function nodeDisk(newId: () => string): BatchDisk {
  const quickly = createQuickly({ now: () => performance.now(), afterTurn: (run) => void setImmediate(run) });
  return {
    facts: (path) =>
      quickly(
        () => factsOf(statSync(path, { throwIfNoEntry: false })),
        () => facts(path),
      ),
    read: (path) =>
      quickly(
        () => (statSync(path).size > quickBytes ? undefined : readFileSync(path)),
        () => readFile(path),
      ).then((bytes) => bytes ?? readFile(path)),
    stream: (path) => createReadStream(path),
    open: async (path) => {
      const file = await open(path, 'r');
      return {
        read: async (offset, bytes) => {
          const buffer = new Uint8Array(bytes);
          const { bytesRead } = await file.read(buffer, 0, bytes, offset);
          return buffer.subarray(0, bytesRead);
        },
        close: () => file.close(),
      };
    },
    blob: (path) => openAsBlob(path),
    create: async (path) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'w', 0o600);
      return {
        write: (piece) => file.appendFile(piece),
        close: async (keep) => {
          if (keep) await file.sync();
          await file.close();
          if (!keep) await rm(path, { force: true });
        },
      };
    },
    replace: (path, text) => {
      const temporary = join(dirname(path), `.${basename(path)}.${newId()}.tmp`);
      const replaced = (): Promise<void> => replace(path, temporary, text);
      if (text.length > quickBytes) return replaced();
      return quickly(() => replaceHere(path, temporary, text), replaced);
    },
    rename,
    list,
    copy: (from, to) => copyFile(from, to),
    makeFolder: async (path) => {
      await mkdir(path, { recursive: true, mode: 0o700 });
    },
    remove: (path) => rm(path, { force: true, recursive: true }),
  };
}

/** What is written in some tenths of a millisecond. */
const quickBytes = 256 * 1024;

function replaceHere(path: string, temporary: string, text: string): void {
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

async function replace(path: string, temporary: string, text: string): Promise<void> {
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function factsOf(found: Stats | undefined): FileFacts | undefined {
  if (found === undefined) return undefined;
  return { kind: found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other', bytes: found.size };
}

async function facts(path: string): Promise<FileFacts | undefined> {
  try {
    return factsOf(await stat(path));
  } catch (error) {
    const code = diskErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function list(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
