import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { openConnection, requestText } from './rawClient.ts';
import { auth, chat, deferred, json, models, startTestServer, type TestServer, token } from './testServer.ts';

describe('the server', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(async () => {
    await server.close();
    assert.equal(server.holds, 0, 'every hold has been let go');
  });

  test('listens on 127.0.0.1 only', () => {
    const address = server.server.address();
    assert.equal(typeof address === 'object' && address?.address, '127.0.0.1');
  });

  describe('writes answers', () => {
    const streamOf = async function* (pieces: readonly string[]) {
      for (const piece of pieces) yield Buffer.from(piece);
    };

    test('with the headers it is given, in their order and case', async () => {
      server.handle = async () => ({
        status: 429,
        headers: [
          ['X-B', '1'],
          ['x-a', '2'],
          ['X-b', '3'],
          ['Date', 'then'],
        ],
        body: Buffer.from('slow down'),
      });
      const { head, body } = await server.ask(models, [auth]);
      assert.equal(
        head,
        [
          'HTTP/1.1 429 Too Many Requests',
          'X-B: 1',
          'x-a: 2',
          'X-b: 3',
          'Date: then',
          'content-length: 9',
          'Connection: close',
        ].join('\r\n'),
      );
      assert.equal(body, 'slow down');
    });

    test('without a length where there can be no body', async () => {
      for (const status of [204, 304]) {
        server.handle = async () => ({ status, headers: [], body: new Uint8Array() });
        assert.doesNotMatch((await server.ask(models, [auth])).head, /content-length/i);
      }
      server.handle = async () => ({ status: 200, headers: [['content-length', '12']], body: new Uint8Array() });
      assert.match((await server.ask('HEAD /v1/models HTTP/1.1', [auth])).head, /content-length: 12/);
    });

    test('piece by piece, headers first', async () => {
      const more = deferred<string>();
      server.handle = async () => ({
        status: 200,
        headers: [['content-type', 'text/event-stream']],
        body: (async function* () {
          yield Buffer.from(await more.promise);
        })(),
      });
      const socket = await openConnection(server.port, requestText(models, [server.host, auth]));
      const [head] = await once(socket, 'data');
      assert.match(String(head), /^HTTP\/1\.1 200 OK\r\ncontent-type: text\/event-stream\r\n[\s\S]*\r\n\r\n$/);
      more.resolve('data: 1\n\n');
      const [piece] = await once(socket, 'data');
      assert.match(String(piece), /data: 1\n\n/);
      socket.destroy();
    });

    test('and cuts the connection where the body throws', async () => {
      server.handle = async () => ({
        status: 200,
        headers: [],
        body: (async function* () {
          yield* streamOf(['half']);
          throw new Error('sk-canary');
        })(),
      });
      const { body } = await server.ask(models, [auth]);
      assert.doesNotMatch(body, /\r\n0\r\n/, 'no last chunk');
      assert.match(server.logged.join(''), /response cut/);
      assert.doesNotMatch(server.logged.join(''), /sk-canary/);
    });

    test('and a failure inside as a constant 500 that says nothing of it', async () => {
      server.handle = async () => {
        throw new Error('sk-canary');
      };
      const answer = await server.ask(models, [auth]);
      assert.equal(answer.status, 500);
      assert.doesNotMatch(answer.body + server.logged.join(''), /sk-canary/);
    });

    test('and a header that cannot be sent likewise, without leaving the body open', async () => {
      const closed = deferred<boolean>();
      server.handle = async () => ({
        status: 200,
        headers: [['x-a', 'a\nb']],
        body: {
          [Symbol.asyncIterator]: () => ({
            next: async () => ({ done: true, value: undefined }),
            return: async () => {
              closed.resolve(true);
              return { done: true, value: undefined };
            },
          }),
        },
      });
      assert.equal((await server.ask(models, [auth])).status, 500);
      assert.ok(await closed.promise);
    });

    test('no faster than the client reads', async () => {
      let given = 0;
      const piece = Buffer.alloc(64 * 1024);
      const ended = deferred<boolean>();
      server.handle = async () => ({
        status: 200,
        headers: [],
        body: (async function* () {
          try {
            for (; given < 2000; given++) yield piece;
          } finally {
            ended.resolve(true);
          }
        })(),
      });
      const client = httpRequest({ port: server.port, host: '127.0.0.1', path: `/t/${token}/v1/files` });
      client.end();
      const [answer] = await once(client, 'response');
      await new Promise((resolve) => setTimeout(resolve, 100));
      const early = given;
      assert.ok(early < 500, `${early} of 2000 pieces were taken though nobody read`);
      let received = 0;
      for await (const part of answer) received += part.length;
      assert.equal(received, 2000 * piece.length);
      assert.ok(await ended.promise);
    });
  });

  describe('notices that the client is gone', () => {
    test('before there is an answer', async () => {
      const aborted = deferred<boolean>();
      server.handle = (request) =>
        new Promise((_, reject) => {
          request.signal.addEventListener('abort', () => {
            aborted.resolve(true);
            reject(new Error('gone'));
          });
        });
      const socket = await openConnection(
        server.port,
        requestText(chat, [server.host, auth, json, 'content-length: 2'], '{}'),
      );
      while (server.seen.length === 0) await new Promise(setImmediate);
      assert.equal(server.holds, 1);
      socket.destroy();
      assert.ok(await aborted.promise);
    });

    test('in the middle of a stream, and ends its body', async () => {
      const ended = deferred<boolean>();
      server.handle = async (request) => ({
        status: 200,
        headers: [],
        body: (async function* () {
          try {
            while (!request.signal.aborted) {
              yield Buffer.from('tick');
              await new Promise(setImmediate);
            }
          } finally {
            ended.resolve(request.signal.aborted);
          }
        })(),
      });
      const socket = await openConnection(server.port, requestText(models, [server.host, auth]));
      await once(socket, 'data');
      socket.destroy();
      assert.equal(await ended.promise, true);
    });

    test('and does not take an answered request for an abandoned one', async () => {
      await server.ask(models, [auth]);
      await new Promise(setImmediate);
      assert.equal(server.seen[0]?.signal.aborted, false);
    });
  });
});
