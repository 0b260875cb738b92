import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { isJsonObject, type JsonObject, parseJson } from '../../../../src/wire/json.ts';
import { createStreamReader } from '../../../../src/wire/streamReader.ts';
import { createStreamTranslation } from '../../../../src/wire/translate/createStreamTranslation.ts';
import { expectsThinking, type Reading, type TranslatedEndpoint } from '../../../../src/wire/translate/reading.ts';
import { translateReply } from '../../../../src/wire/translate/translateReply.ts';
import { assertGolden } from '../../../support/golden.ts';
import { parsedRequest } from '../../../support/wireFixtures.ts';

type From = Reading['from'];

function fixture(name: string): Buffer {
  return readFileSync(resolve(import.meta.dirname, '../../../fixtures', name));
}

function json(name: string): JsonObject {
  const value = parseJson(fixture(name).toString());
  assert.ok(isJsonObject(value));
  return value;
}

/** A client that asks for everything there is to see. */
const asked: Readonly<Record<TranslatedEndpoint, object>> = {
  'chat.completions': { stream: true, stream_options: { include_usage: true } },
  messages: { stream: true, thinking: { type: 'adaptive' } },
  responses: { stream: true, input: 'x', temperature: 0.5 },
};

function reading(endpoint: TranslatedEndpoint, from: From, body: object = asked[endpoint]): Reading {
  const request = parsedRequest(endpoint, body);
  return { request, endpoint, from, createdAt: 1_741_570_283, showsThinking: expectsThinking(request) };
}

const cases: readonly (readonly [endpoint: TranslatedEndpoint, from: From, fixture: string])[] = [
  ['chat.completions', 'messages', 'translate/messages.calls'],
  ['chat.completions', 'messages', 'translate/messages.refusal'],
  ['chat.completions', 'messages', 'wire/messages'],
  ['messages', 'chat.completions', 'translate/chat.calls'],
  ['messages', 'chat.completions', 'translate/chat.refusal'],
  ['messages', 'chat.completions', 'wire/chat'],
  ['responses', 'messages', 'translate/messages.calls'],
  ['responses', 'messages', 'translate/messages.refusal'],
  ['responses', 'messages', 'wire/messages'],
  ['responses', 'chat.completions', 'translate/chat.calls'],
  ['responses', 'chat.completions', 'translate/chat.refusal'],
  ['responses', 'chat.completions', 'wire/chat'],
];

function streamed(pieces: Iterable<Uint8Array>, how: Reading): Buffer {
  const translation = createStreamTranslation(how);
  return Buffer.concat([...[...pieces].map((piece) => translation.push(piece)), translation.end()]);
}

for (const [endpoint, from, name] of cases) {
  const label = `${name.replace('/', '.')}.for.${endpoint}`;
  const bytes = fixture(`${name}.sse`);
  const whole = streamed([bytes], reading(endpoint, from));

  test(`${label}: a whole reply`, () => {
    const reply = translateReply(json(`${name}.json`), reading(endpoint, from));
    assertGolden(`translate/${label}.json`, `${JSON.stringify(reply, null, 2)}\n`);
  });

  test(`${label}: a stream`, () => {
    assertGolden(`translate/${label}.sse`, whole.toString());
  });

  test(`${label}: cut anywhere, the stream is the same`, () => {
    for (let cut = 0; cut <= bytes.length; cut += 11)
      assert.equal(
        streamed([bytes.subarray(0, cut), bytes.subarray(cut)], reading(endpoint, from)).equals(whole),
        true,
      );
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    assert.equal(streamed(single, reading(endpoint, from)).equals(whole), true);
  });

  test(`${label}: what comes out is written as soon as it is known, in whole events`, () => {
    const translation = createStreamTranslation(reading(endpoint, from));
    let out = '';
    for (const event of bytes.toString().split(/(?<=\n\n)/)) {
      const written = Buffer.from(translation.push(Buffer.from(event))).toString();
      assert.ok(written === '' || written.endsWith('\n\n'));
      const text = /"(?:content|text|thinking|reasoning_content)":"([^"]+)"/.exec(event)?.[1];
      if (text !== undefined && event.includes('delta')) assert.ok(written.includes(text), event);
      out += written;
    }
    assert.equal(out + Buffer.from(translation.end()).toString(), whole.toString());
  });

  test(`${label}: the stream adds up to the whole reply, and ends`, () => {
    const reader = createStreamReader(parsedRequest(endpoint, asked[endpoint]));
    const events = whole.toString().split(/(?<=\n\n)/);
    // The reader knows no delta that is a list of anything but tool calls.
    reader.push(Buffer.from(events.filter((event) => !event.includes('thinking_blocks')).join('')));
    assert.deepEqual([reader.events.ended, reader.events.error], [true, undefined]);
    const reply = translateReply(json(`${name}.json`), reading(endpoint, from));
    assert.deepEqual(normal(reader.events.reply()), normal(reply));
  });
}

/** What a stream need not say. */
function normal(reply: JsonObject | undefined): unknown {
  return JSON.parse(
    JSON.stringify(reply, (key, value: unknown) => (value === null || key === 'thinking_blocks' ? undefined : value)),
  );
}

test('clients that have not asked for thinking get none, and no usage', () => {
  const message = streamed([fixture('translate/chat.calls.sse')], reading('messages', 'chat.completions', {}));
  assert.equal(message.includes('thinking_delta'), false);
  assert.match(message.toString(), /"index":0,"content_block":\{"type":"text"/);
  const chat = streamed([fixture('wire/messages.sse')], reading('chat.completions', 'messages', { stream: true }));
  assert.equal(chat.includes('"usage"'), false);
});

test('reasoning that must not come back is told to nobody', () => {
  for (const [endpoint, from, name] of cases.filter(([, , fixtureName]) => fixtureName.includes('calls'))) {
    const how = { ...reading(endpoint, from), showsThinking: false };
    const whole = JSON.stringify(translateReply(json(`${name}.json`), how));
    const stream = streamed([fixture(`${name}.sse`)], how).toString();
    for (const text of [whole, stream]) {
      assert.equal(/Zwei Städte|EqQBCgIYAhIM|EmwKAhgB|encrypted_content/.test(text), false);
      assert.equal(text.includes('toolu_02') || text.includes('call_b'), true);
    }
  }
});

test('reasoning goes back to Claude as it came, signature and all', () => {
  const out = json('../golden/translate/translate.messages.calls.for.responses.json');
  const items = Array.isArray(out.output) ? out.output : [];
  const [first] = items.filter(isJsonObject);
  const encrypted = typeof first?.encrypted_content === 'string' ? first.encrypted_content : '';
  assert.deepEqual(JSON.parse(Buffer.from(encrypted.slice('tollgate.'.length), 'base64').toString()), {
    type: 'thinking',
    thinking: 'Zwei Städte, zwei Aufrufe.',
    signature: 'EqQBCgIYAhIM',
  });
});

test('an error event of the upstream is one of the client', () => {
  const anthropic =
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
  const openai = 'data: {"error":{"message":"Too much","type":"rate_limit_error","code":"rate_limit_exceeded"}}\n\n';
  const out = (text: string, endpoint: TranslatedEndpoint, from: From): string =>
    streamed([Buffer.from(text)], reading(endpoint, from)).toString();
  assert.equal(
    out(anthropic, 'chat.completions', 'messages'),
    'data: {"error":{"message":"Overloaded","type":"server_error","param":null,"code":"overloaded"}}\n\n',
  );
  assert.equal(
    out(openai, 'messages', 'chat.completions'),
    'event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"Too much"}}\n\n',
  );
  assert.match(out(anthropic, 'responses', 'messages'), /^event: error\ndata: \{"type":"error","code":"overloaded"/);
});

test('calls that all have the index 0 are told apart by their ids; calls in turns are an error', () => {
  const chunk = (...parts: object[]): string =>
    `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta: { tool_calls: parts } }] })}\n\n`;
  const call = (index: number, id: string, args: string): object => ({
    index,
    id,
    type: 'function',
    function: { name: 'f', arguments: args },
  });
  const done = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
  const reply = (text: string): ReturnType<typeof createStreamReader>['events'] => {
    const reader = createStreamReader(parsedRequest('messages', { stream: true }));
    reader.push(streamed([Buffer.from(text)], reading('messages', 'chat.completions')));
    return reader.events;
  };
  const both = reply(chunk(call(0, 'a', '{"x":1}')) + chunk(call(0, 'b', '{"x":2}')) + done).reply();
  assert.deepEqual(both?.content, [
    { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
    { type: 'tool_use', id: 'b', name: 'f', input: { x: 2 } },
  ]);
  assert.equal(both?.stop_reason, 'tool_use');
  const more = { index: 0, function: { arguments: '1}' } };
  const torn = reply(chunk(call(0, 'a', '{"x":')) + chunk(call(1, 'b', '{}')) + chunk(more) + done);
  assert.deepEqual([torn.ended, torn.error?.type], [false, 'api_error']);
});

test('a reply that is none of the upstream’s dialect is not translated', () => {
  assert.equal(translateReply({ ok: true }, reading('messages', 'chat.completions')), undefined);
  assert.equal(translateReply({ ok: true }, reading('chat.completions', 'messages')), undefined);
  const calls = (finish: string): JsonObject => ({
    choices: [
      { message: { tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"a' } }] }, finish_reason: finish },
    ],
  });
  assert.equal(translateReply(calls('tool_calls'), reading('messages', 'chat.completions')), undefined);
  assert.deepEqual(translateReply(calls('length'), reading('messages', 'chat.completions'))?.content, [
    { type: 'tool_use', id: 'c', name: 'f', input: {} },
  ]);
});
