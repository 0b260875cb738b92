import { noSqlite } from './errors.ts';

export type Sqlite = typeof import('node:sqlite');

/**
 * SQLite as built into Node, loaded on demand: the extension host never asks for it (loading it there under a debugger
 * crashes it, microsoft/vscode-copilot-chat#4441), and old Nodes do not have it.
 * Throws `StoreError` `noSqlite`.
 */
export function loadSqlite(runtime: Pick<NodeJS.Process, 'getBuiltinModule' | 'version'> = process): Sqlite {
  const sqlite = typeof runtime.getBuiltinModule === 'function' ? runtime.getBuiltinModule('node:sqlite') : undefined;
  if (sqlite === undefined) throw noSqlite(runtime.version);
  return sqlite;
}
