import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  answerOf,
  bothOn,
  chat,
  day,
  noDirectives,
  openCache,
  requestOf,
  rowsOf,
  scope,
  servedText,
  statsOf,
  withModes,
} from './cacheFixture.ts';

describe('exact', () => {
  test('an identical request is answered, with age, saving and the entry it came from', () => {
    const { ask, clock } = openCache();
    const first = ask(chat('What is a lock?'), { answer: answerOf('A lock is …') });
    assert.equal(first.outcome, 'miss');
    clock.pass(5000);
    const second = ask(chat('What is a lock?'));
    assert.equal(second.outcome, 'hitExact');
    assert.equal(servedText(second), 'A lock is …');
    assert.ok('found' in second && 'entryId' in second.found);
    assert.deepEqual([second.found.ageMs, second.found.costPicoUsd], [5000, 1_500_000]);
  });

  test('key order, number form, streaming and what is only bookkeeping do not matter', () => {
    const { ask } = openCache();
    ask(chat('q', { top_p: 1, max_tokens: 10 }));
    const other = JSON.parse(
      '{"max_tokens":1e1,"user":"u","metadata":{"a":"b"},"stream":true,"stream_options":{"include_usage":true},"top_p":1.0,"temperature":0.0,"messages":[{"content":"q","role":"user"}],"model":"gpt-4o-mini"}',
    );
    assert.equal(ask(requestOf(other)).outcome, 'hitExact');
  });

  test('a miss under way can be joined, but only where the exact cache would serve', () => {
    const { ask } = openCache();
    const miss = ask(chat('a'), { answer: answerOf('', {}) });
    const same = ask(chat('a'), { answer: answerOf('') });
    assert.ok('flightKey' in miss && 'flightKey' in same && miss.flightKey !== undefined);
    assert.equal(miss.flightKey, same.flightKey);
    assert.ok(!('flightKey' in ask(chat('b'), { config: withModes('shadow', 'off') })));
    assert.ok(!('flightKey' in ask(chat('c'), { directives: { skipRead: true } })));
  });

  test('auto serves where determinism is asked for and shadows the rest', () => {
    const { ask } = openCache();
    const config = withModes('auto', 'off');
    for (const [more, outcome] of [
      [{ temperature: 0 }, 'hitExact'],
      [{ temperature: 1, seed: 7 }, 'hitExact'],
      [{ temperature: 1 }, 'shadowExact'],
      [{ temperature: undefined }, 'shadowExact'],
    ] as const) {
      assert.equal(ask(chat('q', more), { config }).outcome, 'miss');
      assert.equal(ask(chat('q', more), { config }).outcome, outcome);
    }
    const embedding = requestOf({ model: 'text-embedding-3-small', input: 'x' }, 'embeddings');
    const answer = answerOf('', { endpoint: 'embeddings', json: '{"data":[{"embedding":[0.1]}]}' });
    ask(embedding, { config, answer });
    assert.equal(ask(embedding, { config }).outcome, 'hitExact');
  });
});

describe('wording', () => {
  test('the same question in other words, across streams and system prompts that are equal', () => {
    const { ask } = openCache();
    const system = { role: 'system', content: 'Be brief.' };
    const asked = (question: string, more = {}) =>
      chat('', { messages: [system, { role: 'user', content: question }], ...more });
    ask(asked("How's the weather?"), { answer: answerOf('Sunny') });
    const found = ask(asked('What is the weather like?', { stream: true }));
    assert.equal(found.outcome, 'hitWording');
    assert.equal(servedText(found), 'Sunny');
    assert.equal(ask(chat('What is the weather like?')).outcome, 'miss');
  });

  test('Anthropic messages and Responses, as text or as parts', () => {
    const { ask } = openCache();
    const pairs: [string, unknown][] = [
      ['messages', { system: 'x', messages: [{ role: 'user', content: 'Q' }] }],
      ['messages', { max_tokens: 5, messages: [{ role: 'user', content: [{ type: 'text', text: 'Q' }] }] }],
      ['responses', { instructions: 'x', input: 'Q' }],
      ['responses', { input: [{ role: 'user', content: [{ type: 'input_text', text: 'Q' }] }] }],
      ['responses', { input: [{ type: 'message', role: 'user', content: 'Q' }] }],
    ];
    for (const [endpoint, template] of pairs) {
      const request = (question: string) => {
        const body = JSON.parse(JSON.stringify(template).replace('"Q"', JSON.stringify(question)));
        return requestOf({ model: 'm', ...body }, endpoint === 'messages' ? 'messages' : 'responses');
      };
      const answer =
        endpoint === 'messages'
          ? answerOf('', { endpoint: 'messages', json: '{"content":[{"type":"text","text":"yes"}]}' })
          : answerOf('', {
              endpoint: 'responses',
              json: '{"output":[{"content":[{"type":"output_text","text":"yes"}]}]}',
            });
      assert.equal(ask(request('How do I delete a folder?'), { answer }).outcome, 'miss');
      assert.equal(ask(request('How can I remove a directory?')).outcome, 'hitWording', JSON.stringify(template));
    }
  });

  test('a guard that objects is named', () => {
    const { ask } = openCache();
    ask(chat('Limit uploads to 5 Mb'));
    const found = ask(chat('Limit uploads to 5 MB'));
    assert.deepEqual([found.outcome, found.reason], ['miss', 'guard:unit']);
  });

  test('what is more than one question is only matched letter by letter, and says why', () => {
    const { ask } = openCache();
    const turns = [
      { role: 'user', content: 'I write C#.' },
      { role: 'assistant', content: 'Noted.' },
    ];
    const reasonOf = (request: Parameters<typeof ask>[0]) => ask(request).reason;
    assert.equal(reasonOf(chat('Fix this bug')), 'deictic');
    assert.equal(reasonOf(chat('Explain\n```js\nlet a\n```')), 'code');
    assert.equal(reasonOf(chat('Warum ist der Himmel blau und nicht gelb?')), 'language');
    assert.equal(reasonOf(chat('word '.repeat(200))), 'tooLong');
    for (const request of [
      chat('', { messages: [...turns, { role: 'user', content: 'What is a lock?' }] }),
      chat('What is a lock?', { tools: [{ type: 'function', function: { name: 'f' } }] }),
      chat('What is a lock?', { temperature: 1 }),
      chat('What is a lock?', { n: 2 }),
      chat('', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }] }),
    ]) {
      assert.equal(reasonOf(request), 'notOneQuestion');
      assert.equal(ask(request).outcome, 'hitExact');
    }
  });
});

describe('time', () => {
  test('an answer ends at its age, however often it was used', () => {
    const { ask, clock } = openCache();
    ask(chat('q'));
    for (let hour = 0; hour < 23; hour++) {
      clock.pass(3_600_000);
      assert.equal(ask(chat('q')).outcome, 'hitExact');
    }
    clock.pass(3_600_000);
    assert.equal(ask(chat('q')).outcome, 'miss');
  });

  test('what depends on the day is kept five minutes, exactly or in other words', () => {
    const { ask, clock } = openCache();
    ask(chat('What is the latest version of Node.js?'));
    clock.pass(5 * 60_000 - 1);
    assert.equal(ask(chat('What is the latest version of Node.js?')).outcome, 'hitExact');
    assert.equal(ask(chat("What's the latest version of Node.js?")).outcome, 'hitWording');
    clock.pass(1);
    assert.equal(ask(chat('What is the latest version of Node.js?')).outcome, 'miss');
    clock.pass(60 * 60_000);
    ask(chat('How do I get the current date in JavaScript?'));
    clock.pass(60 * 60_000);
    assert.equal(ask(chat('How do I get the current date in JavaScript?')).outcome, 'hitExact');
  });

  test('a shorter time to live in the configuration counts for what is already kept', () => {
    const { ask, clock } = openCache();
    ask(chat('q'));
    clock.pass(2000);
    const config = {
      ...bothOn,
      exact: { ...bothOn.exact, ttlMs: 2000 },
      semantic: { ...bothOn.semantic, ttlMs: 2000 },
    };
    assert.equal(ask(chat('q'), { config }).outcome, 'miss');
  });

  test('max-age, ttl, no-cache and no-store of the request', () => {
    const { ask, clock } = openCache();
    ask(chat('q'), { answer: answerOf('old') });
    clock.pass(1000);
    assert.equal(ask(chat('q'), { directives: { maxAgeMs: 1001 } }).outcome, 'hitExact');
    assert.equal(ask(chat('q'), { directives: { maxAgeMs: 1000, skipWrite: true } }).outcome, 'miss');
    assert.equal(ask(chat('q'), { directives: { maxAgeMs: 0, skipWrite: true } }).outcome, 'bypass');
    const fresh = ask(chat('q'), { directives: { skipRead: true }, answer: answerOf('new') });
    assert.deepEqual([fresh.outcome, fresh.reason], ['bypass', 'noCache']);
    assert.equal(servedText(ask(chat('q'))), 'new');
    ask(chat('r'), { directives: { skipWrite: true } });
    assert.equal(ask(chat('r'), { directives: { skipWrite: true } }).outcome, 'miss');
    ask(chat('s'), { directives: { ttlMs: 100 } });
    clock.pass(100);
    assert.equal(ask(chat('s')).outcome, 'miss');
  });

  test('sweeping removes what has ended and nothing else', () => {
    const { ask, cache, clock } = openCache();
    ask(chat('old'));
    clock.pass(day / 2);
    ask(chat('new'));
    clock.pass(day / 2);
    assert.equal(cache.sweep(), 1);
    assert.equal(statsOf(cache).entries, 1);
    assert.equal(ask(chat('new')).outcome, 'hitExact');
  });
});

describe('what is kept', () => {
  const rejected: [string, ReturnType<typeof answerOf>, object?][] = [
    ['cut off', answerOf('x', { finish: 'length' })],
    ['tool call', answerOf('x', { finish: 'toolUse' })],
    ['refusal', answerOf('x', { finish: 'refusal' })],
    ['no end', answerOf('x', { finish: 'other' })],
    ['empty', answerOf('  ')],
    ['no JSON', answerOf('x', { json: '{"choices":[' })],
    ['an error in a 200', answerOf('x', { json: '{"error":{"message":"busy"}}' })],
    ['not the JSON asked for', answerOf('Sure! {}'), { response_format: { type: 'json_object' } }],
  ];
  for (const [name, answer, more] of rejected) {
    test(`not: ${name}`, () => {
      const { ask } = openCache();
      ask(chat('q', { ...more }), { answer });
      assert.equal(ask(chat('q', { ...more }), { answer }).outcome, 'miss');
    });
  }

  test('JSON where JSON was asked for', () => {
    const { ask } = openCache();
    const request = chat('q', { response_format: { type: 'json_schema', json_schema: {} } });
    ask(request, { answer: answerOf('{"a":1}') });
    assert.equal(ask(request).outcome, 'hitExact');
  });

  test('never what a provider does more than answer, nor numbers that cannot be compared', () => {
    const { ask } = openCache();
    const bypassed: [Parameters<typeof ask>[0], string][] = [
      [requestOf({ input: 'x', background: true }, 'responses'), 'background'],
      [requestOf({ input: 'x', conversation: 'c' }, 'responses'), 'stateful'],
      [requestOf({ input: 'x', tools: [{ type: 'web_search' }] }, 'responses'), 'hostedTool'],
      [requestOf({ messages: [], tools: [{ type: 'web_search_20250305', name: 's' }] }, 'messages'), 'hostedTool'],
      [requestOf({ messages: [] }, 'messages.count_tokens'), 'endpoint'],
      [chat('x', { store: true }), 'stateful'],
      [chat('x', { web_search_options: {} }), 'hostedTool'],
      [chat('x', { modalities: ['text', 'audio'] }), 'audio'],
      [chat('x', { seed: 2 ** 60 }), 'number'],
    ];
    for (const [request, reason] of bypassed) {
      assert.deepEqual(ask(request), { outcome: 'bypass', reason });
    }
    assert.deepEqual(ask(chat('x'), { config: withModes('off', 'off') }), { outcome: 'bypass', reason: 'off' });
  });

  test('an unknown cost stays unknown', () => {
    const { ask } = openCache();
    ask(chat('q'), { costPicoUsd: undefined });
    const found = ask(chat('q'));
    assert.ok('found' in found);
    assert.equal('costPicoUsd' in found.found, false);
  });
});

describe('shadow', () => {
  test('says what would have hit and what it would have saved, and keeps nothing', () => {
    const { ask, cache, store } = openCache();
    const config = withModes('shadow', 'shadow');
    assert.equal(ask(chat('What is a lock?'), { config }).outcome, 'miss');
    const same = ask(chat('What is a lock?'), { config });
    assert.equal(same.outcome, 'shadowExact');
    const worded = ask(chat("What's a lock?"), { config, costPicoUsd: 7 });
    assert.equal(worded.outcome, 'shadowWording');
    assert.ok('found' in worded);
    assert.deepEqual(worded.found, { ageMs: 0, costPicoUsd: 1_500_000 });
    cache.flush();
    assert.deepEqual(rowsOf(store, 'count(*) AS n'), [{ n: 0 }]);
  });

  test('exact on and wording in shadow: no question on disk', () => {
    const { ask, cache, store } = openCache();
    ask(chat('What is a lock?'), { config: withModes('on', 'shadow') });
    assert.equal(ask(chat("What's a lock?"), { config: withModes('on', 'shadow') }).outcome, 'shadowWording');
    cache.flush();
    const nothing = { question: null, wording_key: null };
    assert.deepEqual(rowsOf(store, 'question, wording_key'), [nothing, nothing]);
  });

  test('a route has modes of its own, and what it lets be kept stays', () => {
    const { cache, ask, store } = openCache();
    const config = { ...withModes('off', 'off'), routes: { classify: { exact: 'on', semantic: 'on' } } } as const;
    const look = (route: string | undefined) =>
      cache.lookup(chat("What's a lock?"), scope, noDirectives, config, { callId: 'c', route });
    assert.deepEqual(look(undefined), { outcome: 'bypass', reason: 'off' });
    const routed = cache.lookup(chat('What is a lock?'), scope, noDirectives, config, {
      callId: 'c',
      route: 'classify',
    });
    assert.ok(!(routed instanceof Promise) && routed.outcome === 'miss' && routed.ticket !== undefined);
    cache.store(routed.ticket, answerOf('an answer'), 1);
    ask(chat('other'), { config });
    assert.deepEqual(look('other'), { outcome: 'bypass', reason: 'off' });
    const found = look('classify');
    assert.ok(!(found instanceof Promise));
    assert.equal(found.outcome, 'hitWording');
    cache.flush();
    assert.deepEqual(rowsOf(store, 'question'), [{ question: 'What is a lock?' }]);
    ask(chat('other'), { config: withModes('off', 'off') });
    assert.deepEqual(rowsOf(store, 'question'), []);
  });

  test('turning the cache off removes what it kept, turning wording off its questions', () => {
    const { ask, cache, store } = openCache();
    ask(chat('What is a lock?'));
    cache.flush();
    ask(chat('x'), { config: withModes('on', 'off'), directives: { skipWrite: true } });
    assert.deepEqual(rowsOf(store, 'count(question) AS q, count(*) AS n'), [{ q: 0, n: 1 }]);
    ask(chat('x'), { config: withModes('shadow', 'off'), directives: { skipWrite: true } });
    assert.equal(statsOf(cache).entries, 0);
  });
});
