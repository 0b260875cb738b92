import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { ProxyDeps } from '../../../src/proxy/deps.ts';
import type { ProxyRequest } from '../../../src/proxy/exchange.ts';
import type { LimitedCall } from '../../../src/proxy/limits.ts';
import { UpstreamFailed } from '../../../src/proxy/upstreamFailed.ts';
import {
  fallbackOnEverything,
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  scriptedUpstream,
  testConfig,
  textOf,
} from '../../support/proxyDeps.ts';

interface Refused {
  readonly status: number;
  readonly openai: { readonly type?: string; readonly code?: string; readonly message?: string };
  readonly anthropic: string | undefined;
  readonly retry: string | undefined;
}

async function refused(
  body: unknown,
  deps: Partial<ProxyDeps> = {},
  request: Partial<ProxyRequest> = {},
  answer: Error = new Error('asked'),
): Promise<Refused> {
  const said = await Promise.all(
    ['/v1/chat/completions', '/v1/messages'].map(async (path) => {
      const double = proxyDouble(scriptedUpstream(answer).send, deps);
      const response = await createProxy(double.deps).handle(proxyRequest(path, body, request));
      assert.equal(header(response, 'x-tollgate-error-origin'), 'proxy');
      assert.equal(double.recorded.length, 1);
      assert.equal(double.recorded[0]?.call.status, response.status);
      return { response, value: JSON.parse(await textOf(response)) };
    }),
  );
  const [openai, anthropic] = said;
  assert.equal(openai?.response.status, anthropic?.response.status);
  assert.equal(anthropic?.value.type, 'error');
  return {
    status: openai?.response.status ?? 0,
    openai: openai?.value.error,
    anthropic: anthropic?.value.error.type,
    retry: openai && header(openai.response, 'x-should-retry'),
  };
}

const short = ({ status, openai, anthropic, retry }: Refused): unknown[] => [
  status,
  openai.type,
  openai.code,
  anthropic,
  retry,
];

test('bodies that cannot be read are 400 in the caller’s dialect', async () => {
  const invalid = [400, 'invalid_request_error', 'invalid_body', 'invalid_request_error', undefined];
  for (const body of ['{"model":', '[]', '', Uint8Array.of(0x7b, 0xff)])
    assert.deepEqual(short(await refused(body)), invalid);
});

test('a body over the limit is 413, whole or in pieces', async () => {
  const expected = [413, 'invalid_request_error', 'request_too_large', 'request_too_large', undefined];
  assert.deepEqual(short(await refused('{"model":"x"}', { maxBodyBytes: 5 })), expected);
  const body = {
    [Symbol.asyncIterator]: async function* () {
      yield Buffer.from('{"mod');
      yield Buffer.from('el":1}');
    },
  };
  assert.deepEqual(short(await refused('', { maxBodyBytes: 5 }, { body })), expected);
});

test('a compressed request body goes on as it came, unpacked where it is changed, as far as it is allowed to be large', async () => {
  const text = JSON.stringify({ model: 'gpt-test', messages: [{ role: 'user', content: 'Grüße '.repeat(100) }] });
  const codings = {
    gzip: gzipSync,
    'x-gzip': gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
    zstd: zstdCompressSync,
  };
  for (const [coding, pack] of Object.entries(codings)) {
    const upstream = scriptedUpstream(jsonReply({ model: 'gpt-test' }));
    const headers = [
      ['authorization', 'k'],
      ['Content-Encoding', coding],
    ] as const;
    const { deps } = proxyDouble(upstream.send);
    await createProxy(deps).handle(proxyRequest('/v1/chat/completions', pack(text), { headers }));
    assert.deepEqual(upstream.asked[0]?.body, pack(text), 'nothing is changed in it: it goes on as it came');
    assert.deepEqual(upstream.asked[0]?.headers, headers);
    const aliased = JSON.stringify({ model: 'quality', messages: [] });
    const target = { provider: 'openai', model: 'gpt-test' };
    const quality = { targets: [target], onOverflow: 'error', fallback: fallbackOnEverything } as const;
    await createProxy({ ...deps, configOf: () => testConfig({ aliases: { quality } }) }).handle(
      proxyRequest('/v1/chat/completions', pack(aliased), { headers }),
    );
    assert.equal(Buffer.from(upstream.asked[1]?.body as Uint8Array).toString(), aliased.replace('quality', 'gpt-test'));
    assert.deepEqual(upstream.asked[1]?.headers, [['authorization', 'k']], 'another model stands in it: unpacked');
    const small = await refused(pack(text), { maxBodyBytes: 500 }, { headers });
    assert.deepEqual(short(small).slice(0, 3), [400, 'invalid_request_error', 'invalid_content_encoding']);
    assert.deepEqual(short(await refused('{}', {}, { headers })).slice(0, 3), short(small).slice(0, 3));
  }
  const headers = [['content-encoding', 'gzip, gzip']] as const;
  assert.deepEqual(short(await refused('{}', {}, { headers })).slice(0, 1), [415]);
});

test('embeddings are not translated: an alias without a target for them is 400 and names the remedy', async () => {
  const target = (provider: string) =>
    ({ targets: [{ provider, model: 'm' }], onOverflow: 'error', fallback: fallbackOnEverything }) as const;
  const config = testConfig({
    aliases: { both: target('groq') },
    providers: { ...testConfig().providers, groq: { dialect: 'anthropic', baseUrl: 'https://x' } },
  });
  const { deps } = proxyDouble(scriptedUpstream(jsonReply({})).send, { configOf: () => config });
  const response = await createProxy(deps).handle(proxyRequest('/v1/embeddings', { model: 'both' }));
  assert.equal(response.status, 400);
  assert.match(
    await textOf(response),
    /No target of the alias \\"both\\" speaks the openai API.*Add a target of an openai provider/,
  );
});

test('a provider that is down, silent or not allowed', async () => {
  const body = { model: 'gpt-test' };
  const down = await refused(body, {}, {}, new UpstreamFailed('refused', 'x', 'ECONNREFUSED'));
  assert.deepEqual(short(down), [502, 'api_error', 'upstream_unreachable', 'api_error', undefined]);
  assert.match(down.openai.message ?? '', /openai could not be reached at api\.openai\.com \(ECONNREFUSED\)/);
  const silent = await refused(body, {}, {}, new UpstreamFailed('timeout', 'x', 'UND_ERR_HEADERS_TIMEOUT'));
  assert.deepEqual(short(silent), [504, 'timeout', 'upstream_timeout', 'timeout_error', undefined]);
  const forbidden = await refused(body, {}, {}, new UpstreamFailed('forbidden', 'x'));
  assert.deepEqual(short(forbidden), [502, 'api_error', 'upstream_not_allowed', 'api_error', 'false']);
});

test('a client may shorten the wait, and nothing else', async () => {
  const upstream = scriptedUpstream(jsonReply({ model: 'gpt-test' }));
  const { deps } = proxyDouble(upstream.send);
  const proxy = createProxy(deps);
  for (const [name, value] of [
    ['x-tollgate-timeout-ms', '1500'],
    ['x-stainless-timeout', '30'],
    ['x-litellm-timeout', '2'],
    ['x-tollgate-timeout-ms', '9999999'],
    ['x-tollgate-timeout-ms', 'soon'],
  ] as const)
    await proxy.handle(
      proxyRequest(
        '/v1/chat/completions',
        { model: 'gpt-test' },
        {
          headers: [
            ['authorization', 'k'],
            [name, value],
          ],
        },
      ),
    );
  assert.deepEqual(
    upstream.asked.map(({ timeouts }) => timeouts.firstByteMs),
    [1500, 30_000, 2000, 600_000, 600_000],
  );
});

test('a defect of ours is 500 with the id of the call, and what it says stays out of answer and log', async () => {
  const double = proxyDouble(scriptedUpstream(jsonReply({})).send, {
    limits: {
      admit() {
        throw new Error('secret prompt text');
      },
    },
  });
  const response = await createProxy(double.deps).handle(proxyRequest('/v1/chat/completions', { model: 'm' }));
  const text = await textOf(response);
  assert.equal(response.status, 500);
  assert.match(text, /internal_error/);
  assert.equal(text.includes('secret') || double.logged.join().includes('secret'), false);
  assert.match(double.logged.join(), /call id1 failed: Error at /);
});

test('limits: refused calls cost no request; admitted ones are settled with what they cost', async () => {
  const blocked = await refused(
    { model: 'gpt-test' },
    {
      limits: { admit: () => ({ kind: 'refused', status: 402, code: 'budget_exceeded', message: 'Over.' }) },
    },
  );
  assert.deepEqual(short(blocked), [402, 'budget_exceeded', 'budget_exceeded', 'billing_error', 'false']);

  const asked: LimitedCall[] = [];
  const settled: number[] = [];
  const reply = { model: 'gpt-test', usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 } };
  const upstream = scriptedUpstream(jsonReply(reply));
  const double = proxyDouble(upstream.send, {
    limits: {
      admit(call) {
        asked.push(call);
        return {
          kind: 'admitted',
          bytes: Buffer.from('{"model":"gpt-test","max_tokens":5}'),
          headers: [['x-tollgate-truncated', 'dropped=1']],
          settle: (picoUsd) => settled.push(picoUsd),
        };
      },
    },
  });
  const headers = [
    ['authorization', 'k'],
    ['x-tollgate-max-cost-usd', '0.5'],
  ] as const;
  const response = await createProxy(double.deps).handle(
    proxyRequest('/v1/chat/completions', { model: 'gpt-test' }, { headers }),
  );
  assert.equal(header(response, 'x-tollgate-truncated'), 'dropped=1');
  assert.equal(Buffer.from(upstream.asked[0]?.body as Uint8Array).toString(), '{"model":"gpt-test","max_tokens":5}');
  assert.deepEqual([asked[0]?.targets[0], asked[0]?.maxCostUsd], [{ provider: 'openai', model: 'gpt-test' }, 0.5]);
  assert.deepEqual(settled, [13_000_000]);
});

test('personal data in metadata is refused where the workspace says so, and never echoed', async () => {
  const config = testConfig({ attribution: { tags: ['team'], pii: 'reject' } });
  const headers = [
    ['authorization', 'k'],
    ['x-tollgate-tags', 'team=jane@example.org'],
  ] as const;
  const answer = await refused({ model: 'm' }, { configOf: () => config }, { headers });
  assert.deepEqual(short(answer), [
    400,
    'invalid_request_error',
    'pii_in_metadata',
    'invalid_request_error',
    undefined,
  ]);
  assert.equal(answer.openai.message?.includes('jane'), false);
  assert.match(answer.openai.message ?? '', /"team".*email/);
});

test('auto without a route that matches names the remedy', async () => {
  const config = testConfig({ routes: [{ name: 'r', match: { task: 'x' }, use: 'a' }] });
  assert.deepEqual(short(await refused({ model: 'auto' }, { configOf: () => config })).slice(0, 3), [
    400,
    'invalid_request_error',
    'no_route',
  ]);
});
