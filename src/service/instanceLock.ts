import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { StoreError, storeErrorOf } from '../store/errors.ts';
import { loadSqlite, type Sqlite } from '../store/loadSqlite.ts';

export interface InstanceLock {
  /** Releasing twice does nothing. */
  release(): void;
}

/**
 * Takes the lock of the one service per home, or returns undefined when another process has it. It is an exclusive
 * transaction on a file of its own: the system gives it back when the process ends, however it ends, so that there is no
 * stale lock to judge, and two starters cannot both have it. Throws `StoreError` where locks do not work.
 */
export function tryLock(path: string, sqlite: Sqlite = loadSqlite()): InstanceLock | undefined {
  try {
    return lock(path, sqlite);
  } catch (error) {
    const problem = storeErrorOf(error, path);
    if (problem.reason === 'busy') return undefined;
    if (!StoreError.is(problem, 'corrupt')) throw problem;
  }
  // Nothing is kept in the file, so whatever has been written over it is no loss.
  rmSync(path, { force: true });
  try {
    return lock(path, sqlite);
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

function lock(path: string, sqlite: Sqlite): InstanceLock {
  // Only where there is none: closing a file gives up the locks that this process has on it (POSIX).
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  const database = new sqlite.DatabaseSync(path);
  try {
    // Without a journal nothing else is created, and the lock itself is the same.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}
