import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { HeaderPairs, ProxyResponse } from '../../../src/proxy/exchange.ts';
import { UpstreamFailed } from '../../../src/proxy/upstreamFailed.ts';
import {
  bytesOf,
  fallbackOnEverything,
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  scriptedUpstream,
  testConfig,
  textOf,
} from '../../support/proxyDeps.ts';

const key: HeaderPairs = [['authorization', 'Bearer sk-client']];

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

test('whatever is not an endpoint that is read passes through as bytes, both ways, and is counted as not metered', async () => {
  let received = '';
  const { deps, recorded } = proxyDouble(async (request) => {
    assert.ok(request.body !== undefined && !(request.body instanceof Uint8Array));
    for await (const piece of request.body) received += Buffer.from(piece).toString();
    return {
      status: 201,
      headers: [
        ['X-Up', '1'],
        ['Set-Cookie', 'c=1'],
        ['Transfer-Encoding', 'chunked'],
      ],
      body: pieces('a', 'b'),
    };
  });
  const headers: HeaderPairs = [
    ...key,
    ['Content-Type', 'multipart/form-data; boundary=x'],
    ['Content-Length', '10'],
    ['Accept-Encoding', 'gzip'],
  ];
  const request = proxyRequest('/v1/files?purpose=batch', '', { headers, body: pieces('--x', '\r\n...') });
  const response = await createProxy(deps).handle(request);
  assert.deepEqual(response.headers.slice(0, 1), [['X-Up', '1']]);
  assert.equal(header(response, 'set-cookie'), undefined);
  assert.equal(header(response, 'x-tollgate-cache'), undefined);
  assert.equal(await textOf(response), 'ab');
  assert.equal(received, '--x\r\n...');
  const [{ call, attempts } = assert.fail()] = recorded;
  assert.deepEqual([call.endpoint, call.metered, call.status, call.cache], ['other', false, 201, 'bypass']);
  assert.deepEqual(
    [attempts[0]?.provider, attempts[0]?.model, attempts[0]?.costStatus],
    ['openai', '(not metered)', 'unpriced'],
  );
});

test('the length a client announced goes on with a streamed body', async () => {
  const upstream = scriptedUpstream(jsonReply({}));
  const { deps } = proxyDouble(upstream.send);
  const headers: HeaderPairs = [...key, ['Content-Length', '3']];
  await createProxy(deps).handle(proxyRequest('/v1/files', '', { headers, body: pieces('abc') }));
  assert.deepEqual(upstream.asked[0]?.headers, [...key, ['content-length', '3']]);
});

test('methods, queries and empty bodies pass as they are', async () => {
  for (const [method, path, url] of [
    ['GET', '/v1/batches?after=x%20y&limit=2', 'https://api.openai.com/v1/batches?after=x%20y&limit=2'],
    ['DELETE', '/files/f-1', 'https://api.openai.com/v1/files/f-1'],
    ['GET', '/v1/messages/batches/b1/results', 'https://api.anthropic.com/v1/messages/batches/b1/results'],
    ['POST', '/messages/batches', 'https://api.anthropic.com/v1/messages/batches'],
    ['GET', '/p/groq/openai/v1/x//y', 'https://api.groq.com/openai/v1/openai/v1/x//y'],
    ['HEAD', '/p/anthropic/api/hello', 'https://api.anthropic.com/api/hello'],
    ['GET', '/p/anthropic/v1/organizations', 'https://api.anthropic.com/v1/organizations'],
  ] as const) {
    const upstream = scriptedUpstream(jsonReply({}));
    const { deps } = proxyDouble(upstream.send);
    await createProxy(deps).handle(proxyRequest(path, '', { method, headers: key }));
    assert.deepEqual(
      [upstream.asked[0]?.method, upstream.asked[0]?.url, upstream.asked[0]?.body],
      [method, url, undefined],
    );
  }
});

test('anthropic-version tells the provider where the path does not', async () => {
  const upstream = scriptedUpstream(jsonReply({}));
  const { deps } = proxyDouble(upstream.send);
  const headers: HeaderPairs = [...key, ['anthropic-version', '2026-10-21']];
  await createProxy(deps).handle(proxyRequest('/v1/files', '', { method: 'GET', headers }));
  assert.equal(upstream.asked[0]?.url, 'https://api.anthropic.com/v1/files');
  assert.deepEqual(upstream.asked[0]?.headers, headers);
});

test('a broken pass-through is cut for the client too, and one it leaves is 499', async () => {
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a');
    throw new UpstreamFailed('reset', 'x');
  };
  const double = proxyDouble(scriptedUpstream({ status: 200, headers: [], body: broken() }).send);
  const response = await createProxy(double.deps).handle(
    proxyRequest('/v1/files', '', { method: 'GET', headers: key }),
  );
  await assert.rejects(bytesOf(response), { name: 'UpstreamFailed' });
  assert.deepEqual([double.recorded[0]?.call.status, double.recorded[0]?.call.errorClass], [502, 'reset']);

  const left = proxyDouble(scriptedUpstream({ status: 200, headers: [], body: pieces('a', 'b') }).send);
  const { body } = await createProxy(left.deps).handle(proxyRequest('/v1/files', '', { method: 'GET', headers: key }));
  assert.ok(!(body instanceof Uint8Array));
  const reading = body[Symbol.asyncIterator]();
  await reading.next();
  await reading.return?.();
  assert.deepEqual([left.recorded.length, left.recorded[0]?.call.status], [1, 499]);
});

const aliases = {
  cheap: { targets: [{ provider: 'openai', model: 'gpt-test' }], onOverflow: 'error', fallback: fallbackOnEverything },
  claude: {
    targets: [{ provider: 'anthropic', model: 'claude-test' }],
    onOverflow: 'error',
    fallback: fallbackOnEverything,
  },
} as const;

async function models(answer: ProxyResponse | Error, headers: HeaderPairs): Promise<string[]> {
  const { deps } = proxyDouble(scriptedUpstream(answer).send, { configOf: () => testConfig({ aliases }) });
  const response = await createProxy(deps).handle(proxyRequest('/v1/models', '', { method: 'GET', headers }));
  assert.equal(response.status, 200);
  const list: { data: { id: string }[] } = JSON.parse(await textOf(response));
  return list.data.map(({ id }) => id);
}

test('GET /models: the aliases, then the provider’s own models; alone where there is no list', async () => {
  const list = jsonReply({ object: 'list', data: [{ id: 'gpt-4o' }] });
  assert.deepEqual(await models(list, key), ['cheap', 'claude', 'gpt-4o']);
  assert.deepEqual(await models(list, []), ['cheap', 'claude']);
  assert.deepEqual(await models(jsonReply({ error: {} }, 401), key), ['cheap', 'claude']);
  assert.deepEqual(await models(new UpstreamFailed('refused', 'x'), key), ['cheap', 'claude']);
  assert.deepEqual(await models(jsonReply({ data: [{ id: 'claude-x' }] }), [...key, ['anthropic-version', '1']]), [
    'cheap',
    'claude',
    'claude-x',
  ]);
});
