export interface DiskEntry {
  readonly name: string;
  /** What the name is itself: a symbolic link is `other` and is not followed. */
  readonly kind: 'file' | 'folder' | 'other';
}

/** The file system as the scan needs it. Paths are absolute; every method rejects where the system refuses. */
export interface Disk {
  list(folder: string): Promise<readonly DiskEntry[]>;
  read(file: string): Promise<Uint8Array>;
  /** Follows symbolic links; undefined where there is nothing. */
  kindOf(path: string): Promise<'file' | 'folder' | undefined>;
}
