import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventFramer } from '../../../src/wire/eventFramer.ts';
import type { BodyEndpoint } from '../../../src/wire/parsedRequest.ts';
import { readReply } from '../../../src/wire/replyFacts.ts';
import { createStreamReader, type StreamReader } from '../../../src/wire/streamReader.ts';
import { parsedRequest, wireFixture, wireJson } from '../../support/wireFixtures.ts';

function read(endpoint: BodyEndpoint, pieces: Iterable<Uint8Array>, body: object = {}): StreamReader {
  const reader = createStreamReader(parsedRequest(endpoint, { stream: true, ...body }));
  for (const piece of pieces) reader.push(piece);
  return reader;
}

const streams: readonly (readonly [BodyEndpoint, string, string])[] = [
  ['chat.completions', 'chat.sse', 'chat.json'],
  ['completions', 'completions.sse', 'completions.json'],
  ['responses', 'responses.sse', 'responses.json'],
  ['messages', 'messages.sse', 'messages.json'],
];

for (const [endpoint, name, replyName] of streams) {
  const bytes = wireFixture(name);
  const expected = wireJson(replyName);

  test(`${name}: cut at every byte, the same facts and the same reply`, () => {
    const whole = read(endpoint, [bytes]).events;
    const { finish: _finish, ...facts } = readReply(endpoint, expected);
    assert.deepEqual(whole.facts().usage?.usage, facts.usage?.usage);
    assert.equal(whole.facts().model, facts.model);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { events } = read(endpoint, [bytes.subarray(0, cut), bytes.subarray(cut)]);
      assert.deepEqual(events.facts(), whole.facts());
      assert.equal(events.ended, true);
      assert.equal(events.error, undefined);
    }
    const byByte = read(
      endpoint,
      [...bytes].map((byte) => Uint8Array.of(byte)),
    ).events;
    assert.deepEqual(byByte.facts(), whole.facts());
    assert.deepEqual(normal(byByte.reply()), normal(whole.reply()));
  });

  test(`${name} adds up to ${replyName}`, () => {
    assert.deepEqual(normal(read(endpoint, [bytes]).events.reply()), normal(expected));
  });

  test(`${name}: every prefix is begun, under way or ended, in that order`, () => {
    let states = '';
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { contentStarted, ended } = read(endpoint, [bytes.subarray(0, cut)]).events;
      const state = ended ? 'e' : contentStarted ? 'c' : '-';
      if (!states.endsWith(state)) states += state;
    }
    assert.equal(states, '-ce');
  });

  test(`${name}: the framer lets whole events through, and every byte`, () => {
    for (let cut = 0; cut <= bytes.length; cut += 7) {
      const framer = createEventFramer();
      const out = [bytes.subarray(0, cut), bytes.subarray(cut)].map((piece) => Buffer.from(framer.push(piece)));
      for (const piece of out) assert.ok(piece.length === 0 || piece.toString().endsWith('\n\n'));
      assert.equal(Buffer.concat([...out, framer.rest()]).equals(bytes), true);
    }
  });
}

/** What a stream cannot know, or a reply need not say. */
function normal(reply: object | undefined): unknown {
  return JSON.parse(
    JSON.stringify(reply, (key, value: unknown) => (key === 'annotations' || key === 'logprobs' ? undefined : value)),
  );
}

test('tool calls are put together, CRLF line ends and all, and count as tool use', () => {
  const bytes = wireFixture('chat.tools.crlf.sse');
  for (const pieces of [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))]) {
    const { events } = read('chat.completions', pieces);
    const reply = events.reply();
    assert.deepEqual(reply?.choices, [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [
            {
              id: 'call_DdmO9pD3xa9XTPNJ32zg2hcA',
              type: 'function',
              function: { name: 'get_weather', arguments: '{"location":"Zürich"}' },
            },
            { id: 'call_2', type: 'function', function: { name: 'get_time', arguments: '{}' } },
          ],
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ]);
    assert.equal(events.ended, true);
    assert.equal(events.facts().usage, undefined);
    assert.equal(reply && readReply('chat.completions', reply).finish, 'toolUse');
  }
});

test('two choices end when both have ended, and as their least natural one', () => {
  const bytes = wireFixture('chat.two.sse');
  const { events } = read('chat.completions', [bytes], { n: 2 });
  assert.equal(events.ended, true);
  const reply = events.reply();
  assert.equal(reply && readReply('chat.completions', reply).finish, 'length');
  const lastEvent = bytes.lastIndexOf('data: ');
  assert.equal(read('chat.completions', [bytes.subarray(0, lastEvent)], { n: 2 }).events.ended, false);
});

test('an Anthropic tool call has its input from the pieces of its JSON', () => {
  const { events } = read('messages', [wireFixture('messages.tools.sse')]);
  assert.deepEqual(events.reply()?.content, [
    { type: 'text', text: "Let's check." },
    {
      type: 'tool_use',
      id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6',
      name: 'get_weather',
      input: { location: 'San Francisco' },
    },
  ]);
  assert.deepEqual(events.facts().usage?.usage, { input: 472, output: 89 });
  assert.equal(events.generatedText(), 'Let\'s check.\n{"location": "San Francisco"}');
});

test('an error event of the provider is an error, in each dialect', () => {
  const anthropic =
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
  const openai = 'data: {"error":{"message":"The server had an error","type":"server_error"}}\n\n';
  const responses = 'event: error\ndata: {"type":"error","code":"server_error","message":"x","param":null}\n\n';
  assert.equal(read('messages', [Buffer.from(anthropic)]).events.error?.type, 'overloaded_error');
  assert.equal(read('chat.completions', [Buffer.from(openai)]).events.error?.type, 'server_error');
  assert.equal(read('responses', [Buffer.from(responses)]).events.error?.code, 'server_error');
});

test('text that is no event stream reads as one without events', () => {
  const { events } = read('chat.completions', [Buffer.from('<html>\n\n</html>'), Buffer.from([0xff, 0xfe])]);
  assert.deepEqual(
    [events.contentStarted, events.ended, events.error, events.reply()],
    [false, false, undefined, undefined],
  );
});
