import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { test } from 'node:test';
import type { HeaderPairs, ProxyResponse, UpstreamRequest } from '../../../src/proxy/exchange.ts';
import { type ClosableUpstream, createUndiciUpstream } from '../../../src/proxy/undiciUpstream.ts';
import { listenAsProvider, realUpstream } from '../../support/listen.ts';
import { bytesOf, textOf } from '../../support/proxyDeps.ts';

interface Tried {
  readonly url: string;
  readonly upstream: ClosableUpstream;
  send(request?: Partial<UpstreamRequest>): Promise<ProxyResponse>;
}

async function against(answer: RequestListener, use: (tried: Tried) => Promise<void>): Promise<void> {
  const provider = await listenAsProvider(answer);
  const upstream = realUpstream();
  const send = (request: Partial<UpstreamRequest> = {}): Promise<ProxyResponse> =>
    upstream.send({
      method: 'POST',
      url: `${provider.url}/v1/x`,
      headers: [],
      body: undefined,
      signal: new AbortController().signal,
      timeouts: { firstByteMs: 10_000, idleMs: 10_000 },
      ...request,
    });
  try {
    await use({ url: provider.url, upstream, send });
  } finally {
    await upstream.close();
    await provider.close();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}

const failsAs = (failure: string) => ({ name: 'UpstreamFailed', failure });

test('method, path, headers and body arrive as they were given', async () => {
  const echo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.end(JSON.stringify([request.method, request.url, request.rawHeaders, await bodyOf(request)]));
  };
  await against(
    (request, response) => void echo(request, response),
    async ({ url, send }) => {
      const headers: HeaderPairs = [
        ['X-Case', 'Ä'],
        ['x-twice', '1'],
        ['x-twice', '2'],
      ];
      const response = await send({
        url: `${url}/v1/a%2Fb/../c?q=ü`.replace('ü', '%C3%BC'),
        headers,
        body: Buffer.from('hé'),
      });
      const [method, path, raw, body] = JSON.parse(await textOf(response));
      assert.deepEqual([method, path, body], ['POST', '/v1/a%2Fb/../c?q=%C3%BC', 'hé']);
      assert.deepEqual(raw.slice(raw.indexOf('X-Case'), raw.indexOf('X-Case') + 6), [
        'X-Case',
        'Ä',
        'x-twice',
        '1',
        'x-twice',
        '2',
      ]);
      assert.equal(raw[raw.findIndex((name: string) => name.toLowerCase() === 'content-length') + 1], '3');

      const pieces = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from('a');
        yield Buffer.from('b');
      };
      assert.equal(JSON.parse(await textOf(await send({ body: pieces() })))[3], 'ab');
      assert.equal(JSON.parse(await textOf(await send({ method: 'GET' })))[0], 'GET');
    },
  );
});

test('status, headers and bytes of the answer come as they are; redirects and codings are not followed', async () => {
  await against(
    (_request, response) => {
      response.writeHead(307, { Location: 'http://127.0.0.1:1/', 'Content-Encoding': 'gzip', 'X-A': ['1', '2'] });
      response.end(Buffer.from([0x1f, 0x8b, 0]));
    },
    async ({ send }) => {
      const response = await send();
      assert.equal(response.status, 307);
      assert.deepEqual(response.headers.slice(0, 4), [
        ['Location', 'http://127.0.0.1:1/'],
        ['Content-Encoding', 'gzip'],
        ['X-A', '1'],
        ['X-A', '2'],
      ]);
      assert.deepEqual([...(await bytesOf(response))], [0x1f, 0x8b, 0]);
    },
  );
});

test('an interim answer is not the answer', async () => {
  await against(
    (_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.end('done');
    },
    async ({ send }) => {
      const response = await send();
      assert.deepEqual([response.status, await textOf(response)], [200, 'done']);
    },
  );
});

test('a flood of small chunks loses and reorders nothing', async () => {
  const sent = Array.from({ length: 20_000 }, (_, index) => `data: ${index}\n\n`);
  await against(
    (_request, response) => {
      for (const piece of sent) response.write(piece);
      response.end();
    },
    async ({ send }) => assert.equal(await textOf(await send()), sent.join('')),
  );
});

test('a reader that lags stops the sender, and gets everything in the end', async () => {
  const size = 12 * 1024 * 1024;
  await against(
    (_request, response) => void response.end(Buffer.alloc(size, 'x')),
    async ({ send }) => {
      const response = await send();
      assert.ok(!(response.body instanceof Uint8Array));
      let largest = 0;
      let read = 0;
      for await (const piece of response.body) {
        await new Promise((resolve) => setImmediate(resolve));
        largest = Math.max(largest, piece.byteLength);
        read += piece.byteLength;
      }
      assert.equal(read, size);
      assert.ok(largest < 4 * 1024 * 1024, String(largest));
    },
  );
});

test('a connection that breaks before or within the answer fails as a reset', async () => {
  await against(
    (request) => request.socket.destroy(),
    ({ send }) => assert.rejects(send(), failsAs('reset')),
  );
  await against(
    (_request, response) => {
      response.write('begun');
      setImmediate(() => response.socket?.destroy());
    },
    async ({ send }) => assert.rejects(async () => bytesOf(await send()), failsAs('reset')),
  );
  await against(
    (_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('12345');
      setImmediate(() => response.socket?.end());
    },
    async ({ send }) => assert.rejects(async () => bytesOf(await send()), failsAs('reset')),
  );
});

test('silence fails as a timeout, before the answer and within it', async () => {
  const timeouts = { firstByteMs: 50, idleMs: 50 };
  await against(
    () => undefined,
    ({ send }) => assert.rejects(send({ timeouts }), failsAs('timeout')),
  );
  await against(
    (_request, response) => void response.write('begun'),
    async ({ send }) => assert.rejects(async () => bytesOf(await send({ timeouts })), failsAs('timeout')),
  );
});

test('an abort and a reader that leaves both close the connection', async () => {
  let closed = 0;
  const begun: () => void = () => {};
  const answer: RequestListener = (_request, response) => {
    response.on('close', () => closed++);
    response.write('begun');
    begun();
  };
  await against(answer, async ({ send }) => {
    const gone = new AbortController();
    const response = await send({ signal: gone.signal });
    const reading = bytesOf(response);
    gone.abort();
    await assert.rejects(reading, failsAs('aborted'));

    const left = await send();
    assert.ok(!(left.body instanceof Uint8Array));
    for await (const piece of left.body) {
      assert.equal(Buffer.from(piece).toString(), 'begun');
      break;
    }

    const before = new AbortController();
    before.abort();
    await assert.rejects(send({ signal: before.signal }), failsAs('aborted'));
  });
  assert.equal(closed, 2);
});

test('who cannot be reached is refused; plain http beyond this machine is forbidden unless it was meant', async () => {
  const upstream = createUndiciUpstream({
    connectTimeoutMs: 2000,
    maxConnections: 2,
    allowsPlainHttp: ({ hostname }) => hostname === 'gateway.invalid',
  });
  const send = (url: string): Promise<ProxyResponse> =>
    upstream.send({
      method: 'GET',
      url,
      headers: [],
      body: undefined,
      signal: new AbortController().signal,
      timeouts: { firstByteMs: 1000, idleMs: 1000 },
    });
  await assert.rejects(send('http://127.0.0.1:1/'), failsAs('refused'));
  await assert.rejects(send('https://nowhere.invalid/'), failsAs('refused'));
  await assert.rejects(send('http://gateway.invalid/'), failsAs('refused'));
  for (const url of [
    'http://nowhere.invalid/',
    'http://10.0.0.1/',
    'http://127.0.0.1.nip.invalid/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'x',
  ])
    await assert.rejects(send(url), failsAs('forbidden'), url);
  await upstream.close();
});
