import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../../src/config/config.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { ProxyDeps } from '../../../src/proxy/deps.ts';
import type { HeaderPairs, ProxyRequest, UpstreamRequest } from '../../../src/proxy/exchange.ts';
import {
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  scriptedUpstream,
  testConfig,
  textOf,
} from '../../support/proxyDeps.ts';

const client: HeaderPairs = [
  ['content-type', 'application/json'],
  ['authorization', 'Bearer sk-client'],
];
const keyless: HeaderPairs = [['content-type', 'application/json']];

const config: Config = testConfig({
  providers: {
    openai: { dialect: 'openai', baseUrl: 'https://api.openai.com/v1', apiKey: { kind: 'secret', name: 'openai' } },
    anthropic: { dialect: 'anthropic', baseUrl: 'https://api.anthropic.com', apiKey: { kind: 'env', name: 'ANT_KEY' } },
    groq: { dialect: 'openai', baseUrl: 'https://api.groq.com/openai/v1', apiKey: { kind: 'secret', name: 'groq' } },
    bare: { dialect: 'openai', baseUrl: 'https://llm.example.org/v1' },
    local: { dialect: 'openai', baseUrl: 'http://127.0.0.1:11434/v1' },
    demo: { dialect: 'openai', baseUrl: 'demo:' },
  },
  aliases: Object.fromEntries(
    (['openai', 'groq', 'bare', 'local', 'demo'] as const).map((provider) => [
      `to-${provider}`,
      {
        targets: [{ provider, model: 'm' }],
        onOverflow: 'error',
        fallback: { on: [], maxAttempts: 1, deadlineMs: 1000 },
      },
    ]),
  ),
});

interface Asked {
  readonly status: number;
  readonly message: string;
  readonly request: UpstreamRequest | undefined;
}

async function ask(
  model: string,
  changes: Partial<ProxyRequest> = {},
  path = '/v1/chat/completions',
  deps: Partial<ProxyDeps> = {},
): Promise<Asked> {
  const upstream = scriptedUpstream(jsonReply({ ok: true }));
  const keys = new Map([
    ['secret:openai', 'sk-stored-openai'],
    ['secret:groq', 'gsk-stored'],
    ['env:ANT_KEY', 'sk-ant-stored'],
  ]);
  const { deps: all } = proxyDouble(upstream.send, {
    configOf: () => config,
    keyOf: (_workspace, { kind, name }) => keys.get(`${kind}:${name}`),
    ...deps,
  });
  const response = await createProxy(all).handle(proxyRequest(path, { model, messages: [] }, changes));
  const text = await textOf(response);
  return { status: response.status, message: text, request: upstream.asked[0] };
}

const credentials = ({ request }: Asked): HeaderPairs =>
  (request?.headers ?? []).filter(([name]) => /authorization|api-key/i.test(name));

test('the client’s own key goes to the provider it was meant for, stored key or not', async () => {
  const asked = await ask('gpt-4o', { headers: client, tokenInHeader: true });
  assert.deepEqual(credentials(asked), [['authorization', 'Bearer sk-client']]);
  assert.deepEqual(credentials(await ask('to-openai', { headers: client })), [['authorization', 'Bearer sk-client']]);
  assert.deepEqual(credentials(await ask('m', { headers: client }, '/p/groq/v1/chat/completions')), [
    ['authorization', 'Bearer sk-client'],
  ]);
});

test('a client’s key never goes to another provider: an alias takes the stored one', async () => {
  const asked = await ask('to-groq', { headers: client, tokenInHeader: true });
  assert.equal(asked.request?.url, 'https://api.groq.com/openai/v1/chat/completions');
  assert.deepEqual(credentials(asked), [['authorization', 'Bearer gsk-stored']]);
});

test('a token in the path never unlocks a stored key', async () => {
  for (const [model, headers] of [
    ['to-groq', client],
    ['gpt-4o', keyless],
  ] as const) {
    const asked = await ask(model, { headers, tokenInHeader: false });
    assert.equal(asked.status, 401);
    assert.match(asked.message, /token comes as a header/);
    assert.equal(asked.request, undefined);
  }
});

test('stored keys are used where the token came as a header and the client has no key', async () => {
  const headers = keyless;
  assert.deepEqual(credentials(await ask('gpt-4o', { headers, tokenInHeader: true })), [
    ['authorization', 'Bearer sk-stored-openai'],
  ]);
  assert.deepEqual(credentials(await ask('claude', { headers, tokenInHeader: true }, '/v1/messages')), [
    ['x-api-key', 'sk-ant-stored'],
  ]);
});

test('every kind of the client’s credentials is taken out for another provider', async () => {
  const headers: HeaderPairs = [...client, ['X-Api-Key', 'a'], ['api-key', 'b'], ['x-goog-api-key', 'c']];
  assert.deepEqual(credentials(await ask('to-local', { headers })), []);
  assert.deepEqual(credentials(await ask('to-demo', { headers })), []);
});

test('this machine and the demo need no key', async () => {
  assert.equal(
    (await ask('to-local', { headers: keyless })).request?.url,
    'http://127.0.0.1:11434/v1/chat/completions',
  );
  assert.equal((await ask('to-demo', { headers: keyless })).request?.url, 'demo:/v1/chat/completions');
});

test('a missing key is 401 with the remedy, and no request', async () => {
  const keyOf = (): undefined => undefined;
  const cases: readonly (readonly [Promise<Asked>, RegExp])[] = [
    [
      ask('gpt-4o', { headers: keyless, tokenInHeader: true }, undefined, { keyOf }),
      /Set OPENAI_API_KEY .* “Tollgate: Set Provider Key”/,
    ],
    [
      ask('c', { headers: keyless, tokenInHeader: true }, '/messages', { keyOf }),
      /ANTHROPIC_API_KEY .* variable ANT_KEY/,
    ],
    [
      ask('to-bare', { headers: client, tokenInHeader: true }),
      /client's own key is only for .* providers\.bare\.apiKey/,
    ],
    [ask('m', { headers: keyless }, '/p/bare/v1/chat/completions'), /Set OPENAI_API_KEY .*env:NAME/],
  ];
  for (const [asking, message] of cases) {
    const asked = await asking;
    assert.equal(asked.status, 401);
    assert.match(asked.message, message);
    assert.equal(asked.request, undefined);
  }
});

test('a base URL the user has confirmed is the provider’s upstream', async () => {
  const confirmedUpstream = (_workspace: string, provider: string): string | undefined =>
    provider === 'openai' ? 'http://localhost:4000/v1/' : undefined;
  const headers: HeaderPairs = [...client, ['x-portkey-metadata', '{}'], ['x-tollgate-feature', 'f']];
  const asked = await ask('gpt-4o', { headers }, '/v1/chat/completions', { confirmedUpstream });
  assert.equal(asked.request?.url, 'http://localhost:4000/v1/chat/completions');
  assert.deepEqual(asked.request?.headers, [...client, ['x-portkey-metadata', '{}']]);
});

test('an unknown provider is named with those there are', async () => {
  const asked = await ask('m', {}, '/p/grok/v1/chat/completions');
  assert.equal(asked.status, 404);
  assert.match(asked.message, /no provider \\"grok\\".*openai, anthropic, groq/);
});

test('header order and case survive; hop-by-hop headers and ours do not', async () => {
  const headers: HeaderPairs = [
    ['Host', '127.0.0.1:4000'],
    ['X-Tollgate-Tags', 'env=dev'],
    ['Accept', 'application/json'],
    ['Connection', 'keep-alive, X-Hop'],
    ['X-Hop', '1'],
    ['Content-Length', '3'],
    ['helicone-property-env', 'dev'],
    ['X-Stainless-Lang', 'js'],
    ['traceparent', '00-1'],
    ['accept-encoding', 'gzip, deflate'],
    ['Authorization', 'Bearer sk-client'],
  ];
  assert.deepEqual((await ask('gpt-4o', { headers })).request?.headers, [
    ['Accept', 'application/json'],
    ['X-Stainless-Lang', 'js'],
    ['traceparent', '00-1'],
    ['accept-encoding', 'gzip, deflate'],
    ['Authorization', 'Bearer sk-client'],
  ]);
});

test('control headers that contradict each other, and any other upstream, are refused', async () => {
  const refused = async (more: HeaderPairs, body: object = {}): Promise<string> => {
    const upstream = scriptedUpstream(jsonReply({}));
    const { deps } = proxyDouble(upstream.send);
    const response = await createProxy(deps).handle(
      proxyRequest('/v1/chat/completions', { model: 'm', ...body }, { headers: [...client, ...more] }),
    );
    assert.equal(upstream.asked.length, 0);
    assert.equal(header(response, 'x-tollgate-error-origin'), 'proxy');
    const value: { error: { code: string } } = JSON.parse(await textOf(response));
    return `${response.status} ${value.error.code}`;
  };
  const twice: HeaderPairs = [
    ['x-tollgate-user', 'a'],
    ['X-Tollgate-User', 'b'],
  ];
  assert.equal(await refused(twice), '400 contradictory_header');
  assert.equal(await refused([['x-portkey-custom-host', 'http://evil']]), '400 upstream_not_allowed');
  assert.equal(await refused([['Helicone-Target-URL', 'http://evil']]), '400 upstream_not_allowed');
  assert.equal(await refused([], { api_base: 'http://evil' }), '400 upstream_not_allowed');
  assert.equal(await refused([], { base_url: 'http://evil' }), '400 upstream_not_allowed');
});

test('a path with dot segments is refused, in any spelling', async () => {
  for (const path of ['/v1/../admin', '/v1/%2e%2E/admin', '/p/openai/./x', '/v1/files/..']) {
    const asked = await ask('m', { headers: client }, path);
    assert.equal(asked.status, 400, path);
    assert.equal(asked.request, undefined);
  }
  assert.equal((await ask('m', { headers: client }, '/v1/files/a..b?x=../y')).status, 200);
});
