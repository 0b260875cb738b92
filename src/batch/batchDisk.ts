export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
}

/** A file being written piece by piece. */
export interface FileWriter {
  write(piece: string | Uint8Array): Promise<void>;
  /** Closes; with `keep` false the file is removed. */
  close(keep: boolean): Promise<void>;
}

/** A file being read at any place. */
export interface FileReader {
  read(offset: number, bytes: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The disk as the batch room uses it. Paths are absolute; failures are Node's errors with their `code`. */
export interface BatchDisk {
  /** Undefined = nothing there. Follows links. */
  facts(path: string): Promise<FileFacts | undefined>;
  read(path: string): Promise<Uint8Array>;
  /** The file's bytes in pieces. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Opens for reading at any place. */
  open(path: string): Promise<FileReader>;
  /** The file as a blob that is read when it is sent. */
  blob(path: string): Promise<Blob>;
  /** Creates or empties a file that its owner alone can read; makes its folder. */
  create(path: string): Promise<FileWriter>;
  /** Replaces a file in one step: a reader sees the old text or the new one, whole. Does not make folders. */
  replace(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Into a folder that is there. */
  copy(from: string, to: string): Promise<void>;
  /** Names in a folder; none where there is no folder. */
  list(path: string): Promise<readonly string[]>;
  /** Makes a folder and those above it. */
  makeFolder(path: string): Promise<void>;
  /** Not being there is no failure. */
  remove(path: string): Promise<void>;
}

/** Node's error code (`ENOENT`, `EACCES`, `ENOSPC` …); undefined for other errors. */
export function diskErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
