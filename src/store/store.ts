import type { DatabaseSync } from 'node:sqlite';

/**
 * A room's tables: SQL scripts in order, each run once and never edited after a release.
 * `name` prefixes nothing; tables are named by their room (`ledger_call`, `cache_entry`, …).
 */
export interface Schema {
  readonly name: string;
  readonly migrations: readonly string[];
}

/** The one SQLite file, opened by the one writer. Made by `openStore`. */
export interface Store {
  readonly database: DatabaseSync;
  /** Where a corrupt file was moved to, when that had to be done at opening. */
  readonly movedAside?: string;
  /** Runs `work` in one transaction: all of it or nothing. Not to be nested; `work` must not wait for anything. */
  transaction<T>(work: () => T): T;
  close(): void;
}
