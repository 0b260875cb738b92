import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/wire/json.ts';
import type { BodyEndpoint } from '../../../src/wire/parsedRequest.ts';
import { replayAnswer } from '../../../src/wire/replayAnswer.ts';
import { readReply } from '../../../src/wire/replyFacts.ts';
import type { StoredAnswer } from '../../../src/wire/storedAnswer.ts';
import { storedAnswerOf } from '../../../src/wire/storedAnswerOf.ts';
import { createStreamReader } from '../../../src/wire/streamReader.ts';
import { parsedRequest, wireFixture, wireJson } from '../../support/wireFixtures.ts';

const replies: readonly (readonly [BodyEndpoint, string])[] = [
  ['chat.completions', 'chat.json'],
  ['completions', 'completions.json'],
  ['responses', 'responses.json'],
  ['messages', 'messages.json'],
];

function stored(endpoint: BodyEndpoint, name: string): StoredAnswer {
  return storedAnswerOf(endpoint, wireJson(name), { input: 1 }, wireFixture(name).toString('utf8'));
}

function streamed(
  answer: StoredAnswer,
  body: object = {},
): { text: string; reply: JsonObject | undefined; ended: boolean } {
  const request = parsedRequest(answer.endpoint, { stream: true, ...body });
  const bytes = replayAnswer(answer, request);
  const reader = createStreamReader(request);
  reader.push(bytes ?? Buffer.from(''));
  return { text: Buffer.from(bytes ?? []).toString(), reply: reader.events.reply(), ended: reader.events.ended };
}

for (const [endpoint, name] of replies) {
  test(`${name} is replayed as JSON to the byte, and is a natural end`, () => {
    const answer = stored(endpoint, name);
    assert.equal(answer.finish, 'stop');
    assert.equal(answer.model, wireJson(name).model);
    assert.equal(Buffer.from(replayAnswer(answer, parsedRequest(endpoint)) ?? []).equals(wireFixture(name)), true);
  });

  test(`${name} is replayed as a stream that adds up to it again`, () => {
    const { reply, ended } = streamed(stored(endpoint, name), { stream_options: { include_usage: true } });
    const { annotations: _, ...expected } = wireJson(name);
    assert.equal(ended, true);
    assert.deepEqual(withoutAnnotations(reply), withoutAnnotations(expected));
  });
}

function withoutAnnotations(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === 'annotations' ? undefined : item)));
}

test('a chat replay has usage exactly where the client asked for it', () => {
  const answer = stored('chat.completions', 'chat.json');
  assert.equal(streamed(answer).text.includes('"usage"'), false);
  const asked = streamed(answer, { stream_options: { include_usage: true } })
    .text.trimEnd()
    .split('\n\n');
  assert.match(asked.at(-2) ?? '', /"choices":\[\],"usage":\{"prompt_tokens":1117/);
  assert.equal(asked.at(-1), 'data: [DONE]');
  assert.match(asked[0] ?? '', /"usage":null/);
});

test('what was stored for one endpoint is never told at another', () => {
  assert.equal(replayAnswer(stored('chat.completions', 'chat.json'), parsedRequest('responses')), undefined);
});

test('embeddings are replayed as JSON only', () => {
  const answer = stored('embeddings', 'embeddings.json');
  assert.equal(answer.finish, 'stop');
  assert.equal(
    Buffer.from(replayAnswer(answer, parsedRequest('embeddings')) ?? []).equals(wireFixture('embeddings.json')),
    true,
  );
  assert.equal(replayAnswer(answer, parsedRequest('embeddings', { stream: true })), undefined);
});

test('an answer put together from a tool-use stream is replayed with its tools, and is no natural end', () => {
  for (const [endpoint, name] of [
    ['chat.completions', 'chat.tools.crlf.sse'],
    ['messages', 'messages.tools.sse'],
  ] as const) {
    const reader = createStreamReader(parsedRequest(endpoint, { stream: true }));
    reader.push(wireFixture(name));
    const reply = reader.events.reply() ?? assert.fail();
    const answer = storedAnswerOf(endpoint, reply, {});
    assert.equal(answer.finish, 'toolUse');
    assert.deepEqual(streamed(answer).reply, reply);
  }
});

const ends: readonly (readonly [string, BodyEndpoint, object])[] = [
  ['refusal', 'chat.completions', { choices: [{ message: { content: null, refusal: 'No.' }, finish_reason: 'stop' }] }],
  ['refusal', 'chat.completions', { choices: [{ message: { content: '' }, finish_reason: 'content_filter' }] }],
  ['length', 'chat.completions', { choices: [{ message: { content: 'x' }, finish_reason: 'length' }] }],
  ['other', 'chat.completions', { choices: [{ message: { content: '' }, finish_reason: 'stop' }] }],
  ['other', 'chat.completions', { choices: [] }],
  [
    'toolUse',
    'chat.completions',
    { choices: [{ message: { content: null, tool_calls: [{}] }, finish_reason: 'stop' }] },
  ],
  ['length', 'responses', { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [] }],
  ['refusal', 'responses', { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: [] }],
  ['toolUse', 'responses', { status: 'completed', output: [{ type: 'function_call' }] }],
  [
    'refusal',
    'responses',
    { status: 'completed', output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No' }] }] },
  ],
  ['other', 'responses', { status: 'failed', output: [] }],
  ['refusal', 'messages', { stop_reason: 'refusal', content: [] }],
  ['other', 'messages', { stop_reason: 'pause_turn', content: [{ type: 'text', text: 'x' }] }],
  [
    'toolUse',
    'messages',
    { stop_reason: 'end_turn', content: [{ type: 'server_tool_use' }, { type: 'text', text: 'x' }] },
  ],
  ['stop', 'messages', { stop_reason: 'stop_sequence', content: [{ type: 'text', text: 'x' }] }],
  ['other', 'embeddings', { data: [] }],
];

for (const [finish, endpoint, reply] of ends)
  test(`${endpoint} ${JSON.stringify(reply)} ends as ${finish}`, () => {
    assert.equal(readReply(endpoint, reply as JsonObject).finish, finish);
  });
