import assert from 'node:assert/strict';
import { type IncomingMessage, request as openRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { HeaderPairs } from '../../../src/proxy/exchange.ts';
import { type ExchangeCase, meteredCases, passedCases } from '../../support/exchangeCases.ts';
import { type ListeningProxy, type ListeningServer, listenAsProvider, listenAsProxy } from '../../support/listen.ts';
import { testConfig } from '../../support/proxyDeps.ts';

/** What one side of an exchange has seen, as it was on the wire. */
interface Seen {
  readonly start: string;
  readonly headers: HeaderPairs;
  readonly framing: string;
  readonly body: string;
}

/** RFC 9110 7.6.1, ours, and what frames a body, which is looked at by itself. */
const ofOneHop = /^(?:connection|keep-alive|transfer-encoding|content-length|host|x-tollgate-.*|x-cache)$/i;

/** What a call has cost, after the last event of its stream. */
const ourComment = /: x-tollgate \{[^\n]*\}\n\n$/;

async function seen(start: string, message: IncomingMessage, host = ''): Promise<Seen> {
  const raw = message.rawHeaders;
  const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
  const pieces: Uint8Array[] = [];
  for await (const piece of message) pieces.push(piece);
  const body = Buffer.concat(pieces).toString('latin1');
  const length = message.headers['content-length'];
  const coding = message.headers['transfer-encoding'];
  return {
    start: `${start} ${host}`,
    headers: pairs.filter(([name]) => !ofOneHop.test(name)),
    // Nothing is nothing, whether its length is 0, not said, or that of no chunks: each hop frames for itself.
    framing: body === '' && (length ?? '0') === '0' ? 'empty' : (coding ?? length ?? 'untilClosed'),
    body: body.replace(ourComment, ''),
  };
}

describe('a request through the proxy and one sent directly are the same on both sides', () => {
  let provider: ListeningServer;
  let proxy: ListeningProxy;
  let current: ExchangeCase;
  let received: Seen | undefined;

  before(async () => {
    provider = await listenAsProvider(async (request, response) => {
      const { status = 200, answerHeaders = [], answer: pieces = [] } = current;
      received = await seen(`${request.method} ${request.url}`, request, request.headers.host);
      response.writeHead(status, [...answerHeaders, ['Date', 'Tue, 24 Nov 2026 00:00:00 GMT']].flat());
      for (const piece of pieces) await new Promise((resolve) => response.write(piece, resolve));
      response.end();
    });
    const openai = { dialect: 'openai', baseUrl: `${provider.url}/v1` } as const;
    proxy = await listenAsProxy(testConfig({ providers: { openai } }));
  });
  after(async () => {
    await proxy.close();
    await provider.close();
  });

  const exchange = async (base: string): Promise<{ sent: Seen; answered: Seen }> => {
    const { host, hostname, port, pathname } = new URL(base);
    const { method, path, headers = [], body } = current;
    received = undefined;
    const pairs = [['Host', host], ['Authorization', 'Bearer sk-client'], ...headers].flat();
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = openRequest({
        hostname,
        port,
        method,
        path: `${pathname}${path}`,
        headers: pairs,
        agent: false,
      });
      outgoing.on('response', resolve).on('error', reject);
      for (const piece of body ?? []) outgoing.write(piece);
      outgoing.end();
    });
    const answered = await seen(String(message.statusCode), message);
    return { sent: received ?? assert.fail('nothing came'), answered };
  };

  for (const { kind, cases } of [
    { kind: 'passed through', cases: passedCases },
    { kind: 'metered', cases: meteredCases },
  ])
    for (const one of cases)
      test(`${kind}: ${one.name}`, { timeout: 20_000 }, async () => {
        current = one;
        const direct = await exchange(`${provider.url}/v1`);
        const before = proxy.recorded.length;
        const proxied = await exchange(`${proxy.baseUrl}/v1`);
        await proxy.settled();
        assert.deepEqual(proxied.sent, direct.sent);
        const length = String(Buffer.byteLength(direct.answered.body, 'latin1'));
        const expected = one.isReadWhole === true ? { ...direct.answered, framing: length } : direct.answered;
        assert.deepEqual(proxied.answered, expected);
        assert.deepEqual(
          proxy.recorded.slice(before).map(({ call }) => call.metered),
          [kind === 'metered'],
        );
      });
});
