import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ServiceMissing } from '../../../../src/extension/service/errors.ts';
import { installService } from '../../../../src/extension/service/installService.ts';
import { serviceEnvironment } from '../../../../src/extension/service/launchService.ts';

const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const files = [
  { from: 'dist/service.js', to: 'service.js' },
  { from: 'dist/worker.js', to: 'worker.js' },
];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-install-'));
  mkdirSync(join(folder, 'extension', 'dist'), { recursive: true });
  writeFileSync(join(folder, 'extension', 'dist', 'service.js'), 'one');
  writeFileSync(join(folder, 'extension', 'dist', 'worker.js'), 'worker');
});
afterEach(() => rmSync(folder, { recursive: true }));

const install = () =>
  installService({
    extensionPath: join(folder, 'extension'),
    home: join(folder, 'home'),
    version: '1.0.0',
    files,
    log,
  });
const copies = (): string[] => readdirSync(join(folder, 'home', 'bin'));

test('the service runs from a copy, made once', async () => {
  const entry = await install();
  assert.match(entry, /bin[\\/]1\.0\.0-[0-9a-f]{12}[\\/]service\.js$/);
  assert.equal(readFileSync(entry, 'utf8'), 'one');
  assert.equal(readFileSync(join(entry, '..', 'worker.js'), 'utf8'), 'worker');
  assert.equal(await install(), entry);
  assert.equal(copies().length, 1);
});

test('another build of the same version is another copy, and takes the place of the first', async () => {
  const first = await install();
  writeFileSync(join(folder, 'extension', 'dist', 'service.js'), 'two');
  const second = await install();
  assert.notEqual(second, first);
  assert.equal(readFileSync(second, 'utf8'), 'two');
  assert.equal(copies().length, 1);
});

test('windows that start at once share one copy', async () => {
  const entries = await Promise.all([install(), install(), install()]);
  assert.equal(new Set(entries).size, 1);
  assert.equal(copies().length, 1);
});

test('an extension without the service says so', async () => {
  rmSync(join(folder, 'extension', 'dist', 'service.js'));
  await assert.rejects(
    install,
    (error) => error instanceof ServiceMissing && /Install the extension again/.test(error.message),
  );
});

test('the service inherits the user’s environment without the editor’s', () => {
  const env = serviceEnvironment(
    {
      PATH: '/bin',
      VSCODE_IPC_HOOK: 'x',
      NODE_OPTIONS: '--inspect',
      ELECTRON_NO_ATTACH_CONSOLE: '1',
      OPENAI_API_KEY: 'k',
    },
    '/home/t',
  );
  assert.deepEqual(env, {
    PATH: '/bin',
    OPENAI_API_KEY: 'k',
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: '',
    TOLLGATE_HOME: '/home/t',
  });
});
