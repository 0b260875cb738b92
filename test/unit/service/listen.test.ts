import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { test } from 'node:test';
import { isUsablePort, listenSomewhere } from '../../../src/service/http/listen.ts';

test('ports that fetch refuses are not usable, and nor are privileged ones', async () => {
  for (const port of [0, 80, 1023, 6000, 6667, 10080, 65536, 1.5]) assert.equal(isUsablePort(port), false, `${port}`);
  for (const port of [1024, 4711, 6001, 65535]) assert.equal(isUsablePort(port), true, `${port}`);
  // The list is the one this Node has: a port that is refused fails before it connects.
  for (let port = 1024; port < 65536; port += 1)
    if (!isUsablePort(port)) await assert.rejects(fetch(`http://127.0.0.1:${port}/`), (error) => isBadPort(error));
});

test('a wish for a port that is refused, or taken, is not granted', async () => {
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const takenPort = typeof address === 'object' && address !== null ? address.port : 0;
  const servers: Server[] = [];
  for (const wish of [6000, takenPort, undefined]) {
    const server = createServer();
    servers.push(server);
    const port = await listenSomewhere(server, wish);
    assert.ok(port !== wish && isUsablePort(port));
  }
  for (const server of [taken, ...servers]) server.close();
});

function isBadPort(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';
}
