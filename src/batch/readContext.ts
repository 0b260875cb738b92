import type { BatchDisk } from './batchDisk.ts';
import type { ReadHeader } from './frontMatter.ts';
import type { Resolve } from './targetCache.ts';

/** What reading prompt files needs beside them. */
export interface ReadContext {
  readonly disk: BatchDisk;
  readonly readHeader: ReadHeader;
  readonly resolve: Resolve;
  readonly defaultModel: string | undefined;
  /** Largest request line, in bytes. */
  readonly maxLineBytes: number;
}
