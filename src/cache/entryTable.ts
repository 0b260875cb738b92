import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { CacheSelection, CacheStats } from './answerCache.ts';
import { type CacheEntry, entryBytes, entryOfRow } from './entry.ts';
import type { EntryPage, ListedEntry } from './entryStore.ts';
import { createKeyFilter, type KeyFilter } from './keyFilter.ts';
import type { Seal } from './sealed/seal.ts';
import { rowsIn, type SealedRows, sealedPrefix } from './sealed/sealedRows.ts';
import { bytesOfVector } from './vectors/vectorBytes.ts';

const columns =
  'key, wording_key, question, workspace_id, session, provider, model, answer, cost_pico_usd, created_at_ms, expires_at_ms';

/** As one text: a row for each key would take ten times as long. */
const selectKeys = (column: 'key' | 'wording_key'): string =>
  `SELECT coalesce(group_concat(${column}, ' '), '') AS keys FROM cache_entry`;
const keysSchema = z.object({ keys: z.string() });
const sizeSchema = z.object({ bytes: z.number(), workspace_id: z.string() });
const totalsSchema = z.array(z.object({ model: z.string(), entries: z.number(), bytes: z.number(), hits: z.number() }));

const sessionsSchema = z.array(z.object({ session: z.string(), entries: z.number(), lastMs: z.number() }));

const vectorSchema = z.object({ row: z.number(), key: z.string(), vector: z.instanceof(Uint8Array) });
const countsSchema = z.object({ bytes: z.number(), hits: z.number() });

export interface VectorRow {
  readonly row: number;
  readonly key: string;
  readonly vector: Uint8Array;
}
type RowCounts = Pick<ListedEntry, 'bytes' | 'hits'>;

/** What was found under a key: an entry, or a row that cannot be read. */
export type FoundRow = { readonly entry: CacheEntry } | { readonly damagedKey: string };

/** The table of kept answers, with a running count of each workspace's bytes. Throws SQLite's errors. */
export class EntryTable {
  readonly #database: DatabaseSync;
  readonly #rows: SealedRows;
  readonly #get: StatementSync;
  readonly #byWording: StatementSync;
  readonly #put: StatementSync;
  readonly #size: StatementSync;
  readonly #used: StatementSync;
  readonly #remove: StatementSync;
  readonly #putVector: StatementSync;
  readonly #removeVector: StatementSync;
  readonly #vectors: StatementSync;
  readonly #oldest: StatementSync;
  readonly #bytes = new Map<string, number>();
  /** Made when it is first needed. This process is the only one that writes here. */
  #keys: KeyFilter | undefined;
  #wordings: KeyFilter | undefined;

  /** @param seal encrypts questions, answers and vectors; without it they are in the clear */
  constructor(database: DatabaseSync, seal?: Seal) {
    this.#database = database;
    this.#rows = rowsIn(seal);
    this.#get = database.prepare(`SELECT ${columns} FROM cache_entry WHERE key = ?`);
    this.#byWording = database.prepare(
      `SELECT ${columns} FROM cache_entry WHERE wording_key = ? ORDER BY created_at_ms DESC LIMIT ?`,
    );
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO cache_entry (${columns}, bytes, used_at_ms, hits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
    );
    this.#size = database.prepare('SELECT bytes, workspace_id FROM cache_entry WHERE key = ?');
    this.#used = database.prepare('UPDATE cache_entry SET hits = hits + ?, used_at_ms = ? WHERE key = ?');
    this.#remove = database.prepare('DELETE FROM cache_entry WHERE key = ?');
    this.#putVector = database.prepare(
      'INSERT OR REPLACE INTO cache_vector (key, scope, embedder, vector) VALUES (?, ?, ?, ?)',
    );
    this.#removeVector = database.prepare('DELETE FROM cache_vector WHERE key = ?');
    this.#vectors = database.prepare(
      'SELECT rowid AS row, key, vector FROM cache_vector WHERE scope = ? AND rowid > ? ORDER BY rowid LIMIT ?',
    );
    this.#oldest = database.prepare('SELECT key FROM cache_entry WHERE workspace_id = ? ORDER BY used_at_ms LIMIT 32');
    this.countBytes();
  }

  get(key: string): FoundRow | undefined {
    const row = this.#knownKeys().mayHave(key) ? this.#get.get(key) : undefined;
    return row === undefined ? undefined : foundRow(this.#rows.opened(row));
  }

  /** Newest first. */
  byWording(wordingKey: string, limit: number): FoundRow[] {
    if (!this.#knownWordings().mayHave(wordingKey)) return [];
    return this.#byWording.all(wordingKey, limit).map((row) => foundRow(this.#rows.opened(row)));
  }

  put(entry: CacheEntry): void {
    const keys = this.#knownKeys();
    const mayBeThere = keys.mayHave(entry.key);
    if (mayBeThere) this.#subtract(entry.key);
    const bytes = entryBytes(entry);
    this.#put.run(
      entry.key,
      entry.wordingKey ?? null,
      entry.question === undefined ? null : this.#rows.closed(entry.question, `question ${entry.key}`),
      entry.workspaceId,
      entry.session ?? null,
      entry.provider,
      entry.model,
      this.#rows.closed(JSON.stringify(entry.answer), `answer ${entry.key}`),
      entry.costPicoUsd ?? null,
      entry.createdAtMs,
      entry.expiresAtMs,
      bytes,
      entry.createdAtMs,
    );
    this.#bytes.set(entry.workspaceId, this.bytesOf(entry.workspaceId) + bytes);
    const { key, place } = entry;
    keys.add(key);
    if (entry.wordingKey !== undefined) this.#knownWordings().add(entry.wordingKey);
    if (place !== undefined)
      this.#putVector.run(key, place.scope, place.embedder, this.#rows.closedVector(bytesOfVector(place.vector), key));
    else if (mayBeThere) this.#removeVector.run(key);
  }

  /** Vectors of a scope in the order they were kept. */
  vectors(scope: string, afterRow: number, limit: number): VectorRow[] {
    const rows = z.array(vectorSchema).parse(this.#vectors.all(scope, afterRow, limit));
    return rows.map((row) => ({ ...row, vector: this.#rows.openedVector(row.vector, row.key) }));
  }

  /** Newest first. */
  list(which: CacheSelection, { beforeMs = Number.MAX_SAFE_INTEGER, limit }: EntryPage): (FoundRow & RowCounts)[] {
    const { where, values } = selected(which);
    const statement = this.#database.prepare(
      `SELECT ${columns}, bytes, hits FROM cache_entry WHERE ${where} AND created_at_ms < ? ORDER BY created_at_ms DESC LIMIT ?`,
    );
    return statement.all(...values, beforeMs, limit).map((row) => ({
      ...foundRow(this.#rows.opened(row)),
      ...countsSchema.parse(row),
    }));
  }

  used(key: string, times: number, atMs: number): void {
    this.#used.run(times, atMs, key);
  }

  remove(key: string): boolean {
    this.#subtract(key);
    return this.#remove.run(key).changes > 0;
  }

  bytesOf(workspaceId: string): number {
    return this.#bytes.get(workspaceId) ?? 0;
  }

  /** Removes the least recently used down to nine tenths of the limit, so that not every answer evicts. Returns their keys. */
  evict(workspaceId: string, maxBytes: number): string[] {
    const removed: string[] = [];
    if (this.bytesOf(workspaceId) <= maxBytes) return removed;
    for (;;) {
      const keys = this.#oldest.all(workspaceId).map((row) => String(row.key));
      if (keys.length === 0) return removed;
      for (const key of keys) {
        if (this.bytesOf(workspaceId) <= maxBytes * 0.9) return removed;
        this.remove(key);
        removed.push(key);
      }
    }
  }

  forgetQuestions(workspaceId: string): boolean {
    const vectors = this.#database
      .prepare('DELETE FROM cache_vector WHERE key IN (SELECT key FROM cache_entry WHERE workspace_id = ?)')
      .run(workspaceId).changes;
    const questions = this.#database
      .prepare(
        'UPDATE cache_entry SET question = NULL, wording_key = NULL WHERE workspace_id = ? AND question IS NOT NULL',
      )
      .run(workspaceId).changes;
    return Number(vectors) + Number(questions) > 0;
  }

  /** The journal still has what was deleted, until it is written back. Where another connection reads, the next one does it. */
  emptyJournal(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  clear(which: CacheSelection): number {
    const { where, values } = selected(which);
    return this.#delete(where, ...values);
  }

  /** Removes what a workspace kept under another key, or (undefined) under any. */
  removeOtherwiseSealed(workspaceId: string, keyId: string | undefined): void {
    const pattern = `${sealedPrefix}${keyId ?? ''}`;
    const where = `substr(answer, 1, ?) ${keyId === undefined ? '=' : '<>'} ?`;
    this.#delete(`workspace_id = ? AND ${where}`, workspaceId, pattern.length, pattern);
  }

  removeExpired(nowMs: number): number {
    return this.#delete('expires_at_ms <= ?', nowMs);
  }

  stats(workspaceId: string | undefined): CacheStats {
    const statement = this.#database.prepare(
      `SELECT provider || '/' || model AS model, count(*) AS entries, sum(bytes) AS bytes, sum(hits) AS hits
       FROM cache_entry WHERE ?1 IS NULL OR workspace_id = ?1 GROUP BY provider, model ORDER BY bytes DESC`,
    );
    const rows = totalsSchema.parse(statement.all(workspaceId ?? null));
    const sum = (of: 'entries' | 'bytes' | 'hits'): number => rows.reduce((total, row) => total + row[of], 0);
    return {
      entries: sum('entries'),
      bytes: sum('bytes'),
      hits: sum('hits'),
      models: rows.map(({ model, entries, bytes }) => ({ model, entries, bytes })),
      sessions: this.#sessions(workspaceId),
    };
  }

  #sessions(workspaceId: string | undefined): CacheStats['sessions'] {
    const statement = this.#database.prepare(
      `SELECT session, count(*) AS entries, max(created_at_ms) AS lastMs FROM cache_entry
       WHERE session IS NOT NULL AND (?1 IS NULL OR workspace_id = ?1) GROUP BY session ORDER BY lastMs DESC`,
    );
    return sessionsSchema.parse(statement.all(workspaceId ?? null));
  }

  /** Reads the byte counts anew: after a change whose rows were not seen one by one. */
  countBytes(): void {
    this.#bytes.clear();
    const rows = this.#database
      .prepare('SELECT workspace_id, sum(bytes) AS bytes FROM cache_entry GROUP BY workspace_id')
      .all();
    for (const row of z.array(sizeSchema).parse(rows)) this.#bytes.set(row.workspace_id, row.bytes);
  }

  #delete(where: string, ...values: (string | number)[]): number {
    const changes = Number(this.#database.prepare(`DELETE FROM cache_entry WHERE ${where}`).run(...values).changes);
    if (changes > 0) this.countBytes();
    return changes;
  }

  #knownKeys(): KeyFilter {
    this.#keys ??= this.#filterOf('key');
    return this.#keys;
  }

  #knownWordings(): KeyFilter {
    this.#wordings ??= this.#filterOf('wording_key');
    return this.#wordings;
  }

  #filterOf(column: 'key' | 'wording_key'): KeyFilter {
    return createKeyFilter(keysSchema.parse(this.#database.prepare(selectKeys(column)).get()).keys.split(' '));
  }

  #subtract(key: string): void {
    const row = this.#size.get(key);
    if (row === undefined) return;
    const { bytes, workspace_id: workspaceId } = sizeSchema.parse(row);
    this.#bytes.set(workspaceId, this.bytesOf(workspaceId) - bytes);
  }
}

function selected({ workspaceId, session, provider, model }: CacheSelection): { where: string; values: string[] } {
  const given = Object.entries({ workspace_id: workspaceId, session, provider, model }).flatMap(([column, value]) =>
    value === undefined ? [] : [{ column, value }],
  );
  return {
    where: given.map(({ column }) => `${column} = ?`).join(' AND ') || '1',
    values: given.map(({ value }) => value),
  };
}

function foundRow(row: Record<string, unknown>): FoundRow {
  const entry = entryOfRow(row);
  return entry === undefined ? { damagedKey: String(row.key) } : { entry };
}
