import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const source = (name: string): string =>
  JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '../../../src/service', name)).href);

test('what is loaded after it is kept compiled, in a folder that only its owner can read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-compiled-'));
  try {
    const data = join(folder, 'data');
    const program = `const { keepCompiled } = await import(${source('keepCompiled.ts')});
keepCompiled(process.argv[1]);
await import(${source('compareVersions.ts')});`;
    const { NODE_COMPILE_CACHE: _elsewhere, NODE_DISABLE_COMPILE_CACHE: _off, ...env } = process.env;
    execFileSync(process.execPath, ['--input-type=module', '--eval', program, data], { env });
    const [version = ''] = readdirSync(join(data, 'compiled'));
    assert.equal(readdirSync(join(data, 'compiled', version)).length > 0, true);
    if (process.platform !== 'win32') assert.equal(statSync(data).mode & 0o777, 0o700);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
