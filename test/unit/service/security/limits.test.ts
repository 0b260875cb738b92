import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimits } from '../../../../src/service/http/server.ts';
import { createEventFramer } from '../../../../src/wire/eventFramer.ts';
import { parseRequest } from '../../../../src/wire/parseRequest.ts';
import { openConnection, requestText } from '../http/rawClient.ts';
import { auth, deferred, models, startTestServer } from '../http/testServer.ts';

test('S13: bodies, headers and times have the limits that are promised', async () => {
  assert.equal(defaultLimits.maxBodyBytes, 32 * 1024 * 1024);
  assert.equal(defaultLimits.maxStreamBytes, 512 * 1024 * 1024);
  const { server, close } = await startTestServer();
  assert.equal(server.headersTimeout, 10_000);
  assert.ok(server.requestTimeout > 0 && server.requestTimeout <= 30 * 60_000);
  await close();
});

test('S13: beyond the number of requests that are served at a time a caller is told so, and served when one has ended', {
  timeout: 20_000,
}, async () => {
  const server = await startTestServer();
  const end = deferred<void>();
  server.handle = async () => {
    await end.promise;
    return { status: 200, headers: [], body: Buffer.from('fine') };
  };
  const open = await Promise.all(
    Array.from({ length: 8 }, () => openConnection(server.port, requestText(models, [server.host, auth]))),
  );
  while (server.holds < 8) await new Promise(setImmediate);
  const refused = await server.ask(models, [auth]);
  assert.equal(refused.status, 503);
  assert.match(refused.head, /x-should-retry: true/);
  assert.equal(server.seen.length, 8);
  const closed = open.map((socket) => new Promise((resolve) => socket.resume().once('close', resolve)));
  end.resolve();
  await Promise.all(closed);
  while (server.holds > 0) await new Promise(setImmediate);
  assert.equal((await server.ask(models, [auth])).status, 200);
  await server.close();
});

test('S13: JSON is read to a depth of 64', () => {
  const nested = (depth: number): Buffer => Buffer.from(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
  assert.ok('request' in parseRequest('chat.completions', nested(64)));
  assert.deepEqual(parseRequest('chat.completions', nested(65)), { problem: 'tooDeep' });
  assert.deepEqual(parseRequest('messages', Buffer.from(`{"a":${'['.repeat(1_000_000)}`)), { problem: 'notJson' });
});

test('S13: a line of a stream that never ends is held up to 1 MB and no further', () => {
  const framer = createEventFramer();
  const piece = Buffer.alloc(64 * 1024, 'x');
  let sent = 0;
  let passed = 0;
  let mostHeld = 0;
  for (let count = 0; count < 64; count++) {
    sent += piece.length;
    passed += framer.push(piece).length;
    mostHeld = Math.max(mostHeld, sent - passed);
  }
  assert.ok(mostHeld <= 1024 * 1024, String(mostHeld));
  assert.equal(passed + framer.rest().length, sent);
});
