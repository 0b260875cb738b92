import { createReadStream, openAsBlob } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type BatchDisk, diskErrorCode, type FileFacts } from './batchDisk.ts';

/**
 * The real disk.
 * @param newId makes the names of temporary files unique
 */
export function nodeDisk(newId: () => string): BatchDisk {
  return {
    facts,
    read: (path) => readFile(path),
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
    replace: async (path, text) => {
      const temporary = join(dirname(path), `.${basename(path)}.${newId()}.tmp`);
      try {
        await writeFile(temporary, text, { flag: 'wx' });
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
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

async function facts(path: string): Promise<FileFacts | undefined> {
  try {
    const found = await stat(path);
    return { kind: found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other', bytes: found.size };
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
