import { join } from 'node:path';
import * as z from 'zod';
import type { BatchDisk } from '../../batch/batchDisk.ts';

const storedFile = z.object({
  id: z.string(),
  filename: z.string(),
  purpose: z.string(),
  bytes: z.number(),
  createdAtMs: z.number(),
});

/** What is known of an uploaded or produced file. */
export type DemoFile = z.infer<typeof storedFile>;

export interface DemoFilesDeps {
  readonly disk: BatchDisk;
  readonly folder: string;
  readonly now: () => number;
  readonly newId: () => string;
}

/** The demo provider's files, on disk so that they outlive the service. */
export interface DemoFiles {
  add(filename: string, purpose: string, pieces: AsyncIterable<string | Uint8Array>): Promise<DemoFile>;
  find(id: string): Promise<DemoFile | undefined>;
  content(id: string): AsyncIterable<Uint8Array>;
  all(): Promise<readonly DemoFile[]>;
  remove(id: string): Promise<void>;
}

/** Ids come from requests: nothing else may name a file. */
const idShape = /^file-demo-[\w-]+$/;

export function createDemoFiles({ disk, folder, now, newId }: DemoFilesDeps): DemoFiles {
  const factsPath = (id: string): string => join(folder, `${id}.json`);
  const contentPath = (id: string): string => join(folder, `${id}.jsonl`);
  const find = async (id: string): Promise<DemoFile | undefined> => {
    if (!idShape.test(id) || (await disk.facts(factsPath(id))) === undefined) return undefined;
    const parsed = storedFile.safeParse(JSON.parse(Buffer.from(await disk.read(factsPath(id))).toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  };
  return {
    add: async (filename, purpose, pieces) => {
      const id = `file-demo-${newId()}`;
      const writer = await disk.create(contentPath(id));
      let bytes = 0;
      for await (const piece of pieces) {
        bytes += Buffer.byteLength(piece);
        await writer.write(piece);
      }
      await writer.close(true);
      const file: DemoFile = { id, filename, purpose, bytes, createdAtMs: now() };
      await disk.replace(factsPath(id), JSON.stringify(file));
      return file;
    },
    find,
    content: (id) => disk.stream(contentPath(id)),
    all: async () => {
      const names = (await disk.list(folder)).filter((name) => name.endsWith('.json'));
      const files = await Promise.all(names.map((name) => find(name.slice(0, -'.json'.length))));
      return files.filter((file) => file !== undefined).sort((a, b) => b.createdAtMs - a.createdAtMs);
    },
    remove: async (id) => {
      if (!idShape.test(id)) return;
      await disk.remove(factsPath(id));
      await disk.remove(contentPath(id));
    },
  };
}
