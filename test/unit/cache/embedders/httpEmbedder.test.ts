import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createHttpEmbedder,
  type EmbeddingsAddress,
  type EmbeddingsRequest,
  type HttpEmbedderDeps,
} from '../../../../src/cache/embedders/http/createHttpEmbedder.ts';
import { StillClock } from '../cacheFixture.ts';

interface Asked {
  readonly path: string | undefined;
  readonly key: string | undefined;
  readonly model: string;
  readonly input: readonly string[];
}

let server: Server;
let baseUrl: string;
let asked: Asked[];
let answer: (request: Asked, response: ServerResponse) => void;
let clock: StillClock;
let requests: EmbeddingsRequest[];
let address: EmbeddingsAddress | undefined;

/** By the number of letters, so that each text has its own place in the reply. */
function reply(
  { input }: Asked,
  response: ServerResponse,
  more: object = { model: 'emb-1', usage: { prompt_tokens: 7 } },
): void {
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 1] }));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ object: 'list', data: data.toReversed(), ...more }));
}

beforeEach(async () => {
  asked = [];
  requests = [];
  clock = new StillClock();
  answer = (request, response) => reply(request, response);
  server = createServer((request: IncomingMessage, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { model, input } = JSON.parse(text);
      const one = { path: request.url, key: request.headers.authorization, model, input };
      asked.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not listening');
  baseUrl = `http://127.0.0.1:${bound.port}/v1`;
  address = { baseUrl, apiKey: 'k-1', fetch };
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((done) => server.close(done));
});

function embedder(changes: Partial<HttpEmbedderDeps> = {}) {
  const onRequest = (request: EmbeddingsRequest): void => void requests.push(request);
  return createHttpEmbedder({
    provider: 'near',
    model: 'emb',
    baseUrl,
    address: () => address,
    clock,
    onRequest,
    ...changes,
  });
}

const unit = (...values: number[]): Float32Array => Float32Array.from(values, (value) => value / Math.hypot(...values));

test('vectors come in the order of the texts, of length 1, and what was asked is told for the ledger', async () => {
  const one = embedder();
  assert.deepEqual(await one.embed(['abc', 'a', 'abc']), [unit(3, 1), unit(1, 1), unit(3, 1)]);
  assert.deepEqual(asked, [{ path: '/v1/embeddings', key: 'Bearer k-1', model: 'emb', input: ['abc', 'a'] }]);
  const nowMs = clock.now();
  assert.deepEqual(requests, [
    {
      startedAtMs: nowMs,
      endedAtMs: nowMs,
      texts: 2,
      model: 'emb-1',
      inputTokens: 7,
    },
  ]);
  assert.equal(one.dimensions, 2);
  assert.match(one.id, /^http:[\w-]{22}:near\/emb$/);
});

test('a question that was asked before costs nothing', async () => {
  const one = embedder();
  await one.embed(['abc']);
  assert.deepEqual(await one.embed(['abc']), [unit(3, 1)]);
  assert.equal(asked.length, 1);
});

test('many texts are asked in parts', async () => {
  const texts = Array.from({ length: 150 }, (_, n) => 'x'.repeat(n + 1));
  const vectors = await embedder().embed(texts);
  assert.deepEqual(vectors.at(-1), unit(150, 1));
  assert.deepEqual(
    asked.map(({ input }) => input.length),
    [64, 64, 22],
  );
});

test('a server that says neither tokens, model nor index is understood', async () => {
  answer = ({ input }, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: input.map((text) => ({ embedding: [text.length, 1] })) }));
  };
  assert.deepEqual(await embedder().embed(['abc', 'a']), [unit(3, 1), unit(1, 1)]);
  assert.deepEqual([requests[0]?.model, requests[0]?.inputTokens], ['emb', undefined]);
});

test('other embedders have other names, so that their vectors are never compared', () => {
  const ids = [embedder(), embedder({ model: 'emb-2' }), embedder({ baseUrl: 'http://127.0.0.1:9/v1' })].map(
    ({ id }) => id,
  );
  assert.equal(new Set(ids).size, 3);
});

test('a server that fails is left alone, first for five seconds, then for ten', async () => {
  answer = (_request, response) =>
    response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"out of memory"}}');
  const one = embedder();
  await assert.rejects(one.embed(['a']), /near did not embed with emb: 500 out of memory/);
  clock.pass(4_999);
  await assert.rejects(one.embed(['a']), /out of memory/);
  assert.equal(asked.length, 1);
  clock.pass(1);
  await assert.rejects(one.embed(['a']), /out of memory/);
  assert.equal(asked.length, 2);
  clock.pass(9_999);
  await assert.rejects(one.embed(['a']), /out of memory/);
  assert.equal(asked.length, 2);
  clock.pass(1);
  answer = (request, response) => reply(request, response);
  assert.deepEqual(await one.embed(['a']), [unit(1, 1)]);
  answer = (_request, response) => response.writeHead(400).end();
  await assert.rejects(one.embed(['b']), /400/);
  clock.pass(5_000);
  answer = (request, response) => reply(request, response);
  assert.deepEqual(await one.embed(['b']), [unit(1, 1)]);
});

test('a server that is late three times in a row is left alone', async () => {
  const one = embedder();
  answer = (request, response) => {
    clock.pass(one.deadlineMs);
    reply(request, response);
  };
  for (const text of ['a', 'b', 'c']) await one.embed([text]);
  await assert.rejects(one.embed(['d']), /near takes longer than 250 ms for a question/);
  assert.equal(asked.length, 3);
});

test('without a key nothing is sent', async () => {
  address = undefined;
  await assert.rejects(
    embedder().embed(['a']),
    /no key is known for near: store it with “Tollgate: Set Provider Key…”/,
  );
  assert.deepEqual(asked, []);
});

test('what is no list of embeddings is no vector', async () => {
  const answers = ['{"data":[]}', '{"data":[{"embedding":[]}]}', '{"data":[{"embedding":[0,0]}]}', '[]', 'Hello'];
  for (const text of answers) {
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    await assert.rejects(embedder().embed(['a']), /near did not embed with emb/, text);
  }
  await sleep(0);
});
