import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerCache, AnswerScope, CacheLookup } from '../../../src/cache/answerCache.ts';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import type { ProxyDeps } from '../../../src/proxy/deps.ts';
import type { HeaderPairs } from '../../../src/proxy/exchange.ts';
import type { StoredAnswer } from '../../../src/wire/storedAnswer.ts';
import {
  fallbackOnEverything,
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  scriptedUpstream,
  sseReply,
  testConfig,
  textOf,
} from '../../support/proxyDeps.ts';
import { wireFixture, wireJson } from '../../support/wireFixtures.ts';

const chat = '/v1/chat/completions';
const body = { model: 'gpt-test', messages: [{ role: 'user', content: 'hi' }] };

interface CacheDouble extends AnswerCache {
  readonly stored: { readonly answer: StoredAnswer; readonly cost: number | undefined }[];
  readonly scopes: AnswerScope[];
}

function cacheDouble(lookup: CacheLookup): CacheDouble {
  const stored: CacheDouble['stored'] = [];
  const scopes: AnswerScope[] = [];
  return {
    stored,
    scopes,
    lookup(_request, scope) {
      scopes.push(scope);
      return lookup;
    },
    store: (_ticket, answer, cost) => stored.push({ answer, cost }),
  };
}

const miss: CacheLookup = { outcome: 'miss', ticket: { exactKey: 'k' } };
const answer: StoredAnswer = {
  endpoint: 'chat.completions',
  json: wireFixture('chat.json').toString('utf8'),
  model: 'gpt-4o-2024-08-06',
  finish: 'stop',
  usage: { input: 93, cacheRead: 1024, output: 46 },
};
const hit: CacheLookup = {
  outcome: 'hitSemantic',
  reason: 'same wording',
  found: { answer, ageMs: 120_900, costPicoUsd: 5_000_000, similarity: 0.9712, entryId: 'e1' },
};

function proxyWith(answerCache: AnswerCache, upstream: ProxyDeps['upstream']) {
  const double = proxyDouble(upstream, { answerCache });
  return { ...double, proxy: createProxy(double.deps) };
}

test('a hit is replayed without an attempt, and says where it is from and what it saved', async () => {
  const { proxy, recorded } = proxyWith(cacheDouble(hit), () => assert.fail('the upstream was asked'));
  const response = await proxy.handle(proxyRequest(chat, body));
  assert.equal(await textOf(response), answer.json);
  assert.equal(header(response, 'x-cache'), 'hit-semantic');
  assert.equal(
    header(response, 'x-tollgate-cache'),
    'SEMANTIC-HIT;reason=same-wording;sim=0.971;age=120;entry=e1;saved-usd=0.00000500',
  );
  assert.equal(header(response, 'x-tollgate-cost-usd'), '0.00000000');
  assert.equal(header(response, 'x-tollgate-cost-status'), 'not-billed');
  const [{ call, attempts } = assert.fail()] = recorded;
  assert.deepEqual(
    [call.cache, call.cacheReason, call.savedPicoUsd, call.model, attempts.length],
    ['hitSemantic', 'same wording', 5_000_000, 'openai/gpt-4o-2024-08-06', 0],
  );
});

test('a hit answers a stream as a stream', async () => {
  const { proxy } = proxyWith(cacheDouble(hit), () => assert.fail());
  const response = await proxy.handle(proxyRequest(chat, { ...body, stream: true }));
  assert.equal(header(response, 'content-type'), 'text/event-stream; charset=utf-8');
  assert.equal((await textOf(response)).endsWith('data: [DONE]\n\n'), true);
});

test('a hit that cannot be told in the form that is asked for is a miss', async () => {
  const other: CacheLookup = { ...hit, found: { ...hit.found, answer: { ...answer, endpoint: 'responses' } } };
  const { proxy, recorded } = proxyWith(cacheDouble(other), scriptedUpstream(jsonReply({ model: 'gpt-test' })).send);
  const response = await proxy.handle(proxyRequest(chat, body));
  await textOf(response);
  await proxy.settled();
  assert.equal(header(response, 'x-cache'), 'miss');
  assert.deepEqual([recorded[0]?.call.cache, recorded[0]?.call.savedPicoUsd], ['miss', undefined]);
});

test('an answer is stored with its cost: JSON to the byte, a stream as the reply it adds up to', async () => {
  for (const reply of [jsonReply(wireJson('chat.json')), sseReply([wireFixture('chat.sse')])]) {
    const cache = cacheDouble(miss);
    const { proxy } = proxyWith(cache, scriptedUpstream(reply).send);
    await textOf(await proxy.handle(proxyRequest(chat, { ...body, stream: true })));
    const [stored] = cache.stored;
    assert.equal(cache.stored.length, 1);
    assert.deepEqual(stored?.answer.usage, answer.usage);
    assert.equal(stored?.answer.finish, 'stop');
    // 93 input at $1, 1024 cached at $0.50, 46 output at $10 per million.
    assert.equal(stored?.cost, 1_065_000_000);
    const kept = JSON.parse(stored?.answer.json ?? '');
    assert.equal(kept.choices[0].message.content, 'Grüße aus 東京 🗼! He said "usage":{} \\ ok\n');
  }
});

test('errors, broken streams and answers without a ticket are not stored', async () => {
  const cut = wireFixture('chat.sse').subarray(0, 900);
  for (const [lookup, reply] of [
    [miss, jsonReply({ error: {} }, 500)],
    [miss, sseReply([cut])],
    [{ outcome: 'miss' }, jsonReply(wireJson('chat.json'))],
    [{ outcome: 'bypass', reason: 'off' }, jsonReply(wireJson('chat.json'))],
  ] as const) {
    const cache = cacheDouble(lookup);
    const { proxy } = proxyWith(cache, scriptedUpstream(reply).send);
    await textOf(await proxy.handle(proxyRequest(chat, { ...body, stream: true })));
    await proxy.settled();
    assert.deepEqual(cache.stored, []);
  }
});

test('shadow asks the upstream, and records what would have been saved', async () => {
  const shadow: CacheLookup = {
    outcome: 'shadowExact',
    found: { ageMs: 1, costPicoUsd: 9 },
    ticket: { exactKey: 'k' },
  };
  const cache = cacheDouble(shadow);
  const { proxy, recorded } = proxyWith(cache, scriptedUpstream(jsonReply(wireJson('chat.json'))).send);
  const response = await proxy.handle(proxyRequest(chat, body));
  assert.equal(header(response, 'x-cache'), 'miss');
  assert.equal(header(response, 'x-tollgate-cache'), 'MISS');
  assert.deepEqual([recorded[0]?.call.cache, recorded[0]?.call.savedPicoUsd], ['shadowExact', 9]);
  assert.equal(cache.stored.length, 1);
});

test('the scope says who asks whom: two keys, two versions and two namespaces are kept apart', async () => {
  const cache = cacheDouble(miss);
  const { proxy } = proxyWith(cache, scriptedUpstream(jsonReply({})).send);
  const ask = async (...more: HeaderPairs): Promise<void> => {
    await textOf(
      await proxy.handle(proxyRequest(chat, body, { headers: [['content-type', 'application/json'], ...more] })),
    );
  };
  await ask(['authorization', 'Bearer sk-a'], ['x-tollgate-session', 's1'], ['x-tollgate-user', 'jane']);
  await ask(['authorization', 'Bearer sk-b'], ['openai-organization', 'o']);
  await ask(['authorization', 'Bearer sk-a'], ['x-tollgate-cache-namespace', 'n']);
  const [a, b, c] = cache.scopes;
  assert.deepEqual(
    { ...a, credential: '', user: '' },
    {
      workspaceId: 'w1',
      session: 's1',
      user: '',
      namespace: undefined,
      provider: 'openai',
      baseUrl: 'https://api.openai.com/v1',
      model: 'gpt-test',
      alias: undefined,
      credential: '',
      variant: '',
    },
  );
  assert.match(a?.credential ?? '', /^[\w-]{22}$/);
  assert.match(a?.user ?? '', /^[\w-]{22}$/);
  assert.notEqual(a?.credential, b?.credential);
  assert.equal(a?.credential, c?.credential);
  assert.equal(b?.variant, 'openai-organization=o\n');
  assert.notEqual(c?.namespace, undefined);
});

test('an alias that stands for other targets than before gets new answers', async () => {
  const cache = cacheDouble(miss);
  const scopeWith = async (...models: string[]) => {
    const targets = models.map((model) => ({ provider: 'openai', model }));
    const config = testConfig({ aliases: { cheap: { targets, onOverflow: 'error', fallback: fallbackOnEverything } } });
    const { deps } = proxyDouble(scriptedUpstream(jsonReply({})).send, { answerCache: cache, configOf: () => config });
    await textOf(await createProxy(deps).handle(proxyRequest(chat, { ...body, model: 'cheap' })));
    return cache.scopes.at(-1);
  };
  const [one, again, two] = [
    await scopeWith('gpt-test'),
    await scopeWith('gpt-test'),
    await scopeWith('gpt-test', 'gpt-dear'),
  ];
  assert.equal(one?.model, 'gpt-test');
  assert.deepEqual(one, again);
  assert.deepEqual({ ...two, alias: one?.alias }, one);
  assert.notEqual(two?.alias, one?.alias);
});

test('a query is part of what is asked', async () => {
  const cache = cacheDouble(miss);
  const { proxy } = proxyWith(cache, scriptedUpstream(jsonReply({})).send);
  for (const query of ['', '?beta=true', '?beta=false'])
    await textOf(await proxy.handle(proxyRequest(`${chat}${query}`, body)));
  assert.deepEqual(
    cache.scopes.map(({ variant }) => variant),
    ['', '?beta=true\n', '?beta=false\n'],
  );
});

test('only-if-cached without an entry is 504, and nobody is asked', async () => {
  const { proxy, recorded } = proxyWith(cacheDouble(miss), () => assert.fail());
  const headers: HeaderPairs = [
    ['authorization', 'Bearer k'],
    ['cache-control', 'only-if-cached'],
  ];
  assert.equal((await proxy.handle(proxyRequest(chat, body, { headers }))).status, 504);
  assert.equal(recorded[0]?.call.errorClass, 'not_in_cache');
});

test('identical calls in flight ask once: each has its own row, and only one an attempt', async () => {
  let release: () => void = () => {};
  const gate = new Promise<void>((open) => {
    release = open;
  });
  let asked = 0;
  const { proxy, recorded } = proxyWith(cacheDouble({ ...miss, flightKey: 'f' }), async () => {
    asked++;
    await gate;
    return sseReply([wireFixture('chat.sse')]);
  });
  const streaming = { ...body, stream: true, stream_options: { include_usage: true } };
  const calls = [streaming, streaming, body, body].map((asking) => proxy.handle(proxyRequest(chat, asking)));
  release();
  const texts = await Promise.all(calls.map(async (call) => textOf(await call)));
  assert.equal(asked, 1);
  assert.equal(JSON.parse(texts[2] ?? '').choices[0].finish_reason, 'stop');
  assert.equal(texts[2], texts[3]);
  assert.equal(texts[1]?.includes('"prompt_tokens":1117'), true);
  assert.deepEqual(recorded.map(({ call, attempts }) => `${call.cache} ${attempts.length}`).sort(), [
    'joined 0',
    'joined 0',
    'joined 0',
    'miss 1',
  ]);
});

test('those who wait for a call that fails, or whose answer is not for sharing, ask for themselves', async () => {
  const toolCall = {
    ...wireJson('chat.json'),
    choices: [{ message: { tool_calls: [{}] }, finish_reason: 'tool_calls' }],
  };
  for (const reply of [jsonReply({ error: {} }, 500), sseReply([]), jsonReply(toolCall)]) {
    let asked = 0;
    const { proxy, recorded } = proxyWith(cacheDouble({ ...miss, flightKey: 'f' }), async () => {
      asked++;
      await Promise.resolve();
      return reply.body instanceof Uint8Array ? reply : sseReply([]);
    });
    await Promise.all([1, 2, 3].map(async () => textOf(await proxy.handle(proxyRequest(chat, body)))));
    await proxy.settled();
    assert.equal(asked, 3);
    assert.deepEqual(
      recorded.map(({ call }) => call.cache),
      ['miss', 'miss', 'miss'],
    );
  }
});
