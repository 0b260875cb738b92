import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { exchange, openConnection, requestText } from './rawClient.ts';
import { auth, chat, json, models, startTestServer, type TestServer, token } from './testServer.ts';

describe('who may ask the server', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(async () => {
    await server.close();
    assert.equal(server.holds, 0, 'every hold has been let go');
  });

  describe('asks who is calling before anything else', () => {
    const refusedHosts = ['evil.example', '127.0.0.1', '127.0.0.1.nip.io:PORT', '0.0.0.0:PORT', 'localhost:1', 'PORT'];
    for (const name of refusedHosts)
      test(`Host ${name} is refused`, async () => {
        const answer = await exchange(
          server.port,
          requestText(
            chat,
            [`host: ${name.replace('PORT', String(server.port))}`, auth, json, 'content-length: 2'],
            '{}',
          ),
        );
        assert.equal(answer.status, 403);
        assert.equal(server.seen.length, 0);
      });

    test('no Host, an empty one and two of them are refused', async () => {
      for (const headers of [[], ['host:'], [server.host, server.host]])
        assert.ok([400, 403].includes((await exchange(server.port, requestText(models, [...headers, auth]))).status));
      assert.equal((await exchange(server.port, requestText('GET /v1/models HTTP/1.0', [auth]))).status, 403);
      assert.equal(server.seen.length, 0);
    });

    test('localhost and [::1] are names of ours', async () => {
      for (const name of ['localhost', 'LOCALHOST', '[::1]']) {
        const answer = await exchange(server.port, requestText(models, [`host: ${name}:${server.port}`, auth]));
        assert.equal(answer.status, 200);
      }
    });

    const pages = [
      'origin: http://evil.example',
      'origin: null',
      'origin: http://127.0.0.1:PORT',
      'sec-fetch-site: cross-site',
      'sec-fetch-site: same-site',
      'sec-fetch-site: same-origin',
    ];
    for (const header of pages)
      test(`a page's request (${header}) is refused, and no header allows it`, async () => {
        const answer = await server.ask(
          chat,
          [auth, json, header.replace('PORT', String(server.port)), 'content-length: 2'],
          '{}',
        );
        assert.equal(answer.status, 403);
        assert.doesNotMatch(answer.head, /access-control/i);
        assert.equal(server.seen.length, 0);
      });

    test('a preflight is refused', async () => {
      const answer = await server.ask('OPTIONS /v1/chat/completions HTTP/1.1', [
        'origin: http://evil.example',
        'access-control-request-method: POST',
      ]);
      assert.equal(answer.status, 403);
      assert.doesNotMatch(answer.head, /access-control/i);
    });

    test('a person typing the address into a browser (sec-fetch-site: none) still needs the token', async () => {
      assert.equal((await server.ask(models, ['sec-fetch-site: none'])).status, 401);
    });

    test('our own pages reach the control plane only', async () => {
      const own = [`origin: http://127.0.0.1:${server.port}`, 'sec-fetch-site: same-origin'];
      assert.equal((await server.ask('GET /_tollgate/info HTTP/1.1', own)).body, 'control');
      assert.equal((await server.ask('GET /_tollgate/info HTTP/1.1', ['origin: http://evil.example'])).status, 403);
      assert.equal((await server.ask('GET /_tollgate/info HTTP/1.1', ['origin: https://127.0.0.1:1'])).status, 403);
    });

    test('a WebSocket is refused, other upgrades are not taken up', async () => {
      const upgrade = (protocol: string) =>
        exchange(
          server.port,
          [models, server.host, auth, 'connection: upgrade', `upgrade: ${protocol}`, '', ''].join('\r\n'),
          '}',
        );
      assert.equal((await upgrade('websocket')).status, 403);
      const h2c = await exchange(
        server.port,
        [models, server.host, auth, 'connection: upgrade', 'upgrade: h2c', '', ''].join('\r\n'),
        'fine',
      );
      assert.equal(h2c.status, 200);
    });

    test('the constant refusals never repeat the request', async () => {
      const secret = 'sk-canary-123';
      for (const headers of [[`authorization: Bearer ${secret}`], [auth, `origin: http://${secret}`]]) {
        const answer = await server.ask(`GET /t/${secret}/v1 HTTP/1.1`, headers);
        assert.doesNotMatch(answer.head + answer.body, new RegExp(secret));
      }
      assert.doesNotMatch(server.logged.join(''), new RegExp(secret));
    });
  });

  describe('asks for a token before the body is read', () => {
    test('a large body without a token is answered while it is still being sent', async () => {
      const announced = requestText(chat, [server.host, json, 'content-length: 100000000'], 'x'.repeat(1000));
      const answer = await exchange(server.port, announced);
      assert.equal(answer.status, 401);
      assert.equal(JSON.parse(answer.body).error.code, 'tollgate_unauthorized');
    });

    test('Expect: 100-continue is not continued without a token, and is with one', async () => {
      const head = [json, 'content-length: 2', 'expect: 100-continue'];
      assert.equal((await server.ask(chat, head)).status, 401);
      const socket = await openConnection(server.port, requestText(chat, [server.host, auth, ...head]));
      const [first] = await once(socket, 'data');
      assert.match(String(first), /^HTTP\/1\.1 100 /);
      socket.write('{}');
      const [second] = await once(socket, 'data');
      assert.match(String(second), /^HTTP\/1\.1 200 /);
      socket.destroy();
    });

    test('wrong, empty and almost right tokens are refused with one answer', async () => {
      const wrong = ['', 'authorization: Bearer ', `authorization: Bearer ${token}x`, `authorization: Basic ${token}`];
      const bodies = new Set<string>();
      for (const header of [...wrong, `x-tollgate-token: ${token.slice(0, -1)}`, 'x-api-key: sk-ant']) {
        const answer = await server.ask(models, header === '' ? [] : [header]);
        assert.equal(answer.status, 401);
        bodies.add(answer.body);
      }
      assert.equal(bodies.size, 1);
      assert.equal((await server.ask(`GET /t/${token}x/v1/models HTTP/1.1`, [])).status, 401);
    });

    test('a wrong token is not made good by a right one', async () => {
      for (const [path, headers] of [
        [`/t/wrong/v1/models`, [auth]],
        ['/v1/models', [auth, 'x-tollgate-token: wrong']],
        [`/t/${token}/v1/models`, ['authorization: Bearer other']],
        ['/v1/models', [auth, 'x-api-key: other']],
      ] as const)
        assert.equal((await server.ask(`GET ${path} HTTP/1.1`, headers)).status, 401);
      assert.equal(server.seen.length, 0);
    });
  });

  describe('takes the token out and leaves the rest', () => {
    const cases = [
      ['bearer', '/v1/models', [auth], '/v1/models', true, []],
      ['x-api-key', '/v1/models', [`X-Api-Key: ${token}`], '/v1/models', true, []],
      [
        'own header',
        '/v1/models',
        [`X-Tollgate-Token: ${token}`, 'Authorization: Bearer sk-a'],
        '/v1/models',
        true,
        [['Authorization', 'Bearer sk-a']],
      ],
      [
        'path',
        `/t/${token}/v1/models?a=%2F`,
        ['Authorization: Bearer sk-a'],
        '/v1/models?a=%2F',
        false,
        [['Authorization', 'Bearer sk-a']],
      ],
      ['path and header', `/t/${token}/v1/models`, [auth], '/v1/models', true, []],
      ['path alone', `/t/${token}`, [], '/', false, []],
      ['path with query alone', `/t/${token}?a`, [], '/?a', false, []],
    ] as const;
    for (const [name, path, headers, rest, tokenInHeader, kept] of cases)
      test(name, async () => {
        await server.ask(`GET ${path} HTTP/1.1`, headers);
        const [request] = server.seen;
        assert.equal(request?.path, rest);
        assert.equal(request.workspaceId, 'w');
        assert.equal(request.tokenInHeader, tokenInHeader);
        assert.deepEqual(
          request.headers.filter(([header]) => !/^(host|connection)$/i.test(header)),
          kept,
        );
        assert.ok(!JSON.stringify([request.path, request.headers]).includes(token));
      });
  });

  describe('does not let one request be taken for two', () => {
    const smuggled = [
      ['two lengths', ['content-length: 2', 'content-length: 3']],
      ['a length and chunks', ['content-length: 2', 'transfer-encoding: chunked']],
      ['a length that is none', ['content-length: +2']],
      ['an unknown encoding', ['transfer-encoding: chunked, identity']],
      ['a folded header', ['x-a: 1\r\n  2', 'content-length: 2']],
      ['a space before the colon', ['content-length : 2']],
      ['a bare line feed', ['x-a: 1\nx-b: 2', 'content-length: 2']],
      ['a NUL', ['x-a: 1\0', 'content-length: 2']],
    ] as const;
    for (const [name, headers] of smuggled)
      test(name, async () => {
        const answer = await server.ask(chat, [auth, json, ...headers], '{}');
        assert.equal(answer.status, 400);
        assert.equal(server.seen.length, 0);
      });

    test('an absolute request target, an asterisk and CONNECT lead nowhere', async () => {
      assert.equal((await server.ask('GET http://evil.example/v1/models HTTP/1.1', [auth])).status, 400);
      assert.equal((await server.ask('OPTIONS * HTTP/1.1', [auth])).status, 400);
      const answer = await server.ask('CONNECT evil.example:443 HTTP/1.1', [auth]);
      assert.ok(Number.isNaN(answer.status), 'the connection is closed');
      assert.equal(server.seen.length, 0);
    });

    test('headers beyond 32 kB are refused', async () => {
      assert.equal((await server.ask(models, [auth, `x-a: ${'a'.repeat(33_000)}`])).status, 431);
      assert.equal((await server.ask(models, [auth, `x-a: ${'a'.repeat(20_000)}`])).status, 200);
    });
  });
});
