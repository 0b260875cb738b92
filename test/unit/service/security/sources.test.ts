import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../../../..');

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file: file.replaceAll('\\', '/'), text: readFileSync(join(root, 'src', file), 'utf8') }));

const having = (pattern: RegExp): string[] => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test('S23: one file starts a process, and none a shell or code from a text', () => {
  assert.deepEqual(having(/from 'node:child_process'/), ['extension/service/launchService.ts']);
  assert.deepEqual(having(/shell: true|\bnew Function\b|\beval\(/), []);
  // Unpacks the token worker's own code, which lies beside it in the extension.
  assert.deepEqual(having(/from 'node:vm'/), ['tokens/startWorker.ts']);
});

/** What is put into a statement: names of columns and constants of the file itself. */
const constants = /^(?:[a-z]\w*[cC]olumns\b.*|[a-zA-Z]+|[a-z]\w*(?:\.[a-zA-Z]+)*\([\w', .]*\))$/;

test('S23: no statement has a value in its text', () => {
  const statements = sources.flatMap(({ file, text }) =>
    [...text.matchAll(/\.(?:prepare|exec)\(\s*`([^`]*)`/g)].map(([, sql = '']) => ({ file, sql })),
  );
  assert.ok(statements.length >= 5, String(statements.length));
  const quoted = statements.filter(({ sql }) => /['"]\$\{|\$\{[^}]*\}['"]/.test(sql));
  assert.deepEqual(quoted, [], 'a value between quotes');
  const computed = statements.flatMap(({ file, sql }) =>
    [...sql.matchAll(/\$\{([^}]*)\}/g)]
      .map(([, part = '']) => `${file}: ${part}`)
      .filter((part) => !constants.test(part.split(': ')[1] ?? '')),
  );
  assert.deepEqual(computed, []);
});

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

test('S20: what is shipped comes from the registry with a checksum and runs nothing when it is installed', () => {
  const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  const packages = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  assert.ok(packages.length > 0);
  for (const [path, { resolved, integrity, hasInstallScript }] of packages) {
    assert.match(resolved ?? 'https://registry.npmjs.org/', /^https:\/\/registry\.npmjs\.org\//, path);
    assert.match(integrity ?? '', /^sha512-/, path);
    assert.notEqual(hasInstallScript, true, path);
  }
  const manifest: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
    assert.equal(manifest.scripts[script], undefined, script);
  assert.ok(packages.length <= 36, `${packages.length} packages are shipped: is each needed?`);
});
