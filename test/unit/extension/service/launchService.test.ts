import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ServiceNotStarted } from '../../../../src/extension/service/errors.ts';
import { launchService } from '../../../../src/extension/service/launchService.ts';
import type { ServiceAddress } from '../../../../src/service/api.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-launch-'));
});
afterEach(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

const address: ServiceAddress = { port: 4100, pid: 7, version: '1.0.0', controlToken: 't' };

/** Launches a script in the service's place. It answers once it has written the file `up`. */
function launch(script: string): Promise<ServiceAddress> {
  const entryPath = join(folder, 'service.cjs');
  writeFileSync(entryPath, script);
  return launchService({
    entryPath,
    home: join(folder, 'home'),
    environment: { ...process.env, NODE_OPTIONS: '--no-such-flag', VSCODE_PID: '1' },
    answering: async () => (existsSync(join(folder, 'up')) ? address : undefined),
    sleep: (ms) => delay(ms, undefined),
    signal: AbortSignal.timeout(60_000),
  });
}

test('resolves when the service answers, which has the home and none of the editor’s variables', async () => {
  const script = `
    const { writeFileSync } = require('node:fs');
    writeFileSync(${JSON.stringify(join(folder, 'env'))}, JSON.stringify({ ...process.env, cwd: process.cwd() }));
    writeFileSync(${JSON.stringify(join(folder, 'up'))}, '');`;
  assert.deepEqual(await launch(script), address);
  const env = JSON.parse(readFileSync(join(folder, 'env'), 'utf8'));
  assert.equal(env.TOLLGATE_HOME, join(folder, 'home'));
  assert.equal(env.NODE_OPTIONS, '');
  assert.equal('VSCODE_PID' in env, false);
});

test('a service that says why it does not start is quoted', async () => {
  const script = `process.send({ failed: { reason: 'failed', message: 'Port 1 cannot be used.' } }, () => process.exit(1));`;
  await assert.rejects(launch(script), (error) => {
    assert.ok(error instanceof ServiceNotStarted);
    assert.match(error.message, /did not start: Port 1 cannot be used\./);
    return true;
  });
});

test('one that dies without a word is told by its exit code, and its last output is in the log', async () => {
  await assert.rejects(launch(`console.error('on fire'); process.exitCode = 3;`), /exit code 3.*service\.out\.log/);
  assert.match(readFileSync(join(folder, 'home', 'service.out.log'), 'utf8'), /on fire/);
});

test('that another window was faster is no failure', async () => {
  const script = `
    process.send({ failed: { reason: 'alreadyRunning', message: 'It runs already.' } });
    setTimeout(() => { require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'up'))}, ''); process.exit(0); }, 200);`;
  assert.deepEqual(await launch(script), address);
});
