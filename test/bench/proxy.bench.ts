/**
 * What the pipeline costs per call, without sockets: `handle()` against a floor that does no more than any proxy that
 * knows the model and the usage must (parse the body, ask, parse the answer). Everything is on but the cache's store.
 */
import { randomUUID } from 'node:crypto';
import { loadCatalog } from '../../src/catalog/loadCatalog.ts';
import { createProxy } from '../../src/proxy/createProxy.ts';
import type { HeaderPairs, ProxyResponse, Upstream } from '../../src/proxy/exchange.ts';
import { machineClock } from '../../src/service/proxyClock.ts';
import { proxyDouble, testConfig } from '../support/proxyDeps.ts';
import { priceData } from '../unit/catalog/priceData.ts';

const filler = 'Please summarise the following paragraph about batch processing. '.repeat(12);
const bodyOf = (serial: number, stream: boolean): Buffer =>
  Buffer.from(
    `{"model":"gpt-4o-mini",${stream ? '"stream":true,"stream_options":{"include_usage":true},' : ''}"messages":[{"role":"system","content":"You are a careful assistant that answers in short sentences."},{"role":"user","content":"${serial} ${filler}"}],"temperature":0.2,"max_tokens":256}`,
  );

const usage = {
  prompt_tokens: 57,
  completion_tokens: 81,
  total_tokens: 138,
  prompt_tokens_details: { cached_tokens: 0 },
};
const reply = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-fake',
    object: 'chat.completion',
    created: 1795450000,
    model: 'gpt-4o-mini-2024-07-18',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'The quick brown fox. '.repeat(17) }, finish_reason: 'stop' },
    ],
    usage,
    service_tier: 'default',
  }),
);
const event = (text: string): string =>
  `data: {"id":"chatcmpl-fake","object":"chat.completion.chunk","created":1795450000,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_fake","choices":[{"index":0,"delta":{"content":"${text}"},"logprobs":null,"finish_reason":null}]}\n\n`;
const chunksPerStream = 500;
const chunks = Array.from({ length: chunksPerStream }, (_, index) => Buffer.from(event(`tok${index} `)));
chunks.push(
  Buffer.from(
    `data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: {"id":"c","choices":[],"usage":${JSON.stringify(usage)}}\n\ndata: [DONE]\n\n`,
  ),
);

const clientHeaders: HeaderPairs = [
  ['host', '127.0.0.1:4910'],
  ['content-type', 'application/json'],
  ['content-length', '1000'],
  ['authorization', 'Bearer sk-test'],
  ['user-agent', 'OpenAI/JS 7.57.0'],
  ['accept', 'application/json'],
  ['x-stainless-lang', 'js'],
  ['x-stainless-retry-count', '0'],
  ['accept-encoding', 'gzip, deflate'],
  ['x-tollgate-session', 'f47ac10b-58cc-4372-a567-0e02b2c3d479'],
];

const jsonUpstream: Upstream = async () => ({
  status: 200,
  headers: [
    ['content-type', 'application/json'],
    ['content-length', String(reply.length)],
    ['date', 'now'],
    ['connection', 'keep-alive'],
  ],
  body: reply,
});
const streamUpstream: Upstream = async () => ({
  status: 200,
  headers: [['content-type', 'text/event-stream; charset=utf-8']],
  body: pieces(),
});

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

async function drain({ body }: ProxyResponse): Promise<number> {
  if (body instanceof Uint8Array) return body.byteLength;
  let bytes = 0;
  for await (const piece of body) bytes += piece.byteLength;
  return bytes;
}

const ask = {
  method: 'POST',
  url: 'http://127.0.0.1/',
  headers: clientHeaders,
  body: undefined,
  signal: new AbortController().signal,
  timeouts: { firstByteMs: 1, idleMs: 1 },
};

async function floor(send: Upstream, body: Buffer): Promise<void> {
  const request: unknown = JSON.parse(body.toString('utf8'));
  const response = await send(ask);
  if (response.body instanceof Uint8Array) JSON.parse(Buffer.from(response.body).toString('utf8'));
  await drain(response);
  if (request === undefined) throw new Error('unreachable');
}

function proxyFor(send: Upstream) {
  const catalog = loadCatalog(priceData);
  const config = testConfig();
  const { deps } = proxyDouble(send, {
    clock: machineClock,
    newId: randomUUID,
    catalogOf: () => catalog,
    configOf: () => config,
    ledger: { record: () => undefined },
  });
  const proxy = createProxy(deps);
  const signal = new AbortController().signal;
  return async (body: Buffer): Promise<void> => {
    await drain(
      await proxy.handle({
        method: 'POST',
        path: '/v1/chat/completions',
        headers: clientHeaders,
        body,
        signal,
        workspaceId: 'w1',
        baseUrl: 'http://127.0.0.1:1',
        tokenInHeader: false,
      }),
    );
  };
}

/** Microseconds of CPU per call, of all threads: the garbage collector's too. */
async function measure(run: (body: Buffer) => Promise<void>, bodies: readonly Buffer[]): Promise<number> {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  for (const body of bodies) await run(body);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / bodies.length;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function compare(name: string, send: Upstream, stream: boolean, calls: number, per: number): Promise<void> {
  const ours = proxyFor(send);
  const bare = (body: Buffer): Promise<void> => floor(send, body);
  const bodies = Array.from({ length: calls }, (_, serial) => bodyOf(serial, stream));
  await measure(ours, bodies);
  await measure(bare, bodies);
  const rounds: { ours: number; floor: number }[] = [];
  for (let round = 0; round < 7; round++)
    rounds.push({ ours: await measure(ours, bodies), floor: await measure(bare, bodies) });
  const own = median(rounds.map((round) => round.ours));
  const least = median(rounds.map((round) => round.floor));
  const unit = per === 1 ? 'call' : 'chunk';
  console.log(
    `${name}: ${(own / per).toFixed(2)} µs CPU per ${unit}, floor ${(least / per).toFixed(2)}, added ${((own - least) / per).toFixed(2)}, ratio ${(own / least).toFixed(2)}`,
  );
}

await compare('JSON call', jsonUpstream, false, 10_000, 1);
await compare('stream of 500 chunks', streamUpstream, true, 60, chunksPerStream);
const large = Buffer.from(
  JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: filler.repeat(2600) }] }),
);
const big = proxyFor(jsonUpstream);
const times: number[] = [];
for (let round = 0; round < 15; round++) {
  const from = performance.now();
  await big(large);
  times.push(performance.now() - from);
}
console.log(`body of ${(large.length / 1e6).toFixed(1)} MB: ${median(times).toFixed(2)} ms in one call (median)`);
