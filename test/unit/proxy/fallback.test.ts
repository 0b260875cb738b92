import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, FallbackConfig } from '../../../src/config/config.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { ProxyResponse, UpstreamRequest } from '../../../src/proxy/exchange.ts';
import { UpstreamFailed } from '../../../src/proxy/upstreamFailed.ts';
import {
  fallbackOnEverything,
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  type Recorded,
  scriptedUpstream,
  sseReply,
  testConfig,
  textOf,
} from '../../support/proxyDeps.ts';

const good = { model: 'gpt-dear', choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } };

function aliasConfig(fallback: FallbackConfig = fallbackOnEverything): Config {
  const targets = ['openai/gpt-test', 'groq/llama-test', 'openai/gpt-dear'].map((text) => {
    const [provider = '', model = ''] = text.split('/');
    return { provider, model };
  });
  return testConfig({ aliases: { quality: { targets, onOverflow: 'error', fallback } } });
}

type Answer = ProxyResponse | Error | ((request: UpstreamRequest) => ProxyResponse);

interface Run {
  readonly response: ProxyResponse;
  readonly text: string;
  readonly asked: readonly UpstreamRequest[];
  readonly row: Recorded;
}

async function run(answers: readonly Answer[], config = aliasConfig(), body: object = {}): Promise<Run> {
  const upstream = scriptedUpstream(...answers);
  const { deps, recorded } = proxyDouble(upstream.send, { configOf: () => config, keyOf: () => 'stored' });
  const proxy = createProxy(deps);
  const response = await proxy.handle(
    proxyRequest('/v1/chat/completions', { model: 'quality', messages: [], ...body }, { tokenInHeader: true }),
  );
  const text = await textOf(response);
  await proxy.settled();
  assert.equal(recorded.length, 1);
  return { response, text, asked: upstream.asked, row: recorded[0] ?? assert.fail() };
}

const modelIn = (request: UpstreamRequest | undefined): unknown =>
  JSON.parse(Buffer.from(request?.body as Uint8Array).toString()).model;

test('the next target answers where one is overloaded or out of reach, and the client is told', async () => {
  const { response, asked, row } = await run([
    jsonReply({ error: { code: 'rate_limit_exceeded' } }, 429),
    new UpstreamFailed('refused', 'x', 'ECONNREFUSED'),
    jsonReply(good),
  ]);
  assert.equal(response.status, 200);
  assert.deepEqual(asked.map(modelIn), ['gpt-test', 'llama-test', 'gpt-dear']);
  assert.equal(header(response, 'x-tollgate-attempts'), '3');
  assert.equal(header(response, 'x-tollgate-fallback'), 'from=openai/gpt-test;class=overload');
  assert.equal(header(response, 'x-tollgate-alias'), 'quality');
  assert.deepEqual(
    row.attempts.map(({ index, provider, status, errorClass, costStatus }) => [
      index,
      provider,
      status,
      errorClass,
      costStatus,
    ]),
    [
      [0, 'openai', 429, 'overload', 'notBilled'],
      [1, 'groq', 0, 'refused', 'notBilled'],
      [2, 'openai', 200, undefined, 'exact'],
    ],
  );
  assert.equal(row.call.alias, 'quality');
});

test('when all have failed the last error passes to the byte, and the SDK is told not to repeat it all', async () => {
  const last = { error: { message: 'still down', type: 'server_error' } };
  const { response, text, row } = await run([jsonReply({}, 500), jsonReply({}, 503), jsonReply(last, 502)]);
  assert.equal(response.status, 502);
  assert.equal(text, JSON.stringify(last));
  assert.equal(header(response, 'x-should-retry'), 'false');
  assert.equal(header(response, 'x-tollgate-error-origin'), 'upstream');
  assert.equal(row.attempts.length, 3);
  assert.equal(row.call.status, 502);
});

test('a failure of another class is passed on at once', async () => {
  for (const status of [400, 404, 422]) {
    const { response, asked } = await run([jsonReply({ error: {} }, status), jsonReply(good)]);
    assert.equal(response.status, status);
    assert.equal(asked.length, 1);
    assert.equal(header(response, 'x-should-retry'), undefined);
  }
  const chosen = aliasConfig({ on: ['server'], maxAttempts: 3, deadlineMs: 1000 });
  assert.equal((await run([jsonReply({}, 429), jsonReply(good)], chosen)).asked.length, 1);
});

test('the budget of attempts counts over all targets', async () => {
  const two = aliasConfig({ ...fallbackOnEverything, maxAttempts: 2 });
  const { asked, response } = await run([jsonReply({}, 500)], two);
  assert.equal(asked.length, 2);
  assert.equal(response.status, 500);
});

test('a target without a key is no attempt, and does not hide why the first one failed', async () => {
  const ask = async (...answers: ProxyResponse[]): Promise<[number, Recorded | undefined]> => {
    const upstream = scriptedUpstream(...answers);
    const { deps, recorded } = proxyDouble(upstream.send, { configOf: () => aliasConfig() });
    const response = await createProxy(deps).handle(proxyRequest('/v1/chat/completions', { model: 'quality' }));
    return [response.status, recorded[0]];
  };
  const [status, row] = await ask(jsonReply({}, 429, [['retry-after', '20']]), jsonReply(good));
  assert.equal(status, 200);
  assert.deepEqual(
    row?.attempts.map(({ model, index }) => [model, index]),
    [
      ['gpt-test', 0],
      ['gpt-dear', 1],
    ],
  );
  assert.deepEqual((await ask(jsonReply({}, 500)))[0], 500);
});

test('a client may ask for fewer attempts, never for more', async () => {
  for (const [name, value, expected] of [
    ['x-tollgate-max-attempts', '1', 1],
    ['cf-aig-max-attempts', '2', 2],
    ['x-litellm-num-retries', '0', 1],
    ['x-litellm-num-retries', '1', 2],
    ['x-litellm-num-retries', '', 3],
    ['x-tollgate-max-attempts', '9', 3],
    ['x-tollgate-max-attempts', 'many', 3],
  ] as const) {
    const upstream = scriptedUpstream(jsonReply({}, 500));
    const { deps } = proxyDouble(upstream.send, { configOf: () => aliasConfig(), keyOf: () => 'stored' });
    const headers = [
      ['authorization', 'Bearer k'],
      [name, value],
    ] as const;
    const request = proxyRequest('/v1/chat/completions', { model: 'quality' }, { headers, tokenInHeader: true });
    await createProxy(deps).handle(request);
    assert.equal(upstream.asked.length, expected);
  }
});

const role = 'data: {"model":"a","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n';
const word = (text: string): string => `data: {"model":"b","choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`;
const done = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const overloaded = 'data: {"error":{"message":"busy","type":"server_error"}}\n\n';

test('a stream that breaks before any content is asked of the next target, and nothing is told twice', async () => {
  for (const broken of [
    sseReply([role, overloaded]),
    sseReply([role]),
    sseReply([role], new UpstreamFailed('reset', 'x')),
  ]) {
    const { text, row } = await run([broken, sseReply([role, word('hello'), done])], aliasConfig(), { stream: true });
    assert.equal(text.startsWith(role + word('hello') + done), true);
    assert.equal(text.split('"role"').length, 2);
    assert.equal(row.attempts.length, 2);
    assert.equal(row.attempts[0]?.costStatus, 'unpriced');
    assert.equal(row.call.status, 200);
  }
});

test('after the first content event the call stays where it is: an error event ends it', async () => {
  const { text, asked, row } = await run([sseReply([role, word('hel')]), sseReply([word('no')])], aliasConfig(), {
    stream: true,
  });
  assert.equal(asked.length, 1);
  const [last = ''] = text.trimEnd().split('\n\n').slice(-1);
  assert.match(last, /^data: \{"error":\{"message":"The stream from openai ended/);
  assert.equal(text.startsWith(role + word('hel')), true);
  assert.deepEqual([row.attempts[0]?.errorClass, row.attempts[0]?.costStatus], ['streamIncomplete', 'estimated']);
});

test('a stream error that nobody may answer for passes to the byte', async () => {
  const only = aliasConfig({ on: ['quota'], maxAttempts: 3, deadlineMs: 1000 });
  const { text, row } = await run([sseReply([role, overloaded]), sseReply([word('no')])], only, { stream: true });
  assert.equal(text.startsWith(role + overloaded), true);
  assert.equal(row.attempts[0]?.errorClass, 'upstreamError');
});

test('an attempt that is not the last may wait for half of the deadline', async () => {
  const { asked } = await run([jsonReply({}, 500)], aliasConfig({ ...fallbackOnEverything, deadlineMs: 60_000 }));
  const [first = 0, second = 0, last = 0] = asked.map(({ timeouts }) => timeouts.firstByteMs);
  assert.ok(first <= 30_000 && first > 29_900, String(first));
  assert.ok(second <= 30_000 && second > 29_900, String(second));
  assert.ok(last <= 60_000 && last > 59_900, String(last));
});

test('what may be gone in a moment is tried once more at the same target, where an attempt is to spare', async () => {
  const twoTargets = (fallback: FallbackConfig = fallbackOnEverything): Config => {
    const config = aliasConfig(fallback);
    const targets = config.aliases.quality?.targets.slice(0, 2) ?? [];
    return testConfig({ aliases: { quality: { targets, onOverflow: 'error', fallback } } });
  };
  const reset = new UpstreamFailed('reset', 'x');
  const soon = jsonReply({}, 429, [['retry-after', '1']]);
  const later = jsonReply({}, 429, [['retry-after', '20']]);
  const cases: readonly (readonly [string, readonly Answer[], Config, readonly string[]])[] = [
    ['a fault of the server', [jsonReply({}, 500), jsonReply(good)], twoTargets(), ['gpt-test', 'gpt-test']],
    ['a broken connection', [reset, jsonReply(good)], twoTargets(), ['gpt-test', 'gpt-test']],
    ['an overload that is soon over', [soon, jsonReply(good)], twoTargets(), ['gpt-test', 'gpt-test']],
    ['an overload that is not', [later, jsonReply(good)], twoTargets(), ['gpt-test', 'llama-test']],
    ['a stream that broke before its content', [sseReply([]), jsonReply(good)], twoTargets(), ['gpt-test', 'gpt-test']],
    [
      'twice is enough',
      [jsonReply({}, 500), jsonReply({}, 500), jsonReply(good)],
      twoTargets(),
      ['gpt-test', 'gpt-test', 'llama-test'],
    ],
    [
      'nothing to spare',
      [jsonReply({}, 500), jsonReply(good)],
      twoTargets({ ...fallbackOnEverything, maxAttempts: 2 }),
      ['gpt-test', 'llama-test'],
    ],
    ['nothing to spare for three', [jsonReply({}, 500), jsonReply(good)], aliasConfig(), ['gpt-test', 'llama-test']],
    [
      'a quota is not',
      [jsonReply({ error: { code: 'insufficient_quota' } }, 429), jsonReply(good)],
      twoTargets(),
      ['gpt-test', 'llama-test'],
    ],
  ];
  for (const [name, answers, config, expected] of cases) {
    const { asked, response, row } = await run(answers, config, { stream: true });
    assert.deepEqual(asked.map(modelIn), expected, name);
    assert.equal(response.status, 200, name);
    assert.equal(row.attempts.length, expected.length, name);
  }
});

test('a model that is no alias is never tried twice: that is the client’s decision', async () => {
  const { asked, response } = await run([jsonReply({}, 500), jsonReply(good)], aliasConfig(), { model: 'gpt-test' });
  assert.equal(asked.length, 1);
  assert.equal(response.status, 500);
  assert.equal(header(response, 'x-should-retry'), undefined);
});

test('a client that goes while a target is left alone is not asked for again', async () => {
  const gone = new AbortController();
  const upstream = scriptedUpstream(jsonReply({}, 500), jsonReply(good));
  const { deps, recorded } = proxyDouble(upstream.send, {
    configOf: () => aliasConfig({ ...fallbackOnEverything, maxAttempts: 5 }),
    keyOf: () => 'stored',
    clock: {
      now: () => 1,
      monotonicMs: () => 1,
      wait: async () => gone.abort(),
    },
  });
  const request = proxyRequest(
    '/v1/chat/completions',
    { model: 'quality' },
    { tokenInHeader: true, signal: gone.signal },
  );
  await createProxy(deps).handle(request);
  assert.equal(upstream.asked.length, 1);
  assert.equal(recorded[0]?.attempts.length, 1);
});
