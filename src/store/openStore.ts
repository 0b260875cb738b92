import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError, storeErrorOf } from './errors.ts';
import { loadSqlite, type Sqlite } from './loadSqlite.ts';
import { inTransaction, migrate } from './migrate.ts';
import type { Schema, Store } from './store.ts';

export interface OpenStoreOptions {
  /** Absolute path; its folder is made if absent. `:memory:` for a database that lives as long as the store. */
  readonly path: string;
  readonly schemas: readonly Schema[];
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly sqlite?: Sqlite;
  /** The size at which the disk counts as full: for tests. */
  readonly maxPages?: number;
}

/** Checking a bigger file at every start would be felt; damage in it is found when the page is read. */
const checkedBytes = 64 * 1024 * 1024;

/**
 * Opens or creates the database, readable by its owner only, and brings its tables up to date.
 * A damaged file is moved aside with its journals (`movedAside`) and a fresh one begun.
 * Throws `StoreError`: `noSqlite`, `newerSchema`, `diskFull`, `busy`, `unusable`.
 */
export function openStore(options: OpenStoreOptions): Store {
  const sqlite = options.sqlite ?? loadSqlite();
  try {
    return storeOver(openDatabase(sqlite, options));
  } catch (error) {
    const problem = storeErrorOf(error, options.path);
    if (problem.reason !== 'corrupt') throw problem;
  }
  try {
    const movedAside = moveAside(options.path, options.clock());
    return { ...storeOver(openDatabase(sqlite, options)), movedAside };
  } catch (error) {
    throw storeErrorOf(error, options.path);
  }
}

function storeOver(database: DatabaseSync): Store {
  return {
    database,
    transaction: (work) => inTransaction(database, work),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

function openDatabase(sqlite: Sqlite, { path, schemas, clock, maxPages }: OpenStoreOptions): DatabaseSync {
  if (path !== ':memory:') makePrivateFile(path);
  const database = new sqlite.DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    // Reading must go on when the disk is full.
    database.exec('PRAGMA temp_store = MEMORY');
    // Deleted rows may have been prompts and answers: nothing of them stays in free pages.
    database.exec('PRAGMA secure_delete = ON');
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
    check(database, path);
    migrate(database, path, schemas, clock());
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function check(database: DatabaseSync, path: string): void {
  if (path === ':memory:' || statSync(path).size > checkedBytes) return;
  const result = database.prepare('PRAGMA quick_check(1)').get();
  if (result?.quick_check !== 'ok')
    throw new StoreError('corrupt', `${path} is damaged: ${String(result?.quick_check)}`);
}

/** SQLite gives its journals the mode of the database file. */
function makePrivateFile(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function moveAside(path: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-');
  const target = `${path}.corrupt-${stamp}`;
  renameSync(path, target);
  for (const suffix of ['-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  return target;
}
