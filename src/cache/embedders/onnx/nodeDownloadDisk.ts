import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import type { DownloadDisk } from './downloadFile.ts';

/** The machine's disk. Files are for their owner only. */
export const nodeDownloadDisk: DownloadDisk = {
  size: async (path) => {
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
      throw error;
    }
  },
  read: (path) => createReadStream(path, { highWaterMark: 1 << 20 }),
  append: async (path, fresh) => {
    const handle = await open(path, fresh ? 'w' : 'a', 0o600);
    return {
      write: async (bytes) => {
        for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done)).bytesWritten;
      },
      close: async () => {
        await handle.sync();
        await handle.close();
      },
    };
  },
  rename,
  remove: (path) => rm(path, { force: true }),
};
