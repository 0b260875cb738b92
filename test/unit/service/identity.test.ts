import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { openIdentity } from '../../../src/service/identity.ts';
import { createTokenIndex, newToken, sameToken } from '../../../src/service/randomToken.ts';

describe('identity', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-identity-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = () => openIdentity({ path: join(folder, 'identity.json'), newToken, clock: () => 0 });

  test('is made once and kept, for its owner only', () => {
    const first = open();
    first.rememberPort(4711);
    first.rememberToken('w', 'tg_w');
    first.rememberToken('x', 'tg_x');
    first.rememberToken('w', 'tg_w2');
    const second = open();
    assert.equal(second.controlToken, first.controlToken);
    assert.deepEqual(second.pseudonymKey, first.pseudonymKey);
    assert.deepEqual([second.port(), second.tokenOf('w'), second.tokenOf('x')], [4711, 'tg_w2', 'tg_x']);
    assert.equal(statSync(join(folder, 'identity.json')).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['identity.json'], 'no temporary file is left');
  });

  for (const text of ['', '{', '[]', '{"version":2}', '{"version":1,"controlToken":"short"}'])
    test(`unreadable (${text || 'empty'}), it is moved aside and made anew`, () => {
      writeFileSync(join(folder, 'identity.json'), text);
      const identity = open();
      const moved = join(folder, 'identity.json.corrupt-1970-01-01T00-00-00-000Z');
      assert.equal(identity.movedAside, moved);
      assert.equal(readFileSync(moved, 'utf8'), text);
      assert.equal(open().controlToken, identity.controlToken);
    });
});

describe('tokens', () => {
  test('have 256 random bits and fit into a URL and a header', () => {
    const tokens = new Set(Array.from({ length: 100 }, () => newToken()));
    assert.equal(tokens.size, 100);
    for (const token of tokens) assert.match(token, /^tg_[\w-]{43}$/);
    assert.equal(
      newToken((size) => new Uint8Array(size).fill(255)),
      `tg_${'_'.repeat(42)}8`,
    );
  });

  test('are equal only when they are, whatever their lengths', () => {
    assert.ok(sameToken('abc', 'abc'));
    for (const other of ['', 'ab', 'abcd', 'abd', 'ABC']) assert.ok(!sameToken('abc', other));
  });

  test('stand for what they were given for, until they are taken back', () => {
    const index = createTokenIndex<string>();
    index.set('a', 'first');
    index.set('b', 'second');
    index.delete('a');
    assert.deepEqual([index.get('a'), index.get('b'), index.get('')], [undefined, 'second', undefined]);
  });
});
