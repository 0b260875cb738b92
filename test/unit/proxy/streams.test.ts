import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { ProxyResponse } from '../../../src/proxy/exchange.ts';
import { UpstreamFailed } from '../../../src/proxy/upstreamFailed.ts';
import type { BodyEndpoint } from '../../../src/wire/parsedRequest.ts';
import { createStreamReader } from '../../../src/wire/streamReader.ts';
import {
  bytesOf,
  proxyDouble,
  proxyRequest,
  type Recorded,
  scriptedUpstream,
  sseReply,
  textOf,
} from '../../support/proxyDeps.ts';
import { parsedRequest, wireFixture } from '../../support/wireFixtures.ts';

const streams: readonly (readonly [BodyEndpoint, string, string])[] = [
  ['chat.completions', '/v1/chat/completions', 'chat.sse'],
  ['completions', '/v1/completions', 'completions.sse'],
  ['responses', '/v1/responses', 'responses.sse'],
  ['messages', '/v1/messages', 'messages.sse'],
];

/** The client asks for usage itself, so that nothing has to be hidden. */
const body = { model: 'gpt-test', stream: true, stream_options: { include_usage: true } };

interface Passed {
  readonly bytes: Buffer;
  readonly row: Recorded;
}

async function pass(path: string, answer: ProxyResponse, asked: object = body): Promise<Passed> {
  const { deps, recorded } = proxyDouble(scriptedUpstream(answer).send);
  const proxy = createProxy(deps);
  const bytes = await bytesOf(await proxy.handle(proxyRequest(path, asked)));
  await proxy.settled();
  assert.equal(recorded.length, 1);
  return { bytes, row: recorded[0] ?? assert.fail() };
}

for (const [endpoint, path, name] of streams) {
  const fixture = wireFixture(name);

  test(`${name}: wherever the chunks are cut, the client gets the same bytes and the row the same usage`, async () => {
    const expected = (await pass(path, sseReply([fixture]))).row.attempts[0];
    for (let cut = 1; cut < fixture.length; cut += 29) {
      const { bytes, row } = await pass(path, sseReply([fixture.subarray(0, cut), fixture.subarray(cut)]));
      assert.equal(bytes.subarray(0, fixture.length).equals(fixture), true);
      assert.match(bytes.subarray(fixture.length).toString(), /^: x-tollgate \{"cost_.*\}\n\n$/);
      assert.deepEqual(row.attempts[0]?.usage, expected?.usage);
      assert.equal(row.attempts[0]?.costPicoUsd, expected?.costPicoUsd);
    }
  });

  test(`${name}: cut off anywhere, it ends whole or with an error event of its dialect`, async () => {
    for (let cut = 0; cut < fixture.length; cut += 23) {
      for (const failure of [undefined, new UpstreamFailed('reset', 'x'), new UpstreamFailed('timeout', 'x')]) {
        const { bytes, row } = await pass(path, sseReply([fixture.subarray(0, cut)], failure));
        const reader = createStreamReader(parsedRequest(endpoint, { stream: true }));
        reader.push(bytes);
        assert.notEqual(reader.events.ended, reader.events.error !== undefined, `cut at ${cut}`);
        for (const event of bytes.toString().split('\n\n'))
          if (/^data: [^[]/m.test(event)) assert.doesNotThrow(() => JSON.parse(event.slice(event.indexOf('{'))), event);
        assert.equal(row.attempts[0]?.errorClass, reader.events.ended ? undefined : 'streamIncomplete');
        assert.equal(row.call.status, 200);
      }
    }
  });

  test(`${name}: a client that goes away anywhere leaves a row, and the upstream is told`, async () => {
    for (let pieces = 1; pieces <= 6; pieces++) {
      let released = false;
      const step = Math.ceil(fixture.length / 7);
      const answer: ProxyResponse = {
        status: 200,
        headers: [['content-type', 'text/event-stream']],
        body: (async function* () {
          try {
            for (let at = 0; at < fixture.length; at += step) yield fixture.subarray(at, at + step);
          } finally {
            released = true;
          }
        })(),
      };
      const { deps, recorded } = proxyDouble(scriptedUpstream(answer).send);
      const proxy = createProxy(deps);
      const response = await proxy.handle(proxyRequest(path, body));
      assert.ok(!(response.body instanceof Uint8Array));
      const reading = response.body[Symbol.asyncIterator]();
      for (let taken = 0; taken < pieces; taken++) await reading.next();
      await reading.return?.();
      await proxy.settled();
      assert.equal(released, true);
      assert.equal(recorded.length, 1);
      const [{ call, attempts } = assert.fail()] = recorded;
      const ended = call.status === 200;
      assert.equal(ended || call.status === 499, true);
      assert.deepEqual([attempts.length, attempts[0]?.errorClass], [1, ended ? undefined : 'clientGone']);
      assert.equal(attempts[0]?.usage.output !== undefined || pieces < 3, true, `after ${pieces} pieces`);
    }
  });
}

test('a client that goes before the first byte of the answer is read leaves a row too', async () => {
  const { deps, recorded } = proxyDouble(scriptedUpstream(sseReply([wireFixture('chat.sse')])).send);
  const proxy = createProxy(deps);
  const response = await proxy.handle(proxyRequest('/v1/chat/completions', body));
  assert.ok(!(response.body instanceof Uint8Array));
  await response.body[Symbol.asyncIterator]().return?.();
  await proxy.settled();
  assert.deepEqual([recorded[0]?.call.status, recorded[0]?.attempts[0]?.costStatus], [499, 'estimated']);
});

test('an abort while the upstream is silent is 499, and what it may have cost is not known', async () => {
  const gone = new AbortController();
  const { deps, recorded } = proxyDouble(async () => {
    gone.abort();
    throw new UpstreamFailed('aborted', 'x');
  });
  await createProxy(deps).handle(proxyRequest('/v1/chat/completions', body, { signal: gone.signal }));
  const [{ call, attempts } = assert.fail()] = recorded;
  assert.deepEqual([call.status, call.errorClass, attempts[0]?.costStatus], [499, 'clientGone', 'unpriced']);
});

test('what was generated for a client that went away is counted and priced as an estimate', async () => {
  const event = (text: string): string =>
    `data: {"model":"gpt-test","choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`;
  const { deps, recorded } = proxyDouble(scriptedUpstream(sseReply([event('one two '), event('three')])).send);
  const proxy = createProxy(deps);
  const asked = { ...body, messages: [{ role: 'user', content: 'a b c' }] };
  const response = await proxy.handle(proxyRequest('/v1/chat/completions', asked));
  assert.ok(!(response.body instanceof Uint8Array));
  const reading = response.body[Symbol.asyncIterator]();
  await reading.next();
  await reading.next();
  await reading.return?.();
  await proxy.settled();
  const attempt = recorded[0]?.attempts[0];
  // "user" and "a b c" are four words; the test's counter counts words.
  assert.deepEqual(attempt?.usage, { input: 4, output: 3 });
  assert.equal(attempt?.costPicoUsd, 34_000_000);
  assert.match(attempt?.costReason ?? '', /client went away/);
});

test('a stream without usage is counted, and says so', async () => {
  const fixture = wireFixture('chat.two.sse');
  const { bytes, row } = await pass('/v1/chat/completions', sseReply([fixture]), { ...body, n: 2 });
  assert.equal(bytes.equals(fixture), true);
  assert.deepEqual(row.attempts[0]?.usage.output, 4);
  assert.equal(row.attempts[0]?.costReason?.includes('no usage'), true);
});

test('a compressed stream passes to the byte and is read all the same', async () => {
  const fixture = wireFixture('messages.sse');
  const packed = gzipSync(fixture);
  const answer = (pieces: Buffer[], failure?: Error): ProxyResponse => ({
    ...sseReply(pieces, failure),
    headers: [
      ['content-type', 'text/event-stream'],
      ['Content-Encoding', 'gzip'],
    ],
  });
  const { bytes, row } = await pass('/v1/messages', answer([packed.subarray(0, 100), packed.subarray(100)]));
  assert.equal(gunzipSync(bytes).equals(fixture), true);
  assert.equal(row.attempts[0]?.usage.cacheRead, 1000);

  const { deps, recorded } = proxyDouble(scriptedUpstream(answer([packed.subarray(0, 200)])).send);
  const proxy = createProxy(deps);
  const response = await proxy.handle(proxyRequest('/v1/messages', body));
  await assert.rejects(textOf(response), { name: 'TornStream' });
  await proxy.settled();
  assert.equal(recorded[0]?.attempts[0]?.errorClass, 'streamIncomplete');
});

test('a last event without its blank line is an event', async () => {
  const fixture = wireFixture('messages.sse');
  const { bytes, row } = await pass('/v1/messages', sseReply([fixture.subarray(0, fixture.length - 2)]));
  assert.equal(bytes.subarray(0, fixture.length).equals(fixture), true);
  assert.equal(row.attempts[0]?.errorClass, undefined);
});

test('a JSON answer to a client that asked for a stream is read as what it is', async () => {
  const error = {
    status: 200,
    headers: [['content-type', 'application/json']],
    body: Buffer.from('{"model":"gpt-test"}'),
  } as const;
  const { bytes, row } = await pass('/v1/chat/completions', error);
  assert.equal(bytes.toString(), '{"model":"gpt-test"}');
  assert.equal(row.attempts[0]?.model, 'gpt-test');
});
