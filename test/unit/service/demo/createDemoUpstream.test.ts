import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDemoAnswer } from '../../../../src/service/demo/createDemoAnswer.ts';
import { createDemoUpstream } from '../../../../src/service/demo/createDemoUpstream.ts';

/** One token per word, so that figures can be checked by eye. */
const tokenCounter = {
  count: async (texts: readonly string[]) =>
    texts.map((text) => ({ basis: 'exact' as const, tokens: text.split(/\s+/).filter(Boolean).length })),
};
const catalog = {
  lookup: (id: string) => ({ kind: 'unknown' as const, id }),
  models: () => [
    { provider: 'openai', id: 'gpt-4o', price: undefined, tokenizer: 'o200k' },
    { provider: 'anthropic', id: 'claude-x', price: undefined, tokenizer: 'claude' },
  ],
};
const answer = createDemoAnswer({ tokenCounter, catalog, now: () => 1_700_000_000_000 });
const upstream = createDemoUpstream({ answer, catalog, batches: async () => undefined });

async function ask(path: string, body?: unknown, headers: [string, string][] = []) {
  const response = await upstream({
    method: body === undefined ? 'GET' : 'POST',
    url: `demo:/v1${path}`,
    headers,
    body: body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    signal: new AbortController().signal,
    timeouts: { firstByteMs: 1000, idleMs: 1000 },
  });
  const pieces: string[] = [];
  if (response.body instanceof Uint8Array) pieces.push(Buffer.from(response.body).toString());
  else for await (const piece of response.body) pieces.push(Buffer.from(piece).toString());
  const text = pieces.join('');
  return { status: response.status, headers: response.headers, pieces, text };
}

const question = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Where is my parcel?' }] };

describe('the demo provider', () => {
  test('answers chat with a labelled text and usage that is counted', async () => {
    const { text, headers } = await ask('/chat/completions', question);
    const reply = JSON.parse(text);
    assert.match(reply.choices[0].message.content, /^\[demo\] You wrote: “Where is my parcel\?”\. /);
    assert.equal(reply.choices[0].finish_reason, 'stop');
    // role and content, three tokens for the message and three for the answer's start
    assert.equal(reply.usage.prompt_tokens, 1 + 4 + 3 + 3);
    assert.equal(reply.usage.completion_tokens, reply.choices[0].message.content.split(' ').length);
    assert.equal(reply.usage.total_tokens, reply.usage.prompt_tokens + reply.usage.completion_tokens);
    assert.deepEqual(headers, [
      ['content-type', 'application/json'],
      ['x-tollgate-demo', '1'],
    ]);
    assert.equal((await ask('/chat/completions', question)).text, text, 'the same for the same request');
  });

  test('stops at the limit that was asked for and says so', async () => {
    for (const [path, field, finish] of [
      ['/chat/completions', 'max_tokens', /"finish_reason":"length"/],
      ['/responses', 'max_output_tokens', /"status":"incomplete"/],
      ['/messages', 'max_tokens', /"stop_reason":"max_tokens"/],
    ] as const) {
      const { text } = await ask(path, { ...question, input: 'Where is it?', [field]: 3 });
      const { usage } = JSON.parse(text);
      assert.match(text, finish);
      assert.equal(usage.completion_tokens ?? usage.output_tokens, 3);
    }
  });

  test('streams in the events of each endpoint, one at a time', async () => {
    const chat = await ask('/chat/completions', { ...question, stream: true, stream_options: { include_usage: true } });
    assert.equal(chat.pieces.at(-1), 'data: [DONE]\n\n');
    assert.ok(chat.pieces.length > 3 && chat.pieces.every((piece) => piece.endsWith('\n\n')));
    assert.match(chat.text, /"usage":\{"prompt_tokens":11/);
    const messages = await ask('/messages', { ...question, max_tokens: 50, stream: true });
    assert.match(messages.text, /^event: message_start\n/);
    assert.match(messages.text, /event: message_stop\n/);
    const responses = await ask('/responses', { model: 'gpt-4o', input: 'Hello', stream: true });
    assert.match(responses.text, /^event: response\.created\n/);
    assert.match(responses.text, /event: response\.completed\n/);
  });

  test('tolerates tools and answers in words', async () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    const reply = JSON.parse((await ask('/chat/completions', { ...question, tools })).text);
    assert.match(reply.choices[0].message.content, /^\[demo\]/);
    assert.ok(reply.usage.prompt_tokens > 11, 'tools are part of the prompt');
  });

  test('answers in the asked shape where JSON is asked for', async () => {
    const schema = {
      type: 'object',
      properties: {
        queue: { enum: ['late', 'damaged'] },
        notes: { type: 'array', items: { $ref: '#/$defs/note' } },
        score: { type: ['integer', 'null'], minimum: 1 },
        next: { anyOf: [{ type: 'null' }, { $ref: '#' }] },
      },
      $defs: { note: { type: 'object', properties: { text: { type: 'string' }, ok: { type: 'boolean' } } } },
    };
    const response_format = { type: 'json_schema', json_schema: { name: 'x', schema } };
    const chat = JSON.parse((await ask('/chat/completions', { ...question, response_format })).text);
    const expected = { queue: 'late', notes: [{ text: '[demo]', ok: false }], score: 1, next: null };
    assert.deepEqual(JSON.parse(chat.choices[0].message.content), expected);
    const text = { format: { type: 'json_schema', name: 'x', schema } };
    const responses = JSON.parse((await ask('/responses', { model: 'm', input: 'x', text })).text);
    assert.deepEqual(JSON.parse(responses.output[0].content[0].text), expected);
    const loose = JSON.parse(
      (await ask('/chat/completions', { ...question, response_format: { type: 'json_object' } })).text,
    );
    assert.deepEqual(JSON.parse(loose.choices[0].message.content), { demo: true });
  });

  test('embeds: alike for texts that share words, of the asked size, as numbers or base64', async () => {
    const model = 'text-embedding-3-small';
    const input = ['where is my parcel', 'where is my letter', 'quarterly revenue grew'];
    const { data, usage } = JSON.parse((await ask('/embeddings', { model, input })).text);
    assert.deepEqual(
      data.map(({ embedding }: { embedding: number[] }) => embedding.length),
      [1536, 1536, 1536],
    );
    const dot = (a: number, b: number) =>
      data[a].embedding.reduce(
        (sum: number, value: number, place: number) => sum + value * data[b].embedding[place],
        0,
      );
    assert.ok(Math.abs(dot(0, 0) - 1) < 1e-9);
    assert.ok(dot(0, 1) > dot(0, 2) + 0.3);
    assert.deepEqual(usage, { prompt_tokens: 11, total_tokens: 11 });
    const base64 = JSON.parse(
      (await ask('/embeddings', { model, input: 'a', encoding_format: 'base64', dimensions: 8 })).text,
    );
    assert.equal(Buffer.from(base64.data[0].embedding, 'base64').length, 8 * 4);
    const numbers = JSON.parse((await ask('/embeddings', { model, input: [[1, 2, 3], [4]] })).text);
    assert.equal(numbers.usage.prompt_tokens, 4);
  });

  test('counts and lists', async () => {
    const counted = JSON.parse((await ask('/messages/count_tokens', question)).text);
    assert.deepEqual(counted, { input_tokens: 11 });
    assert.deepEqual(
      JSON.parse((await ask('/models')).text).data.map(({ id }: { id: string }) => id),
      ['gpt-4o'],
    );
    const anthropic = JSON.parse((await ask('/models', undefined, [['Anthropic-Version', '2023-06-01']])).text);
    assert.equal(anthropic.last_id, 'claude-x');
  });

  test('refuses what it cannot read, in the dialect of the caller', async () => {
    assert.equal((await ask('/chat/completions', '{')).status, 400);
    assert.match((await ask('/chat/completions', {})).text, /names no model/);
    assert.equal(JSON.parse((await ask('/messages', '[]')).text).type, 'error');
    const missing = await ask('/audio/speech', question);
    assert.equal(missing.status, 404);
    assert.match(missing.text, /no such endpoint/);
  });
});
