import assert from 'node:assert/strict';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { StoreError } from '../../../src/store/errors.ts';
import { loadSqlite } from '../../../src/store/loadSqlite.ts';
import { openStore } from '../../../src/store/openStore.ts';
import type { Schema } from '../../../src/store/store.ts';

const notes: Schema = { name: 'notes', migrations: ['CREATE TABLE notes (text TEXT NOT NULL) STRICT'] };
const clock = () => Date.UTC(2026, 0, 2, 3, 4, 5);

describe('openStore', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-store-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (schemas: readonly Schema[] = [notes], maxPages?: number) =>
    openStore({
      path: join(folder, 'data', 'tollgate.db'),
      schemas,
      clock,
      ...(maxPages === undefined ? {} : { maxPages }),
    });

  test('makes the file and its folder for the owner only, in WAL mode', () => {
    const store = open();
    store.database.exec("INSERT INTO notes VALUES ('a')");
    const modes = readdirSync(join(folder, 'data')).map((name) => [
      name,
      (statSync(join(folder, 'data', name)).mode & 0o777).toString(8),
    ]);
    store.close();
    assert.equal(statSync(join(folder, 'data')).mode & 0o777, 0o700);
    assert.deepEqual(modes.sort(), [
      ['tollgate.db', '600'],
      ['tollgate.db-shm', '600'],
      ['tollgate.db-wal', '600'],
    ]);
  });

  test('runs each migration once and only those that are new', () => {
    open().close();
    const grown = { ...notes, migrations: [...notes.migrations, 'ALTER TABLE notes ADD COLUMN at INTEGER'] };
    for (const schema of [grown, grown]) {
      const store = open([schema]);
      assert.deepEqual(
        store.database
          .prepare('SELECT name, version, migrated_at_ms FROM store_schema')
          .all()
          .map((row) => ({ ...row })),
        [{ name: 'notes', version: 2, migrated_at_ms: clock() }],
      );
      store.close();
    }
  });

  test('a migration that fails changes nothing', () => {
    const broken = { name: 'broken', migrations: ['CREATE TABLE half (a TEXT); CREATE TABLE half (a TEXT)'] };
    assert.throws(() => open([notes, broken]), StoreError);
    const store = open([notes]);
    assert.deepEqual(store.database.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").all(), []);
    store.close();
  });

  test('refuses tables of a newer version, and leaves the file alone', () => {
    open([{ ...notes, migrations: [...notes.migrations, 'SELECT 1'] }]).close();
    assert.throws(
      () => open(),
      (error) =>
        StoreError.is(error, 'newerSchema') && /notes 2, this one knows 1\). Update Tollgate/.test(error.message),
    );
    assert.deepEqual(readdirSync(join(folder, 'data')), ['tollgate.db']);
  });

  for (const [what, damage] of [
    ['no database at all', (path: string) => writeFileSync(path, 'x'.repeat(9000))],
    ['a database with a damaged page', (path: string) => overwrite(path, 4096)],
  ] as const)
    test(`moves aside ${what} and begins a fresh one`, () => {
      const first = open();
      for (let row = 0; row < 500; row++) first.database.exec(`INSERT INTO notes VALUES ('${'n'.repeat(50)}')`);
      first.close();
      const path = join(folder, 'data', 'tollgate.db');
      damage(path);
      const damaged = readFileSync(path);
      const store = open();
      assert.equal(store.movedAside, `${path}.corrupt-2026-01-02T03-04-05-000Z`);
      assert.equal(store.database.prepare('SELECT count(*) AS rows FROM notes').get()?.rows, 0);
      store.close();
      assert.deepEqual(readFileSync(store.movedAside), damaged);
    });

  test('a full disk is told as such', () => {
    const store = open([notes], 20);
    const fill = () => {
      for (;;) store.transaction(() => store.database.exec(`INSERT INTO notes VALUES ('${'n'.repeat(4000)}')`));
    };
    assert.throws(fill, (error) => error instanceof Error && 'errcode' in error && error.errcode === 13);
    assert.doesNotThrow(() => store.transaction(() => undefined), 'the transaction is over');
    store.close();
    const many = { name: 'many', migrations: Array.from({ length: 30 }, (_, i) => `CREATE TABLE many${i} (a TEXT)`) };
    assert.throws(
      () => open([notes, many], 20),
      (error) => StoreError.is(error, 'diskFull') && /Free some disk space/.test(error.message),
    );
  });

  test('a place that cannot be written is told as such', () => {
    writeFileSync(join(folder, 'data'), 'a file where the folder should be');
    assert.throws(
      () => open(),
      (error) => StoreError.is(error, 'unusable'),
    );
  });

  test('transactions are all or nothing', () => {
    const store = open();
    const fail = () =>
      store.transaction(() => {
        store.database.exec("INSERT INTO notes VALUES ('half')");
        throw new Error('no');
      });
    assert.throws(fail, /^Error: no$/);
    assert.equal(store.database.prepare('SELECT count(*) AS rows FROM notes').get()?.rows, 0);
    store.close();
  });
});

test('a Node without SQLite is told what is needed', () => {
  const node20 = { version: 'v20.18.2', getBuiltinModule: () => undefined };
  const node18: Pick<NodeJS.Process, 'version'> = { version: 'v18.0.0' };
  for (const runtime of [node20, node18])
    assert.throws(
      () => Reflect.apply(loadSqlite, undefined, [runtime]),
      (error) => StoreError.is(error, 'noSqlite') && /Node 22\.18 or newer, or VS Code 1\.104/.test(error.message),
    );
});

function overwrite(path: string, offset: number): void {
  const bytes = new Uint8Array(statSync(path).size - offset).fill(0x5a);
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}
