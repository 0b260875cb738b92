import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import Anthropic from '@anthropic-ai/sdk';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { HeaderPairs } from '../../../src/proxy/exchange.ts';
import { type ListeningServer, listenAsProvider, listenAsProxy } from '../../support/listen.ts';
import {
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  scriptedUpstream,
  testConfig,
  textOf,
} from '../../support/proxyDeps.ts';

/** As the documentation shows it; the address is the provider's own, wherever the request came from. */
const batch = {
  id: 'msgbatch_01HkcTjaV5uDC8jWR4ZsDV8d',
  type: 'message_batch',
  processing_status: 'ended',
  request_counts: { processing: 0, succeeded: 2, errored: 0, canceled: 0, expired: 0 },
  ended_at: '2024-08-20T18:37:24.100435Z',
  created_at: '2024-08-20T18:37:24.100435Z',
  expires_at: '2024-08-21T18:37:24.100435Z',
  cancel_initiated_at: null,
  results_url: 'https://api.anthropic.com/v1/messages/batches/msgbatch_01HkcTjaV5uDC8jWR4ZsDV8d/results',
};
const own = 'http://127.0.0.1:4711/t/TOKEN';
const key: HeaderPairs = [
  ['x-api-key', 'sk-ant'],
  ['accept-encoding', 'gzip'],
];

test('every results_url leads here, and everything else stays to the byte', async () => {
  const text = JSON.stringify(
    { data: [batch, { ...batch, results_url: null }], note: 'Grüße', has_more: false },
    null,
    1,
  );
  for (const [method, path, prefix] of [
    ['GET', '/v1/messages/batches?limit=2', ''],
    ['POST', '/messages/batches', ''],
    ['GET', '/v1/v1/messages/batches/msgbatch_1', ''],
    ['POST', '/p/anthropic/v1/messages/batches/msgbatch_1/cancel', '/p/anthropic'],
  ] as const) {
    const upstream = scriptedUpstream({
      status: 200,
      headers: [
        ['content-type', 'application/json'],
        ['content-encoding', 'gzip'],
        ['content-length', '9'],
      ],
      body: gzipSync(text),
    });
    const { deps, recorded } = proxyDouble(upstream.send);
    const response = await createProxy(deps).handle(proxyRequest(path, '', { method, headers: key }));
    const expected = text.replace('https://api.anthropic.com', own + prefix);
    assert.equal(await textOf(response), expected);
    assert.deepEqual(
      ['content-length', 'content-encoding'].map((name) => header(response, name)),
      [String(Buffer.byteLength(expected)), undefined],
    );
    assert.deepEqual(upstream.asked[0]?.headers.at(-1), ['accept-encoding', 'identity']);
    assert.deepEqual([recorded.length, recorded[0]?.call.status, recorded[0]?.call.metered], [1, 200, false]);
  }
});

test('results themselves pass as a stream, and other addresses are nobody’s business', async () => {
  const { deps } = proxyDouble(scriptedUpstream(jsonReply(batch)).send);
  const path = '/v1/messages/batches/msgbatch_1/results';
  const response = await createProxy(deps).handle(proxyRequest(path, '', { method: 'GET', headers: key }));
  assert.equal(await textOf(response), JSON.stringify(batch));
  const elsewhere = { ...batch, results_url: 'https://storage.example.org/r.jsonl' };
  const other = proxyDouble(scriptedUpstream(jsonReply(elsewhere)).send);
  const kept = await createProxy(other.deps).handle(
    proxyRequest('/v1/messages/batches/b', '', { method: 'GET', headers: key }),
  );
  assert.equal(await textOf(kept), JSON.stringify(elsewhere));
});

test('an answer that cannot be read is an error, never passed on unread', async () => {
  const broken = { status: 200, headers: [['content-encoding', 'gzip']], body: Buffer.from('no gzip') } as const;
  const { deps, recorded } = proxyDouble(scriptedUpstream(broken).send);
  const response = await createProxy(deps).handle(
    proxyRequest('/v1/messages/batches/b', '', { method: 'GET', headers: key }),
  );
  assert.equal(response.status, 502);
  assert.deepEqual([recorded.length, recorded[0]?.attempts.length], [1, 1]);
});

test('Anthropic’s own SDK fetches the results of a batch through the proxy', async () => {
  const asked: string[] = [];
  const line = { custom_id: 'a', result: { type: 'canceled' } };
  const provider: ListeningServer = await listenAsProvider((request, response) => {
    asked.push(`${request.url} ${request.headers['x-api-key'] ?? request.headers.authorization}`);
    const isResults = request.url?.endsWith('/results') === true;
    response.writeHead(200, { 'content-type': isResults ? 'application/x-jsonl' : 'application/json' });
    response.end(isResults ? `${JSON.stringify(line)}\n` : JSON.stringify(batch));
  });
  const proxy = await listenAsProxy(
    testConfig({ providers: { anthropic: { dialect: 'anthropic', baseUrl: provider.url } } }),
  );
  try {
    const client = new Anthropic({ baseURL: proxy.baseUrl, apiKey: 'sk-ant', maxRetries: 0 });
    const seen: unknown[] = [];
    for await (const entry of await client.messages.batches.results(batch.id)) seen.push(entry);
    assert.deepEqual(seen, [line]);
    assert.deepEqual(asked, [
      `/v1/messages/batches/${batch.id} Bearer sk-ant`,
      `/v1/messages/batches/${batch.id}/results Bearer sk-ant`,
    ]);
  } finally {
    await proxy.close();
    await provider.close();
  }
});
