import assert from 'node:assert/strict';
import { type IncomingMessage, type RequestListener, request } from 'node:http';
import { createServer, type LookupFunction } from 'node:net';
import { describe, test } from 'node:test';
import type { Config } from '../../../../src/config/config.ts';
import { defaultConfig } from '../../../../src/config/defaultConfig.ts';
import { parseConfigFile } from '../../../../src/config/parseConfigFile.ts';
import { resolveConfig } from '../../../../src/config/resolveConfig.ts';
import type { UpstreamRequest } from '../../../../src/proxy/exchange.ts';
import { isForbiddenHost } from '../../../../src/proxy/guardedLookup.ts';
import { createUndiciUpstream } from '../../../../src/proxy/undiciUpstream.ts';
import { UpstreamFailed } from '../../../../src/proxy/upstreamFailed.ts';
import { batchFetch } from '../../../../src/service/batchFetch.ts';
import { type ListeningProxy, listenAsProvider, listenAsProxy } from '../../../support/listen.ts';
import { fallbackOnEverything, testConfig } from '../../../support/proxyDeps.ts';

interface Asked {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** A provider and somebody else, both listening; the proxy knows the first as `openai`, and as `other` under an alias. */
async function withTwoServers(
  answer: (elsewhere: string) => RequestListener,
  use: (proxy: ListeningProxy, asked: Asked[], elsewhere: { url: string; asked: Asked[] }) => Promise<void>,
): Promise<void> {
  const asked: Asked[] = [];
  const askedElsewhere: Asked[] = [];
  const elsewhere = await listenAsProvider((request, response) => {
    askedElsewhere.push({ url: request.url ?? '', headers: request.headers });
    response.end('{}');
  });
  const answerHere = answer(elsewhere.url);
  const provider = await listenAsProvider((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    answerHere(request, response);
  });
  const baseUrl = `${provider.url}/v1`;
  const config: Config = testConfig({
    providers: { openai: { dialect: 'openai', baseUrl }, other: { dialect: 'openai', baseUrl } },
    aliases: {
      other: { targets: [{ provider: 'other', model: 'm' }], onOverflow: 'error', fallback: fallbackOnEverything },
    },
  });
  const proxy = await listenAsProxy(config);
  try {
    await use(proxy, asked, { url: elsewhere.url, asked: askedElsewhere });
  } finally {
    await proxy.close();
    await provider.close();
    await elsewhere.close();
  }
}

const ok: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"model":"m"}');
};

const post = (url: string, headers: Readonly<Record<string, string>> = {}, body: object = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-canary', ...headers },
    body: JSON.stringify({ model: 'm', messages: [], ...body }),
    redirect: 'manual',
  });

/** Spellings of addresses where no provider can be, as `URL` reads them. */
const never = [
  'https://169.254.169.254/latest/meta-data',
  'https://2852039166/',
  'https://0xa9.0xfe.0xa9.0xfe/',
  'https://0251.0376.0251.0376/',
  'https://169.254.170.2/v2/credentials',
  'https://169.254.1.1:8443/',
  'https://100.100.100.200/',
  'https://0.0.0.0/',
  'https://0/',
  'https://255.255.255.255/',
  'https://224.0.0.1/',
  'https://[fe80::1]/',
  'https://[::]/',
  'https://[::ffff:169.254.169.254]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[fd00:ec2::254]/',
  'https://[64:ff9b::169.254.169.254]/',
  'https://[ff02::1]/',
];
/** Refused in a configuration already, whoever wrote it. */
const notConfigurable = [
  'http://169.254.169.254/',
  'http://10.0.0.1/v1',
  'http://192.168.1.1',
  'http://127.0.0.1.nip.io/',
  'http://localhost.evil.example/',
  'http://0.0.0.0:11434/v1',
  'http://api.openai.com/v1',
  'https://user:secret@api.openai.com/v1',
  'https://api.openai.com/v1?key=x',
  'https://api.openai.com/v1#@evil.example',
  'file:///etc/passwd',
  'ftp://127.0.0.1/',
  'gopher://127.0.0.1/',
  'unix:/var/run/docker.sock',
  'data:application/json,{}',
  'javascript:0',
  'demo:evil',
  '//evil.example',
  'evil.example',
  '',
];

describe('where requests go', () => {
  const send = (url: string, lookup?: LookupFunction): Promise<unknown> => {
    const upstream = createUndiciUpstream({
      connectTimeoutMs: 1000,
      maxConnections: 1,
      allowsPlainHttp: () => true,
      ...(lookup === undefined ? {} : { lookup }),
    });
    const request: UpstreamRequest = {
      method: 'GET',
      url,
      headers: [['authorization', 'Bearer sk-canary']],
      body: undefined,
      signal: new AbortController().signal,
      timeouts: { firstByteMs: 1000, idleMs: 1000 },
    };
    return upstream.send(request).finally(() => upstream.close());
  };
  const isForbidden = (error: unknown): boolean => error instanceof UpstreamFailed && error.failure === 'forbidden';

  test('S10: link-local and metadata addresses are refused in every spelling, also where plain http is allowed', async () => {
    for (const url of never) {
      assert.ok(isForbiddenHost(new URL(url).hostname), url);
      await assert.rejects(send(url), isForbidden, url);
      await assert.rejects(send(url.replace('https:', 'http:')), isForbidden, url);
    }
    for (const host of [
      'api.openai.com',
      '127.0.0.1',
      '[::1]',
      '10.0.0.1',
      '8.8.8.8',
      '[2606:4700::1]',
      '169.254.example',
    ])
      assert.equal(isForbiddenHost(host), false, host);
  });

  const answering =
    (...addresses: readonly string[]): LookupFunction =>
    (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  test('S10: a name that leads to such an address is refused when it is connected to', async () => {
    for (const address of ['169.254.169.254', 'fe80::1', '0.0.0.0', '::ffff:169.254.169.254', '100.100.100.200'])
      await assert.rejects(send('http://rebound.example/', answering(address)), isForbidden, address);
    await assert.rejects(send('http://localhost:11434/', answering('203.0.113.7')), isForbidden);
  });

  test('S10: of several addresses those that are allowed are connected to, and are not asked for again', async () => {
    const provider = await listenAsProvider(ok);
    const { port } = new URL(provider.url);
    let asked = 0;
    const lookup: LookupFunction = (name, options, callback) => {
      asked += 1;
      answering(...(asked === 1 ? ['169.254.169.254', '127.0.0.1'] : ['169.254.169.254']))(name, options, callback);
    };
    await send(`http://rebound.example:${port}/`, lookup);
    assert.equal(asked, 1);
    await provider.close();
  });

  test('S10: a configuration cannot name such an upstream, in a trusted workspace or in the user’s settings', () => {
    for (const baseUrl of notConfigurable)
      for (const kind of ['workspace', 'user'] as const) {
        const text = JSON.stringify({ version: 1, providers: { openai: { dialect: 'openai', baseUrl } } });
        const parsed = parseConfigFile(text, kind);
        const { config } = resolveConfig([parsed.layer], { trusted: true });
        assert.ok(
          parsed.problems.some(({ severity }) => severity === 'error'),
          `${kind} ${baseUrl}`,
        );
        assert.equal(config.providers.openai?.baseUrl, defaultConfig.providers.openai?.baseUrl, baseUrl);
      }
  });

  test('S10: no header, field, path or query of a request chooses the upstream', async () => {
    await withTwoServers(
      () => ok,
      async (proxy, asked, elsewhere) => {
        const { host } = new URL(elsewhere.url);
        const headers = [
          'x-portkey-custom-host',
          'helicone-target-url',
          'helicone-openai-api-base',
          'x-litellm-api-base',
          'x-tollgate-base-url',
          'x-tollgate-upstream',
          'x-forwarded-host',
          'x-original-url',
          'x-rewrite-url',
          'forwarded',
          'base-url',
        ];
        for (const name of headers)
          for (const path of ['/v1/chat/completions', '/v1/other'])
            await post(`${proxy.baseUrl}${path}`, { [name]: name === 'forwarded' ? `host=${host}` : elsewhere.url });
        for (const field of [
          'api_base',
          'base_url',
          'apiBase',
          'baseUrl',
          'api_url',
          'endpoint',
          'custom_host',
          'host',
        ])
          await post(`${proxy.baseUrl}/v1/chat/completions`, {}, { [field]: elsewhere.url });
        for (const path of [
          `//${host}/v1/chat/completions`,
          `/p/${host}/v1/chat/completions`,
          `/p/${encodeURIComponent(elsewhere.url)}/v1/models`,
          `/@${host}/v1`,
          `/v1@${host}/`,
          `/v1/models?base_url=${elsewhere.url}`,
          `/${elsewhere.url}`,
          `/\\${host}/`,
        ])
          await post(`${proxy.baseUrl}${path}`);
        for (const model of [`${elsewhere.url}/m`, `openai/${elsewhere.url}`, `//${host}/m`, `@${host}`])
          await post(`${proxy.baseUrl}/v1/chat/completions`, {}, { model });
        assert.ok(asked.length > 10, 'what says nothing to us went to the provider');
        assert.deepEqual(elsewhere.asked, []);
      },
    );
  });

  test('S10: a redirect is the client’s to see, and nothing is sent after it', async () => {
    for (const status of [301, 302, 303, 307, 308])
      await withTwoServers(
        (elsewhere) => (_request, response) => void response.writeHead(status, { location: `${elsewhere}/x` }).end(),
        async (proxy, asked, elsewhere) => {
          for (const path of ['/v1/chat/completions', '/v1/files'])
            assert.equal((await post(`${proxy.baseUrl}${path}`)).status, status);
          assert.equal((await fetch(`${proxy.baseUrl}/v1/models`)).status, 200, 'a list of models is ours alone then');
          await proxy.settled();
          assert.equal(asked.length, 3);
          assert.deepEqual(elsewhere.asked, []);
        },
      );
  });

  test('S10: batch jobs follow no redirect, and go neither to Tollgate nor to a link-local address', async () => {
    await withTwoServers(
      (elsewhere) => (_request, response) => void response.writeHead(307, { location: `${elsewhere}/x` }).end(),
      async (proxy, _asked, elsewhere) => {
        const provider = await listenAsProvider((_request, response) =>
          response.writeHead(307, { location: `${elsewhere.url}/x` }).end(),
        );
        const send = batchFetch(provider.url, 1, fetch);
        const init = { method: 'POST', headers: { authorization: 'Bearer sk-canary' }, body: 'prompts' };
        await assert.rejects(send(`${provider.url}/v1/files`, init), TypeError);
        assert.deepEqual(elsewhere.asked, []);
        await provider.close();
        const never: typeof fetch = () => assert.fail('sent');
        for (const [baseUrl, port] of [
          [proxy.baseUrl, Number(new URL(proxy.baseUrl).port)],
          ['https://169.254.169.254/v1', 1],
          ['nothing', 1],
        ] as const)
          assert.equal((await batchFetch(baseUrl, port, never)(baseUrl)).status, 400);
      },
    );
  });
});

describe('what goes along', () => {
  test('S12: nothing that tells who the client is goes to a provider it did not mean: header, cookie or query', async () => {
    await withTwoServers(
      () => ok,
      async (proxy, asked) => {
        const secrets = {
          authorization: 'Bearer sk-canary',
          'x-api-key': 'canary',
          'api-key': 'canary',
          'x-goog-api-key': 'canary',
          cookie: 'session=canary',
          'helicone-auth': 'Bearer canary',
          'cf-aig-authorization': 'Bearer canary',
          'x-portkey-api-key': 'canary',
          'x-amz-security-token': 'canary',
          'openai-organization': 'org-canary',
          'OpenAI-Project': 'canary',
        };
        const query = '?key=canary&beta=true&%6bey=canary&api_key=canary&access_token=canary';
        await post(
          `${proxy.baseUrl}/v1/chat/completions${query}`,
          { ...secrets, 'idempotency-key': 'mine' },
          { model: 'other' },
        );
        await post(`${proxy.baseUrl}/v1/chat/completions?key=canary`, secrets);
        const [other, meant] = asked;
        assert.equal(other?.url, '/v1/chat/completions?beta=true');
        assert.doesNotMatch(JSON.stringify(other.headers), /canary/);
        assert.equal(other.headers['idempotency-key'], 'mine');
        assert.equal(meant?.url, '/v1/chat/completions?key=canary', 'the provider that was meant gets all of it');
        for (const name of Object.keys(secrets))
          assert.match(String(meant.headers[name.toLowerCase()]), /canary/, name);
      },
    );
  });

  test('S12: our headers, those of one hop and those that Connection names end here', async () => {
    await withTwoServers(
      () => ok,
      async (proxy, asked) => {
        await new Promise((resolve, reject) => {
          const sent = request(`${proxy.baseUrl}/v1/other`, {
            method: 'POST',
            headers: {
              authorization: 'Bearer sk-canary',
              connection: 'close, x-named',
              'x-named': 'canary',
              te: 'trailers',
              'proxy-authorization': 'canary',
              'keep-alive': 'timeout=5',
              'x-tollgate-user': 'canary',
              'x-tollgate-anything': 'canary',
              'x-litellm-tags': 'canary',
              'x-kept': 'yes',
            },
          });
          sent.on('response', (response) => response.resume().on('end', resolve)).on('error', reject);
          sent.end();
        });
        const { headers } = asked[0] ?? assert.fail();
        assert.deepEqual(Object.keys(headers).sort(), [
          'authorization',
          'connection',
          'content-length',
          'host',
          'x-kept',
        ]);
        assert.equal(headers.connection, 'keep-alive');
      },
    );
  });

  test('S12: an answer cannot add headers of ours, set a cookie or speak for the connection', async () => {
    const answer = [
      'HTTP/1.1 200 OK',
      'content-type: application/json',
      'content-length: 2',
      'set-cookie: a=b',
      'x-tollgate-cost-usd: 0.00',
      'access-control-allow-origin: *',
      'proxy-authenticate: Basic',
      'connection: close',
      '',
      '{}',
    ].join('\r\n');
    const server = createServer(
      (socket) => void socket.on('error', () => socket.destroy()).once('data', () => socket.end(answer)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const baseUrl = `http://127.0.0.1:${port}/v1`;
    const proxy = await listenAsProxy(testConfig({ providers: { openai: { dialect: 'openai', baseUrl } } }));
    try {
      for (const path of ['/v1/other', '/v1/chat/completions']) {
        const { headers } = await post(`${proxy.baseUrl}${path}`);
        for (const name of ['set-cookie', 'proxy-authenticate', 'access-control-allow-origin'])
          assert.equal(headers.get(name), null, `${name} ${path}`);
        assert.notEqual(headers.get('x-tollgate-cost-usd'), '0.00');
      }
    } finally {
      await proxy.close();
      server.close();
    }
  });
});
