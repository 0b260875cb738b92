import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchFetch } from '../../../src/service/batchFetch.ts';

test('headers of ours that the environment gives the SDKs do not reach the provider', async () => {
  const sent: Record<string, string>[] = [];
  const send: typeof fetch = async (_, init) => {
    sent.push(Object.fromEntries(new Headers(init?.headers)));
    return Response.json({});
  };
  const headers = { authorization: 'Bearer k', 'X-Tollgate-Token': 't', 'x-tollgate-feature': 'f', 'x-other': 'o' };
  await batchFetch('https://api.openai.com/v1', 1, send)('https://api.openai.com/v1/batches', { headers });
  assert.deepEqual(sent, [{ authorization: 'Bearer k', 'x-other': 'o' }]);
});
