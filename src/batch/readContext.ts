import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/config.ts';
import type { BatchDisk } from './batchDisk.ts';

/** What reading prompt files needs beside them. */
export interface ReadContext {
  readonly disk: BatchDisk;
  readonly config: Config;
  readonly catalog: Catalog;
  readonly defaultModel: string | undefined;
  /** Largest request line, in bytes. */
  readonly maxLineBytes: number;
}
