import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { CommandContext } from '../../../src/cli/command.ts';
import { UsageError } from '../../../src/cli/errors.ts';
import { createServeCommand } from '../../../src/cli/serve.ts';
import { encoderFromSource } from '../../support/encoderFromSource.ts';

const prices = JSON.parse(readFileSync(join(import.meta.dirname, '../../../media/prices.json'), 'utf8'));
const command = createServeCommand(() => ({
  version: '1.0.0',
  prices,
  spawnWorker: () => {
    throw new Error('nothing is counted here');
  },
  encoder: encoderFromSource,
}));

describe('tollgate serve', () => {
  let folder = '';
  let ended: AbortController;
  let complaints: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-cli-'));
    ended = new AbortController();
    complaints = [];
    writeFileSync(
      join(folder, 'tollgate.jsonc'),
      `{ "version": 1, "providers": { "openai": { "dialect": "openai", "baseUrl": "demo:" } } } // ours`,
    );
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const context = (print: CommandContext['print'], env: CommandContext['env'] = {}): CommandContext => ({
    cwd: folder,
    env,
    print,
    complain: (text) => complaints.push(text),
    signal: ended.signal,
  });
  /** Runs the command until it is told to end; `use` is given what it printed. */
  const serve = async (args: readonly string[], use: (said: { url: string; token: string }) => Promise<void>) => {
    const printed: string[] = [];
    const code = await command.run(
      ['--data', join(folder, 'data'), ...args],
      context(async (text) => {
        printed.push(text);
        await use(JSON.parse(text));
        ended.abort();
      }),
    );
    assert.ok(printed.length <= 1, 'one line and no more');
    return code;
  };
  const models = (base: string, headers: Record<string, string> = {}) =>
    fetch(`${base}/v1/models`, { headers }).then(({ status }) => status);

  test('prints one line, serves until it is told to end, and ends with 0', async () => {
    const code = await serve([], async ({ url, token }) => {
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.equal(await models(url), 401);
      assert.equal(await models(`${url}/t/${token}`), 200);
      assert.equal(await models(url, { 'x-tollgate-token': token }), 200);
      assert.equal(await models(url, { authorization: `Bearer ${token}` }), 200);
    });
    assert.equal(code, 0);
  });

  test('takes the token it is given, or makes one in the file it is given', async () => {
    await serve(['--token', 'T'], async ({ token }) => assert.equal(token, 'T'));
    ended = new AbortController();
    const file = join(folder, 'secrets', 'token');
    let made = '';
    await serve(['--token-file', file], async ({ token }) => {
      made = token;
      assert.equal(readFileSync(file, 'utf8'), `${token}\n`);
      assert.equal(statSync(file).mode & 0o777, 0o600);
    });
    ended = new AbortController();
    await serve(['--token-file', file], async ({ token }) => assert.equal(token, made));
  });

  test('uses TOLLGATE_HOME where no data folder is given', async () => {
    const home = join(folder, 'home');
    await command.run(
      [],
      context(async () => ended.abort(), { TOLLGATE_HOME: home }),
    );
    assert.ok(statSync(join(home, 'tollgate.db')).isFile());
  });

  test('says what is wrong with the configuration, and serves what is right of it', async () => {
    writeFileSync(join(folder, 'tollgate.jsonc'), '{ "version": 1, "cash": {} }');
    assert.equal(await serve([], async () => undefined), 0);
    assert.match(complaints.join(''), /tollgate: error in .*tollgate\.jsonc at character \d+: .*cash/);
  });

  test('a second one on the same data says so and ends with 1', async () => {
    await serve([], async () => {
      const code = await command.run(
        ['--data', join(folder, 'data')],
        context(async () => assert.fail('not listening')),
      );
      assert.equal(code, 1);
      assert.match(
        complaints.join(''),
        /already runs on .*data\. Use it, or give this one a folder of its own with --data/,
      );
    });
  });

  test('refuses arguments it cannot use', async () => {
    writeFileSync(join(folder, 'short'), 'abc');
    for (const args of [
      ['--config', 'missing.jsonc'],
      ['--port', 'x'],
      ['--token', 'a/b'],
      ['--token', 'a', '--token-file', 'b'],
      ['--token-file', 'short'],
      ['surplus'],
      ['--surplus'],
    ])
      await assert.rejects(
        command.run(
          args,
          context(async () => undefined),
        ),
        UsageError,
        args.join(' '),
      );
    assert.equal(
      await command.run(
        ['--data', join(folder, 'd'), '--port', '6000'],
        context(async () => undefined),
      ),
      1,
    );
    assert.match(complaints.join(''), /Port 6000 cannot be used/);
  });
});
