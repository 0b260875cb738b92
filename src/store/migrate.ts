import type { DatabaseSync } from 'node:sqlite';
import { newerSchema } from './errors.ts';
import type { Schema } from './store.ts';

const versionTable = `CREATE TABLE IF NOT EXISTS store_schema (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  migrated_at_ms INTEGER NOT NULL
) STRICT`;

/** Brings every schema to its last version. Throws `newerSchema` before it has changed anything. */
export function migrate(database: DatabaseSync, path: string, schemas: readonly Schema[], nowMs: number): void {
  database.exec(versionTable);
  const versions = new Map<string, number>();
  for (const row of database.prepare('SELECT name, version FROM store_schema').all())
    versions.set(String(row.name), Number(row.version));
  for (const { name, migrations } of schemas) {
    const found = versions.get(name) ?? 0;
    if (found > migrations.length) throw newerSchema(path, name, found, migrations.length);
  }
  const remember = database.prepare(
    `INSERT INTO store_schema (name, version, migrated_at_ms) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET version = excluded.version, migrated_at_ms = excluded.migrated_at_ms`,
  );
  for (const { name, migrations } of schemas) {
    const pending = migrations.slice(versions.get(name) ?? 0);
    if (pending.length === 0) continue;
    inTransaction(database, () => {
      for (const script of pending) database.exec(script);
      remember.run(name, migrations.length, nowMs);
    });
  }
}

/** All of `work` or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk or a corrupt page has already rolled back by itself, and then ROLLBACK is an error.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
