import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cacheSchema } from '../../../src/cache/cacheSchema.ts';
import type { CacheEntry } from '../../../src/cache/entry.ts';
import { createSealedStores } from '../../../src/cache/sealed/createSealedStores.ts';
import { createSeal } from '../../../src/cache/sealed/seal.ts';
import { createSqliteEntryStore } from '../../../src/cache/sqliteEntryStore.ts';
import type { CacheConfig } from '../../../src/config/config.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { answerOf, StillClock } from './cacheFixture.ts';

const secret = 'k'.repeat(32);
const other = 'o'.repeat(32);
const sealed: Pick<CacheConfig, 'store'> = { store: { kind: 'sqlite', key: { kind: 'secret', name: 'cache' } } };
const clear: Pick<CacheConfig, 'store'> = { store: { kind: 'sqlite' } };

test('what is closed opens with its key and at its place only, and not when it was changed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), fc.nat(), (plain, place, at) => {
      const seal = createSeal(secret);
      const closed = Buffer.from(seal.close(plain, place));
      assert.deepEqual(Buffer.from(seal.open(closed, place) ?? []), Buffer.from(plain));
      assert.equal(seal.open(closed, `${place}.`), undefined);
      assert.equal(createSeal(other).open(closed, place), undefined);
      const index = at % closed.length;
      closed.writeUInt8((closed.readUInt8(index) + 1) % 256, index);
      assert.equal(seal.open(closed, place), undefined);
      assert.equal(seal.open(closed.subarray(0, 20), place), undefined);
    }),
    { numRuns: 200 },
  );
});

test('the same text is never closed alike, and the name of a key tells nothing of it', () => {
  const seal = createSeal(secret);
  const closed = Array.from({ length: 50 }, () => Buffer.from(seal.close(Buffer.from('a'), 'p')).toString('hex'));
  assert.equal(new Set(closed).size, 50);
  assert.equal(seal.keyId, createSeal(secret).keyId);
  assert.notEqual(seal.keyId, createSeal(other).keyId);
  assert.doesNotMatch(seal.keyId, /kkk/);
});

function open(keys: { key?: string } = { key: secret }) {
  const clock = new StillClock();
  const store = openStore({ path: ':memory:', schemas: [cacheSchema], clock: () => clock.now() });
  const problems: string[] = [];
  const onProblem = (message: string): void => void problems.push(message);
  const deps = { store, clock, onProblem, memoryBytes: 1_000_000 };
  const stores = () => createSealedStores({ ...deps, keyOf: () => keys.key });
  const onDisk = (): string =>
    ['cache_entry', 'cache_vector']
      .flatMap((table) => store.database.prepare(`SELECT * FROM ${table}`).all())
      .map((row) =>
        Object.values(row)
          .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
          .join(' '),
      )
      .join('\n');
  return { clock, store, stores, problems, onDisk, plain: createSqliteEntryStore(deps), keys };
}

const vector = Float32Array.from({ length: 8 }, (_, n) => (n === 3 ? 1 : 0));

function entryOf(key: string, clock: StillClock, workspaceId = 'w1'): CacheEntry {
  return {
    key,
    wordingKey: `w-${key}`,
    question: 'What is the secret sauce?',
    place: { scope: 's', embedder: 'e', vector },
    workspaceId,
    provider: 'openai',
    model: 'gpt-4o',
    answer: answerOf('Forty-two herbs.'),
    createdAtMs: clock.now(),
    expiresAtMs: clock.now() + 60_000,
  };
}

test('an encrypted store finds everything again, and nothing readable is on disk', async () => {
  const { stores, clock, onDisk, problems } = open();
  const entry = entryOf('a', clock);
  const first = stores().of(sealed, 'w1');
  first?.put(entry, 1_000_000);
  first?.flush();
  assert.match(onDisk(), /sealed:/);
  assert.doesNotMatch(onDisk(), /secret sauce|herbs|chat\.completions/);
  const again = stores().of(sealed, 'w1');
  const { place: _place, ...kept } = entry;
  assert.deepEqual(await again?.get('a'), kept);
  assert.deepEqual(await again?.byWording('w-a'), [kept]);
  assert.deepEqual(
    (await again?.nearest('s', vector, 0.9, 8))?.map(({ key }) => key),
    ['a'],
  );
  assert.deepEqual(
    (await again?.list({ workspaceId: 'w1' }, { limit: 5 }))?.map(({ entry: { question } }) => question),
    ['What is the secret sauce?'],
  );
  assert.equal((await again?.stats('w1'))?.entries, 1);
  assert.deepEqual(problems, []);
});

test('without its key, or with a short one, the cache is off and says so once; nothing is removed', async () => {
  const { stores, clock, problems, keys } = open();
  const opened = stores();
  opened.of(sealed, 'w1')?.put(entryOf('a', clock), 1_000_000);
  opened.close();
  for (const key of [undefined, 'short']) {
    problems.length = 0;
    if (key === undefined) delete keys.key;
    else keys.key = key;
    const without = stores();
    for (let n = 0; n < 3; n++) {
      const store = without.of(sealed, 'w1');
      assert.equal(await store?.get('a'), undefined);
      store?.put(entryOf('b', clock), 1_000_000);
    }
    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? '',
      /^The answer cache is off: its key secret:cache .* (is not there|is shorter than 32 characters)\./,
    );
  }
  keys.key = secret;
  assert.equal((await stores().of(sealed, 'w1')?.get('a'))?.key, 'a');
});

test('switching removes what was kept the other way, of this workspace only', async () => {
  const { stores, clock, onDisk, plain, keys } = open();
  plain.put(entryOf('clear', clock), 1_000_000);
  plain.put(entryOf('theirs', clock, 'w2'), 1_000_000);
  plain.flush();
  const opened = stores();
  opened.of(sealed, 'w1')?.put(entryOf('one', clock), 1_000_000);
  assert.equal(await opened.of(sealed, 'w1')?.get('clear'), undefined);
  keys.key = other;
  assert.equal(await opened.of(sealed, 'w1')?.get('one'), undefined);
  opened.of(sealed, 'w1')?.put(entryOf('two', clock), 1_000_000);
  opened.of(sealed, 'w1')?.flush();
  assert.match(onDisk(), /^theirs .*\ntwo .*sealed:/m);
  assert.equal(opened.of(clear, 'w1'), undefined);
  assert.doesNotMatch(onDisk(), /sealed:/);
  assert.match(onDisk(), /^theirs /);
});
