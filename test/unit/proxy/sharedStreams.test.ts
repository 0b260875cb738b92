import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerCache } from '../../../src/cache/answerCache.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { ProxyResponse, UpstreamRequest } from '../../../src/proxy/exchange.ts';
import { UpstreamFailed } from '../../../src/proxy/upstreamFailed.ts';
import { proxyDouble, proxyRequest, textOf } from '../../support/proxyDeps.ts';

const chat = '/v1/chat/completions';
const body = { model: 'gpt-test', stream: true, stream_options: { include_usage: true }, messages: [] };

/** Every request is of one flight. */
const sharing: AnswerCache = {
  lookup: () => ({ outcome: 'miss', flightKey: 'f' }),
  store: () => undefined,
};

const event = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c1', model: 'gpt-test', choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`;
const begin = event({ role: 'assistant', content: 'Hel' });
const middle = event({ content: 'lo' });
const end = `${event({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}data: ${JSON.stringify({
  id: 'c1',
  model: 'gpt-test',
  choices: [],
  usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
})}\n\ndata: [DONE]\n\n`;

/** A provider that sends what the test tells it to, when it tells it. */
function conductedUpstream() {
  const asked: UpstreamRequest[] = [];
  let pieces: (string | UpstreamFailed | undefined)[] = [];
  let wake: () => void = () => undefined;
  let stopped = 0;
  const send = async (request: UpstreamRequest): Promise<ProxyResponse> => {
    asked.push(request);
    return { status: 200, headers: [['content-type', 'text/event-stream']], body: stream(request) };
  };
  async function* stream({ signal }: UpstreamRequest): AsyncGenerator<Uint8Array, undefined> {
    signal.addEventListener('abort', () => {
      stopped += 1;
      wake();
    });
    for (;;) {
      while (pieces.length === 0 && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      if (signal.aborted) throw new UpstreamFailed('aborted', 'gone');
      const [piece] = pieces;
      pieces = pieces.slice(1);
      if (piece === undefined) return undefined;
      if (typeof piece !== 'string') throw piece;
      yield Buffer.from(piece);
    }
  }
  return {
    asked,
    send,
    stopped: () => stopped,
    /** Undefined ends the stream. */
    play: (...more: (string | UpstreamFailed | undefined)[]) => {
      pieces.push(...more);
      wake();
    },
  };
}

function shared() {
  const upstream = conductedUpstream();
  const { deps, recorded } = proxyDouble(upstream.send, { answerCache: sharing });
  const proxy = createProxy(deps);
  const ask = (asked: object = body) => proxy.handle(proxyRequest(chat, asked));
  return { upstream, proxy, recorded, ask };
}

function readerOf({ body: stream }: ProxyResponse) {
  assert.ok(!(stream instanceof Uint8Array));
  const iterator = stream[Symbol.asyncIterator]();
  return {
    next: async () => Buffer.from((await iterator.next()).value ?? []).toString(),
    leave: async () => {
      await iterator.return?.();
    },
    rest: async () => {
      let text = '';
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
        text += Buffer.from(next.value).toString();
      return text;
    },
  };
}

const withoutComments = (text: string): string => text.replaceAll(/^: .*\n\n/gm, '');

test('who asks the same while a stream runs gets it live, from its beginning, at no cost', async () => {
  const { upstream, proxy, recorded, ask } = shared();
  const leading = ask();
  upstream.play(begin);
  const leader = readerOf(await leading);
  assert.equal(await leader.next(), begin);
  const joined = await ask();
  assert.equal(joined.headers.find(([name]) => name === 'x-tollgate-cache')?.[1], 'HIT;reason=in-flight');
  assert.equal(joined.headers.find(([name]) => name === 'x-tollgate-cost-usd')?.[1], '0.00000000');
  const waiter = readerOf(joined);
  assert.equal(await waiter.next(), begin, 'what came before it joined');
  const next = waiter.next();
  upstream.play(middle);
  assert.equal(await next, middle, 'live, though the one that asked does not read');
  const late = readerOf(await ask());
  upstream.play(end, undefined);
  assert.equal(await late.rest(), begin + middle + end);
  assert.equal(await waiter.rest(), end);
  assert.equal(withoutComments(await leader.rest()), middle + end);
  await proxy.settled();
  assert.equal(upstream.asked.length, 1);
  assert.deepEqual(recorded.map(({ call, attempts }) => [call.cache, call.status, attempts.length]).sort(), [
    ['joined', 200, 0],
    ['joined', 200, 0],
    ['miss', 200, 1],
  ]);
  const cost = recorded.find(({ attempts }) => attempts.length === 1)?.attempts[0]?.costPicoUsd;
  assert.equal(cost, 30_000_000);
  for (const { call } of recorded) if (call.cache === 'joined') assert.equal(call.savedPicoUsd, cost);
});

test('the one that asked may go away: those who joined read on, and its row says that it left', async () => {
  const { upstream, proxy, recorded, ask } = shared();
  const leading = ask();
  upstream.play(begin);
  const leader = readerOf(await leading);
  await leader.next();
  const waiter = readerOf(await ask());
  await leader.leave();
  assert.equal(upstream.stopped(), 0);
  upstream.play(middle, end, undefined);
  assert.equal(await waiter.rest(), begin + middle + end);
  await proxy.settled();
  const rows = recorded.map(({ call, attempts }) => [call.cache, call.status, call.errorClass, attempts[0]?.status]);
  assert.deepEqual(rows.sort(), [
    ['joined', 200, undefined, undefined],
    ['miss', 499, 'clientGone', 200],
  ]);
});

test('when everybody has gone, the provider is told, and each has its row', async () => {
  const { upstream, proxy, recorded, ask } = shared();
  const leading = ask();
  upstream.play(begin);
  const leader = readerOf(await leading);
  const waiter = readerOf(await ask());
  await waiter.next();
  await waiter.leave();
  assert.equal(upstream.stopped(), 0);
  await leader.leave();
  assert.equal(upstream.stopped(), 1);
  await proxy.settled();
  assert.deepEqual(recorded.map(({ call }) => [call.cache, call.status]).sort(), [
    ['joined', 499],
    ['miss', 499],
  ]);
  const again = ask();
  upstream.play(begin, end, undefined);
  assert.equal(withoutComments(await readerOf(await again).rest()), begin + end);
  assert.equal(upstream.asked.length, 2, 'nobody joins what was called off');
});

test('a client that goes before the answer begins takes nothing from those who wait', async () => {
  const { upstream, proxy, ask } = shared();
  const gone = new AbortController();
  const leading = proxy.handle(proxyRequest(chat, body, { signal: gone.signal }));
  const waiting = ask();
  gone.abort();
  upstream.play(begin, end, undefined);
  assert.equal(await readerOf(await waiting).rest(), begin + end);
  await readerOf(await leading).rest();
  await proxy.settled();
  assert.equal(upstream.asked.length, 1);
});

test('a stream that breaks breaks for all, in words', async () => {
  const { upstream, proxy, recorded, ask } = shared();
  const leading = ask();
  upstream.play(begin);
  const leader = readerOf(await leading);
  const waiter = readerOf(await ask());
  upstream.play(new UpstreamFailed('reset', 'x'));
  for (const reader of [leader, waiter]) {
    const text = await reader.rest();
    assert.ok(text.startsWith(begin));
    assert.match(text, /data: \{"error":/);
    assert.ok(!text.includes('[DONE]'));
  }
  await proxy.settled();
  assert.deepEqual(recorded.map(({ call }) => [call.cache, call.errorClass]).sort(), [
    ['joined', 'streamIncomplete'],
    ['miss', 'streamIncomplete'],
  ]);
});

test('clients that asked for other events get the same answer when it is whole', async () => {
  const { upstream, ask } = shared();
  const leading = ask();
  upstream.play(begin);
  const leader = readerOf(await leading);
  const other = ask({ ...body, stream_options: undefined });
  const whole = ask({ ...body, stream: false });
  upstream.play(middle, end, undefined);
  await leader.rest();
  const text = await textOf(await other);
  assert.ok(text.includes('Hello') && !text.includes('prompt_tokens'));
  assert.equal(JSON.parse(await textOf(await whole)).choices[0].message.content, 'Hello');
  assert.equal(upstream.asked.length, 1);
});

test('a slow reader holds nobody up', async () => {
  const { upstream, ask } = shared();
  const leading = ask();
  upstream.play(begin);
  const slow = readerOf(await leading);
  const quick = readerOf(await ask());
  const many = Array.from({ length: 500 }, (_, index) => event({ content: `${index} ` }));
  upstream.play(...many, end, undefined);
  assert.equal(await quick.rest(), begin + many.join('') + end);
  assert.equal(withoutComments(await slow.rest()), begin + many.join('') + end);
});
