import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { AnswerCache } from '../../../src/cache/answerCache.ts';
import type { Config } from '../../../src/config/config.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { ProxyDeps } from '../../../src/proxy/deps.ts';
import type { HeaderPairs, ProxyRequest, ProxyResponse, UpstreamRequest } from '../../../src/proxy/exchange.ts';
import { UpstreamFailed } from '../../../src/proxy/upstreamFailed.ts';
import { replayAnswer } from '../../../src/wire/replayAnswer.ts';
import type { StoredAnswer } from '../../../src/wire/storedAnswer.ts';
import { createStreamReader } from '../../../src/wire/streamReader.ts';
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
import { parsedRequest, wireFixture, wireJson } from '../../support/wireFixtures.ts';

const chat = '/v1/chat/completions';
const hello = { messages: [{ role: 'user', content: 'hello' }] };

function config(...targets: string[]): Config {
  const list = targets.map((text) => {
    const [provider = '', model = ''] = text.split('/');
    return { provider, model };
  });
  return testConfig({
    providers: {
      openai: { dialect: 'openai', baseUrl: 'https://api.openai.com/v1', apiKey: { kind: 'secret', name: 'openai' } },
      anthropic: {
        dialect: 'anthropic',
        baseUrl: 'https://api.anthropic.com',
        apiKey: { kind: 'secret', name: 'anthropic' },
      },
      mistral: { dialect: 'openai', baseUrl: 'https://api.mistral.ai/v1', apiKey: { kind: 'secret', name: 'mistral' } },
    },
    aliases: {
      mixed: { targets: list, onOverflow: 'error', fallback: { ...fallbackOnEverything, maxAttempts: list.length } },
    },
  });
}

interface Run {
  readonly response: ProxyResponse;
  readonly text: string;
  readonly asked: readonly UpstreamRequest[];
  readonly row: Recorded;
}

async function run(
  path: string,
  body: object,
  target: string | readonly string[],
  answers: readonly (ProxyResponse | Error)[],
  request: Partial<ProxyRequest> = {},
  changes: Partial<ProxyDeps> = {},
): Promise<Run> {
  const upstream = scriptedUpstream(...answers);
  const { deps, recorded } = proxyDouble(upstream.send, {
    configOf: () => config(...(typeof target === 'string' ? [target] : target)),
    keyOf: (_workspace, { name }) => `stored-${name}`,
    ...changes,
  });
  const proxy = createProxy(deps);
  const response = await proxy.handle(
    proxyRequest(path, { model: 'mixed', ...body }, { tokenInHeader: true, ...request }),
  );
  const text = await textOf(response);
  await proxy.settled();
  return { response, text, asked: upstream.asked, row: recorded[0] ?? assert.fail() };
}

const bodyOf = (request: UpstreamRequest | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(request?.body as Uint8Array).toString());

test('a translated request goes to the other provider’s endpoint, with its key, its version and nothing of this vendor’s', async () => {
  const headers: HeaderPairs = [
    ['Content-Type', 'application/json'],
    ['Authorization', 'Bearer sk-client'],
    ['OpenAI-Organization', 'org-1'],
    ['OpenAI-Beta', 'x=1'],
    ['Accept-Encoding', 'gzip'],
    ['X-Stainless-Lang', 'js'],
  ];
  const reply = jsonReply(wireJson('messages.json'), 200, [['request-id', 'req_1']]);
  const { response, asked, text, row } = await run(`${chat}?x=1`, hello, 'anthropic/claude-test', [reply], { headers });
  assert.equal(asked[0]?.url, 'https://api.anthropic.com/v1/messages');
  assert.deepEqual(asked[0]?.headers, [
    ['Content-Type', 'application/json'],
    ['X-Stainless-Lang', 'js'],
    ['x-api-key', 'stored-anthropic'],
    ['anthropic-version', '2023-06-01'],
    ['accept-encoding', 'identity'],
  ]);
  assert.deepEqual(bodyOf(asked[0]), { model: 'claude-test', max_tokens: 4096, ...hello });
  assert.equal(header(response, 'x-tollgate-translated'), 'messages;max_tokens=4096');
  assert.equal(header(response, 'x-tollgate-dropped'), 'openai-beta,query');
  assert.equal(header(response, 'x-request-id'), 'req_1');
  assert.equal(header(response, 'content-length'), String(Buffer.byteLength(text)));
  assert.equal(JSON.parse(text).choices[0].message.content, 'Okay, 日本 🍣');
  // 25 input, 1000 read, 100 and 500 written, 89 out: metered as Anthropic reported it.
  assert.deepEqual(row.attempts[0]?.usage, {
    input: 25,
    cacheRead: 1000,
    cacheWrite5m: 100,
    cacheWrite1h: 500,
    output: 59,
    reasoning: 30,
  });
  assert.deepEqual(
    [row.call.endpoint, row.call.status, row.attempts[0]?.provider],
    ['chat.completions', 200, 'anthropic'],
  );
});

test('an Anthropic client’s stream from OpenAI asks for usage and shows none of the asking', async () => {
  const headers: HeaderPairs = [
    ['x-api-key', 'sk-ant'],
    ['anthropic-version', '2026-10-21'],
    ['anthropic-beta', 'b'],
  ];
  const { response, asked, text, row } = await run(
    '/v1/messages?beta=true',
    { ...hello, max_tokens: 5, stream: true },
    'openai/gpt-test',
    [sseReply([wireFixture('chat.sse')])],
    { headers },
  );
  assert.equal(asked[0]?.url, 'https://api.openai.com/v1/chat/completions');
  assert.deepEqual(asked[0]?.headers, [
    ['authorization', 'Bearer stored-openai'],
    ['accept-encoding', 'identity'],
  ]);
  assert.deepEqual(bodyOf(asked[0]), {
    model: 'gpt-test',
    ...hello,
    max_completion_tokens: 5,
    stream: true,
    stream_options: { include_usage: true },
  });
  assert.equal(header(response, 'x-tollgate-dropped'), 'anthropic-beta,query');
  const reader = createStreamReader(parsedRequest('messages', { stream: true }));
  reader.push(Buffer.from(text));
  assert.deepEqual(reader.events.facts().usage?.usage, { input: 93, cacheRead: 1024, output: 46 });
  assert.deepEqual(row.attempts[0]?.usage, { input: 93, cacheRead: 1024, output: 46 });
  assert.match(text, /: x-tollgate \{"cost_usd":"[0-9.]+","cost_status":"estimated"/);
});

test('Responses become chat completions where a provider has no Responses, and pass where it has', async () => {
  const reply = jsonReply(wireJson('chat.json'));
  const { asked, text } = await run('/v1/responses', { input: 'hello', user: 'u' }, 'mistral/mistral-test', [reply]);
  assert.equal(asked[0]?.url, 'https://api.mistral.ai/v1/chat/completions');
  assert.deepEqual(bodyOf(asked[0]), { model: 'mistral-test', ...hello });
  assert.deepEqual([JSON.parse(text).object, JSON.parse(text).status], ['response', 'completed']);
  const native = await run('/v1/responses', { input: 'hello' }, 'openai/gpt-test', [
    jsonReply(wireJson('responses.json')),
  ]);
  assert.equal(native.asked[0]?.url, 'https://api.openai.com/v1/responses');
  assert.equal(native.text, JSON.stringify(wireJson('responses.json')));
  assert.equal(header(native.response, 'x-tollgate-translated'), undefined);
});

test('a model that is no alias is never translated', async () => {
  const { asked, text } = await run(
    '/p/anthropic/v1/chat/completions',
    { ...hello, model: 'claude-test' },
    [],
    [jsonReply({ own: true })],
  );
  assert.equal(asked[0]?.url, 'https://api.anthropic.com/v1/chat/completions');
  assert.equal(text, '{"own":true}');
});

test('tokens are counted here for a model whose provider counts none, and by Anthropic for its own', async () => {
  const path = '/v1/messages/count_tokens';
  const here = await run(path, { system: 'one two', ...hello }, 'openai/gpt-test', [new Error('asked')]);
  // "user" and "hello" are two words more; the test's counter counts words.
  assert.deepEqual([here.response.status, JSON.parse(here.text)], [200, { input_tokens: 4 }]);
  assert.equal(header(here.response, 'x-tollgate-tokens'), 'estimated');
  assert.deepEqual(
    [here.row.call.endpoint, here.row.call.metered, here.row.attempts.length],
    ['messages.count_tokens', true, 0],
  );
  const there = await run(path, hello, ['openai/gpt-test', 'anthropic/claude-test'], [jsonReply({ input_tokens: 9 })]);
  assert.deepEqual([there.asked[0]?.url, there.text], [`https://api.anthropic.com${path}`, '{"input_tokens":9}']);
  assert.deepEqual([there.row.attempts[0]?.costStatus, there.row.attempts.length], ['notBilled', 1]);
});

test('a target that cannot take a field is passed over where another can', async () => {
  const { response, asked, row } = await run(
    chat,
    { ...hello, n: 2 },
    ['anthropic/claude-test', 'openai/gpt-test'],
    [jsonReply(wireJson('chat.json'))],
  );
  assert.equal(response.status, 200);
  assert.deepEqual(
    asked.map(({ url }) => url),
    ['https://api.openai.com/v1/chat/completions'],
  );
  assert.equal(header(response, 'x-tollgate-translated'), undefined);
  assert.equal(row.attempts.length, 1);
});

test('a fallback crosses dialects, and each attempt is metered by its own', async () => {
  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  const { response, text, row } = await run(
    '/v1/messages',
    { ...hello, max_tokens: 5 },
    ['anthropic/claude-test', 'openai/gpt-test'],
    [jsonReply(overloaded, 529), jsonReply(wireJson('chat.json'))],
  );
  assert.equal(header(response, 'x-tollgate-fallback'), 'from=anthropic/claude-test;class=overload');
  assert.equal(header(response, 'x-tollgate-translated'), 'chat.completions');
  assert.equal(JSON.parse(text).type, 'message');
  assert.deepEqual(
    row.attempts.map(({ provider, status, usage }) => [provider, status, usage]),
    [
      ['anthropic', 529, {}],
      ['openai', 200, { input: 93, cacheRead: 1024, output: 46 }],
    ],
  );
});

test('reasoning that a later turn would send to a provider of the client’s own dialect is not told', async () => {
  const message = { content: 'Hi.', reasoning_content: 'Hm.' };
  const reply = jsonReply({ ...wireJson('chat.json'), choices: [{ index: 0, message, finish_reason: 'stop' }] });
  const body = { ...hello, max_tokens: 5, thinking: { type: 'adaptive' } };
  const kinds = async (...targets: string[]): Promise<unknown> => {
    const { text } = await run('/v1/messages', body, targets, [reply]);
    return JSON.parse(text).content.map(({ type }: { type: string }) => type);
  };
  assert.deepEqual(await kinds('openai/gpt-test', 'mistral/m'), ['thinking', 'text']);
  assert.deepEqual(await kinds('openai/gpt-test', 'anthropic/claude-test'), ['text']);
});

test('a foreign stream that breaks before any content gives way to the next target, and nothing is told twice', async () => {
  const [opening = ''] = wireFixture('messages.sse')
    .toString()
    .split(/(?<=\n\n)/);
  const busy = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Busy"}}\n\n';
  const body = { ...hello, stream: true, stream_options: { include_usage: true } };
  for (const broken of [[opening, busy], [opening], []]) {
    const { response, text, row } = await run(
      chat,
      body,
      ['anthropic/claude-test', 'openai/gpt-test'],
      [sseReply(broken), sseReply([wireFixture('chat.sse')])],
    );
    assert.equal(text.startsWith(wireFixture('chat.sse').toString()), true);
    assert.equal(header(response, 'x-tollgate-translated'), undefined);
    assert.equal(row.attempts.length, 2);
  }
  const { text, row } = await run(
    chat,
    body,
    ['openai/gpt-test', 'anthropic/claude-test'],
    [sseReply([]), sseReply([wireFixture('messages.sse')])],
  );
  assert.equal(text.split('"role":"assistant"').length, 2);
  assert.deepEqual(
    row.attempts.map(({ provider, status }) => [provider, status]),
    [
      ['openai', 200],
      ['anthropic', 200],
    ],
  );
});

test('the other provider’s errors are told in the client’s dialect, JSON or not, compressed or not', async () => {
  const tooLong = { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 9 > 8' } };
  const first = await run(chat, hello, 'anthropic/claude-test', [jsonReply(tooLong, 400)]);
  assert.equal(first.response.status, 400);
  assert.equal(header(first.response, 'x-tollgate-error-origin'), 'upstream');
  assert.deepEqual(JSON.parse(first.text).error, {
    message: 'prompt is too long: 9 > 8',
    type: 'invalid_request_error',
    param: null,
    code: 'context_length_exceeded',
  });
  const page: ProxyResponse = {
    status: 503,
    headers: [
      ['content-type', 'text/html'],
      ['content-encoding', 'gzip'],
      ['retry-after', '3'],
    ],
    body: gzipSync('<html>'),
  };
  const second = await run('/v1/messages', hello, 'openai/gpt-test', [page]);
  assert.deepEqual(JSON.parse(second.text), {
    type: 'error',
    error: { type: 'api_error', message: 'The provider answered with 503.' },
  });
  assert.deepEqual(
    ['content-type', 'content-encoding', 'retry-after'].map((name) => header(second.response, name)),
    ['application/json', undefined, '3'],
  );
});

test('an answer that is none of its dialect is an error, and what it used is billed', async () => {
  const odd = { model: 'gpt-test', usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 } };
  const { response, text, row } = await run('/v1/messages', hello, 'openai/gpt-test', [jsonReply(odd)]);
  assert.deepEqual([response.status, JSON.parse(text).type], [502, 'error']);
  assert.equal(row.attempts[0]?.costPicoUsd, 13_000_000);
});

for (const [path, target, name, endpoint] of [
  [chat, 'anthropic/claude-test', 'messages.sse', 'chat.completions'],
  ['/v1/responses', 'anthropic/claude-test', 'messages.sse', 'responses'],
  ['/v1/messages', 'openai/gpt-test', 'chat.sse', 'messages'],
] as const)
  test(`${name} for ${endpoint}: cut anywhere, it ends whole or with an error event of the client’s dialect`, async () => {
    const fixture = wireFixture(name);
    for (let cut = 0; cut <= fixture.length; cut += 37) {
      for (const failure of [undefined, new UpstreamFailed('reset', 'x')]) {
        const asked = { ...(endpoint === 'responses' ? { input: 'hello' } : hello), stream: true };
        const { text, row } = await run(path, asked, target, [sseReply([fixture.subarray(0, cut)], failure)]);
        const reader = createStreamReader(parsedRequest(endpoint, { stream: true }));
        reader.push(Buffer.from(text));
        assert.notEqual(reader.events.ended, reader.events.error !== undefined, `cut at ${cut}`);
        assert.equal(row.attempts[0]?.errorClass, reader.events.ended ? undefined : 'streamIncomplete');
      }
    }
  });

test('a compressed stream that was not to be compressed is an error', async () => {
  const packed = gzipSync(wireFixture('messages.sse'));
  const answer = { ...sseReply([packed]), headers: [...sseReply([]).headers, ['content-encoding', 'gzip']] as const };
  const { response, row } = await run(chat, { ...hello, stream: true }, 'anthropic/claude-test', [answer]);
  assert.deepEqual([response.status, row.attempts[0]?.errorClass], [502, 'reset']);
});

test('what is kept is the answer the client got: it is replayed in the client’s dialect, whole and streamed', async () => {
  for (const [body, answer] of [
    [hello, jsonReply(wireJson('messages.json'))],
    [{ ...hello, stream: true }, sseReply([wireFixture('messages.sse')])],
  ] as const) {
    const stored: StoredAnswer[] = [];
    const answerCache: AnswerCache = {
      lookup: () => ({ outcome: 'miss', ticket: { exactKey: 'k' } }),
      store: (_ticket, kept) => stored.push(kept),
    };
    const { text } = await run(chat, body, 'anthropic/claude-test', [answer], {}, { answerCache });
    const [kept = assert.fail()] = stored;
    assert.deepEqual([kept.endpoint, kept.finish, kept.usage.cacheRead], ['chat.completions', 'stop', 1000]);
    if (!('stream' in body)) assert.equal(kept.json, text);
    assert.equal(JSON.parse(kept.json).choices[0].message.content, 'Okay, 日本 🍣');
    const replayed = replayAnswer(kept, parsedRequest('chat.completions', { stream: true })) ?? assert.fail();
    assert.match(Buffer.from(replayed).toString(), /"content":"Okay, 日本 🍣"[\s\S]*data: \[DONE\]/);
    assert.equal(replayAnswer(kept, parsedRequest('messages', {})), undefined);
  }
});
