/**
 * Why the database could not be used. `corrupt` is only seen after opening: at opening the file is moved aside.
 * `refused` is the fault of what was written (a constraint, a value of the wrong type), not of the database.
 */
export type StoreFailure = 'noSqlite' | 'newerSchema' | 'diskFull' | 'busy' | 'corrupt' | 'refused' | 'unusable';

/** A problem with the database, in words for the user. */
export class StoreError extends Error {
  static is(error: unknown, reason?: StoreFailure): error is StoreError {
    return error instanceof StoreError && (reason === undefined || error.reason === reason);
  }

  readonly reason: StoreFailure;

  constructor(reason: StoreFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.reason = reason;
  }
}

export function noSqlite(nodeVersion: string): StoreError {
  return new StoreError(
    'noSqlite',
    `Node ${nodeVersion} has no built-in SQLite. Tollgate's service needs Node 22.18 or newer, or VS Code 1.104 or newer.`,
  );
}

export function newerSchema(path: string, name: string, found: number, known: number): StoreError {
  return new StoreError(
    'newerSchema',
    `${path} was written by a newer Tollgate (${name} ${found}, this one knows ${known}). Update Tollgate, or set TOLLGATE_HOME to another folder.`,
  );
}

export function diskFull(path: string, cause: unknown): StoreError {
  return new StoreError('diskFull', `No space left for ${path}. Free some disk space; nothing is lost until then.`, {
    cause,
  });
}

export function databaseBusy(path: string, cause: unknown): StoreError {
  return new StoreError('busy', `${path} is locked by another program. Close what has it open.`, { cause });
}

export function databaseCorrupt(path: string, cause: unknown): StoreError {
  return new StoreError(
    'corrupt',
    `${path} is damaged. Restart the service: it moves the file aside and begins a fresh one.`,
    { cause },
  );
}

export function rowRefused(path: string, cause: unknown): StoreError {
  return new StoreError('refused', `${path} refused a row: ${detailOf(cause)}. Please report this.`, { cause });
}

export function databaseUnusable(path: string, cause: unknown): StoreError {
  return new StoreError(
    'unusable',
    `${path} cannot be used: ${detailOf(cause)}. Check that the folder is yours and writable.`,
    { cause },
  );
}

function detailOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html). */
const busyCodes = new Set([5, 6]);
const corruptCodes = new Set([11, 26]);
const fullCode = 13;
const refusedCodes = new Set([18, 19, 20, 25]);

/** Turns what `node:sqlite` throws into a `StoreError`; other errors are `unusable`. */
export function storeErrorOf(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : -1;
  if (code === fullCode) return diskFull(path, error);
  if (busyCodes.has(code)) return databaseBusy(path, error);
  if (corruptCodes.has(code)) return databaseCorrupt(path, error);
  const notBindable = error instanceof TypeError || error instanceof RangeError;
  if (refusedCodes.has(code) || notBindable) return rowRefused(path, error);
  return databaseUnusable(path, error);
}
