import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { readAddress, writeAddress } from '../../../../src/service/address.ts';
import { createTokenIndex } from '../../../../src/service/randomToken.ts';
import { exchange, type RawAnswer, requestText } from '../http/rawClient.ts';
import { auth, chat, json, startTestServer, type TestServer, token } from '../http/testServer.ts';

describe('who may call', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  beforeEach(() => {
    server.seen.length = 0;
  });
  after(() => server.close());

  test('S1: the system shows one listening socket at the port, and it is that of 127.0.0.1', {
    skip: process.platform !== 'linux',
  }, () => {
    const port = server.port.toString(16).toUpperCase().padStart(4, '0');
    const listening = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local = '', , state]) => local.endsWith(`:${port}`) && state === '0A')
        .map(([, local]) => local),
    );
    assert.deepEqual(listening, [`0100007F:${port}`]);
  });

  // A rebound name is that of the page too, so that its GETs have no Origin and its POSTs one that equals Host.
  const rebound = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'].flatMap((method) =>
    [[], ['origin: http://rebound.example:PORT'], ['sec-fetch-site: same-origin']].map((more) => ({ method, more })),
  );
  test('S2: a rebound name reaches neither plane, whatever the method, with the right tokens', async () => {
    for (const { method, more } of rebound)
      for (const path of ['/v1/models', `/t/${token}/v1/models`, '/_tollgate/info', '/_tollgate/health']) {
        const headers = [`host: rebound.example:${server.port}`, ...more, 'authorization: Bearer other', auth];
        const { status, head } = await askRaw(`${method} ${path} HTTP/1.1`, headers);
        assert.equal(status, 403, `${method} ${path} ${more}`);
        assert.doesNotMatch(head, /access-control/i);
      }
    assert.equal(server.seen.length, 0);
  });

  test('S2: a name that only looks like ours is none', async () => {
    for (const host of ['127.0.0.1.', '127.1', '2130706433', '0x7f.0.0.1', 'localhost.', '[::ffff:127.0.0.1]', '[::]'])
      assert.equal((await askRaw(chat, [`host: ${host}:${server.port}`, auth])).status, 403, host);
  });

  test('S3: an Origin behind two thousand other headers is seen', async () => {
    const many = Array.from({ length: 2500 }, (_, index) => `a${index}:`);
    const { status } = await server.ask(
      chat,
      [auth, json, ...many, 'origin: http://evil.example', 'content-length: 2'],
      '{}',
    );
    assert.ok([403, 431].includes(status), String(status));
    assert.equal(server.seen.length, 0);
    assert.equal((await server.ask(chat, [auth, json, ...many, 'content-length: 2'], '{}')).status, 200);
  });

  test('S4: what a form or a simple request can send is refused even with the token, and nothing is asked', async () => {
    for (const type of [
      'text/plain',
      'text/plain;application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ])
      for (const path of ['/v1/chat/completions', `/t/${token}/v1/messages`, '/responses', '/embeddings']) {
        const headers = [auth, `content-type: ${type}`, 'content-length: 2'];
        assert.equal((await server.ask(`POST ${path} HTTP/1.1`, headers, '{}')).status, 415, `${type} ${path}`);
      }
    assert.equal(server.seen.length, 0);
  });

  test('S5: tokens that begin alike are told apart, and none is taken from a query', async () => {
    const index = createTokenIndex<number>();
    const alike = Array.from({ length: 50 }, (_, number) => `tg_${'a'.repeat(42)}${String.fromCharCode(65 + number)}`);
    for (const [number, each] of alike.entries()) index.set(each, number);
    for (const [number, each] of alike.entries()) assert.equal(index.get(each), number);
    assert.equal(index.get(alike[0]?.slice(0, 20) ?? ''), undefined);
    for (const name of ['token', 'key', 'api_key', 'x-tollgate-token', 't'])
      assert.equal((await server.ask(`GET /v1/models?${name}=${token} HTTP/1.1`, [])).status, 401, name);
  });

  test('S6: without a token every GET is the same 401 with the same bytes', async () => {
    const bodies = new Set<string>();
    for (const path of [
      '/',
      '/v1/models',
      '/health',
      '/favicon.ico',
      '/p/openai/v1/models',
      '/t/x/v1/models',
      '/metrics',
    ]) {
      const { status, body } = await server.ask(`GET ${path} HTTP/1.1`, []);
      assert.equal(status, 401, path);
      bodies.add(body);
    }
    assert.equal(bodies.size, 1);
    assert.equal(server.seen.length, 0);
  });

  test('S7: a WebSocket is refused on every path, however it is spelt', async () => {
    for (const path of ['/v1/realtime', `/t/${token}/v1/realtime`, '/_tollgate/events'])
      for (const upgrade of ['websocket', 'WebSocket', 'h2c, websocket']) {
        const { status } = await server.ask(`GET ${path} HTTP/1.1`, [
          auth,
          `upgrade: ${upgrade}`,
          'sec-websocket-version: 13',
          'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
        ]);
        assert.equal(status, 403, `${path} ${upgrade}`);
      }
    assert.equal(server.seen.length, 0);
  });

  test('S14: whoever may not ask is answered before a body has come', async () => {
    const announced = ['content-length: 1000000', json];
    const refused = [
      [401, [server.host, ...announced]],
      [403, [`host: evil.example`, auth, ...announced]],
      [403, [server.host, auth, 'origin: null', ...announced]],
    ] as const;
    for (const [status, headers] of refused) assert.equal((await askRaw(chat, headers)).status, status);
    assert.equal(server.seen.length, 0);
  });

  function askRaw(line: string, headers: readonly string[]): Promise<RawAnswer> {
    return exchange(
      server.port,
      requestText(
        line,
        headers.map((header) => header.replace('PORT', String(server.port))),
      ),
    );
  }
});

test('S22: an address file of another user, or that others may write, is not believed', {
  skip: process.getuid === undefined,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-address-'));
  try {
    const path = join(folder, 'service.json');
    const address = { port: 4711, pid: 1, version: '1.0.0', controlToken: 'tg_control' };
    writeAddress(path, address);
    assert.deepEqual(readAddress(path), address);
    assert.equal(readAddress(path, (process.getuid?.() ?? 0) + 1), undefined);
    rmSync(path);
    const umask = process.umask(0);
    writeFileSync(path, JSON.stringify(address), { mode: 0o666 });
    process.umask(umask);
    assert.equal(readAddress(path), undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
