import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type HeadlessService, startHeadlessService } from '../../../support/headlessService.ts';
import { exchange, requestText } from '../http/rawClient.ts';
import { auth, chat, json, models, startTestServer, type TestServer, token } from '../http/testServer.ts';

describe('a port that an editor has forwarded', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  beforeEach(() => {
    server.seen.length = 0;
  });
  after(() => server.close());

  test('S21: a forwarded name is refused on both planes, with the right token too', async () => {
    for (const name of ['name-4711.app.github.dev', 'abc-4711.euw.devtunnels.ms', '4711--ws.coder.example', '10.0.0.5'])
      for (const host of [name, `${name}:${server.port}`])
        for (const line of [models, chat, `GET /t/${token}/v1/models HTTP/1.1`, 'GET /_tollgate/info HTTP/1.1']) {
          const headers = [`host: ${host}`, auth, json, 'content-length: 2'];
          assert.equal((await exchange(server.port, requestText(line, headers, '{}'))).status, 403, `${host} ${line}`);
        }
    assert.equal(server.seen.length, 0);
  });

  // The tunnel of an editor puts `localhost` in place of the public name, so that the name alone tells nothing.
  test('S21: where the tunnel says localhost, nothing is answered without a token, whoever it says is asking', async () => {
    const told = ['x-forwarded-host: name-4711.app.github.dev', 'x-forwarded-for: 127.0.0.1', 'x-real-ip: 127.0.0.1'];
    for (const line of [models, chat, 'GET / HTTP/1.1', 'GET /t/guess/v1/models HTTP/1.1']) {
      const headers = [`host: localhost:${server.port}`, ...told, json, 'content-length: 2'];
      assert.equal((await exchange(server.port, requestText(line, headers, '{}'))).status, 401, line);
    }
    assert.equal(server.seen.length, 0);
  });
});

describe('a service that is started by hand', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-forward-'));
  const tokenFile = join(folder, 'token');
  let service: HeadlessService;
  before(async () => {
    const openai = { dialect: 'openai', baseUrl: 'demo:' };
    service = await startHeadlessService({ config: { providers: { openai } }, args: ['--token-file', tokenFile] });
  });
  after(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('S21: says its URL and token on standard output alone; neither is in its log', async () => {
    assert.equal(service.token, readFileSync(tokenFile, 'utf8').trim());
    assert.equal((await fetch(`${service.url}/v1/models`)).status, 401);
    const asked = await fetch(`${service.url}/t/${service.token}/v1/models`);
    assert.deepEqual([asked.status, (await asked.text()).includes('"data"')], [200, true]);
    const log = service.log();
    assert.match(log, /"message":"listening"/);
    assert.ok(!log.includes(service.token));
    assert.doesNotMatch(log, /https?:\/\//);
  });

  test('S21: a token that is in a file is in no argument list and no environment', {
    skip: process.platform !== 'linux',
  }, () => {
    const ofProcess = (file: string): string => readFileSync(`/proc/${service.child.pid}/${file}`, 'latin1');
    assert.ok(ofProcess('cmdline').includes('--token-file'));
    for (const file of ['cmdline', 'environ']) assert.ok(!ofProcess(file).includes(service.token), file);
  });
});

test('S21: the extension writes to no terminal and asks for no public address; the service is told nothing by arguments', () => {
  const root = resolve(import.meta.dirname, '../../../../src/extension');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: file.replaceAll('\\', '/'), text: readFileSync(join(root, file), 'utf8') }));
  const having = (pattern: RegExp): string[] =>
    sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
  assert.ok(sources.length > 50);
  assert.deepEqual(having(/\bcreateTerminal\b|\.sendText\(|\basExternalUri\b|\bopenTunnel\b|console\./), []);
  assert.deepEqual(having(/\bfork\(/), ['service/launchService.ts']);
  assert.deepEqual(having(/\bfork\([\w.]+, \[\],/), ['service/launchService.ts']);
});
