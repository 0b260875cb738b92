import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamRequest } from '../../../src/proxy/exchange.ts';
import { UpstreamFailed } from '../../../src/proxy/upstreamFailed.ts';
import { refuseOwnAddress } from '../../../src/service/refuseOwnAddress.ts';

test('a call to Tollgate’s own address is refused under every name, other addresses are not', async () => {
  const send = refuseOwnAddress(
    async () => ({ status: 200, headers: [], body: new Uint8Array() }),
    () => 4711,
  );
  const to = (url: string): UpstreamRequest => ({
    method: 'GET',
    url,
    headers: [],
    body: undefined,
    signal: new AbortController().signal,
    timeouts: { firstByteMs: 1, idleMs: 1 },
  });
  for (const url of ['http://127.0.0.1:4711/t/x/v1/models', 'http://localhost:4711/', 'http://[::1]:4711/v1'])
    await assert.rejects(send(to(url)), (error) => error instanceof UpstreamFailed && error.failure === 'forbidden');
  for (const url of ['http://127.0.0.1:4712/v1', 'https://api.openai.com/v1', 'https://example.com:4711/v1'])
    assert.equal((await send(to(url))).status, 200);
});
