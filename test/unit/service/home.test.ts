import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { homeFolder, makeHome } from '../../../src/service/home.ts';

test('the data folder is where each platform keeps such things, or where it is told to be', () => {
  const linux = (env: Record<string, string>) => homeFolder(env, 'linux', '/home/u');
  assert.equal(linux({}), '/home/u/.local/share/tollgate');
  assert.equal(linux({ XDG_DATA_HOME: '/data' }), '/data/tollgate');
  assert.equal(linux({ XDG_DATA_HOME: 'relative' }), '/home/u/.local/share/tollgate');
  assert.equal(linux({ XDG_DATA_HOME: '/data', TOLLGATE_HOME: '/t' }), '/t');
  assert.equal(linux({ TOLLGATE_HOME: '' }), '/home/u/.local/share/tollgate');
  assert.equal(homeFolder({}, 'darwin', '/Users/u'), '/Users/u/Library/Application Support/Tollgate');
  assert.match(homeFolder({ LOCALAPPDATA: '/local' }, 'win32', '/u'), /local.Tollgate$/);
});

test('the data folder is its owner’s alone, also when it was not', () => {
  const parent = mkdtempSync(join(tmpdir(), 'tollgate-folder-'));
  try {
    const folder = join(parent, 'home');
    mkdirSync(folder, { mode: 0o755 });
    makeHome(folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  } finally {
    rmSync(parent, { recursive: true });
  }
});
