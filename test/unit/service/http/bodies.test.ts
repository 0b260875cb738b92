import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { ProxyRequest } from '../../../../src/proxy/exchange.ts';
import { BodyStreamFailed } from '../../../../src/service/http/readBody.ts';
import { openConnection, requestText } from './rawClient.ts';
import { auth, chat, deferred, json, startTestServer, type TestServer } from './testServer.ts';

describe('the server', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(async () => {
    await server.close();
    assert.equal(server.holds, 0, 'every hold has been let go');
  });

  describe('reads bodies', () => {
    const whole = async (request: ProxyRequest | undefined) => {
      if (request?.body === undefined || request.body instanceof Uint8Array) return request?.body;
      const pieces: Uint8Array[] = [];
      for await (const piece of request.body) pieces.push(piece);
      return Buffer.concat(pieces);
    };

    test('of parsed endpoints as a whole, chunked or not', async () => {
      await server.ask(chat, [auth, json, 'content-length: 8'], '{"a": 1}');
      await server.ask(
        chat,
        [auth, 'content-type: application/json; charset=utf-8', 'transfer-encoding: chunked'],
        '3\r\n{"a\r\n5\r\n": 1}\r\n0\r\n\r\n',
      );
      assert.deepEqual(
        server.seen.map(({ body }) => body instanceof Uint8Array && Buffer.from(body).toString()),
        ['{"a": 1}', '{"a": 1}'],
      );
    });

    test('of other paths as a stream, whatever its type', async () => {
      let received: Uint8Array | undefined;
      server.handle = async (request) => {
        assert.ok(!(request.body instanceof Uint8Array));
        received = await whole(request);
        return { status: 201, headers: [], body: new Uint8Array() };
      };
      const answer = await server.ask(
        'POST /v1/files HTTP/1.1',
        [auth, 'content-type: multipart/form-data; boundary=x', 'content-length: 5'],
        'bytes',
      );
      assert.equal(answer.status, 201);
      assert.equal(String(received), 'bytes');
    });

    test('of no type but JSON on parsed endpoints', async () => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'text/json',
      ])
        assert.equal((await server.ask(chat, [auth, `content-type: ${type}`, 'content-length: 2'], '{}')).status, 415);
      assert.equal((await server.ask(chat, [auth, 'content-length: 2'], '{}')).status, 415);
      assert.equal((await server.ask(chat, [auth, 'content-length: 0'])).status, 200, 'no body, nothing to refuse');
      assert.equal(server.seen.length, 1);
    });

    test('up to the limit and not beyond, announced or chunked', async () => {
      const body = 'x'.repeat(1000);
      assert.equal((await server.ask(chat, [auth, json, 'content-length: 1000'], body)).status, 200);
      assert.equal((await server.ask(chat, [auth, json, 'content-length: 1001'], `${body}x`)).status, 413);
      const chunk = `3e9\r\n${body}x\r\n0\r\n\r\n`;
      assert.equal((await server.ask(chat, [auth, json, 'transfer-encoding: chunked'], chunk)).status, 413);
      assert.equal(server.seen.length, 1);
    });

    test('of other paths up to the larger limit', async () => {
      server.handle = async (request) => ({
        status: 200,
        headers: [],
        body: Buffer.from(String((await whole(request))?.length)),
      });
      assert.equal((await server.ask('POST /v1/files HTTP/1.1', [auth, 'content-length: 100001'], 'x')).status, 413);
      const chunk = `186a1\r\n${'x'.repeat(100_001)}\r\n0\r\n\r\n`;
      assert.equal(
        (await server.ask('POST /v1/files HTTP/1.1', [auth, 'transfer-encoding: chunked'], chunk)).status,
        413,
      );
      assert.match((await server.ask('POST /v1/files HTTP/1.1', [auth, 'content-length: 3'], 'abc')).body, /3/);
    });

    test('that break off never reach the proxy as whole ones', async () => {
      const socket = await openConnection(
        server.port,
        requestText(chat, [server.host, auth, json, 'content-length: 10'], '{'),
      );
      socket.resume().end();
      await once(socket, 'close');
      assert.equal(server.seen.length, 0);
    });

    test('that break off tell the proxy, where it reads them as a stream', async () => {
      const failed = deferred<unknown>();
      server.handle = async (request) => {
        await whole(request).catch(failed.resolve);
        return { status: 200, headers: [], body: new Uint8Array() };
      };
      const socket = await openConnection(
        server.port,
        requestText('POST /v1/files HTTP/1.1', [server.host, auth, 'content-length: 10'], '{'),
      );
      socket.resume().end();
      const error = await failed.promise;
      assert.ok(error instanceof BodyStreamFailed && error.kind === 'brokenOff');
      assert.ok(server.seen[0]?.signal.aborted);
    });
  });
});
