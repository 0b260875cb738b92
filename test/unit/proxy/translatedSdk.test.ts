import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { type ListeningProxy, listenAsProxy } from '../../support/listen.ts';
import { testConfig } from '../../support/proxyDeps.ts';

/**
 * The vendors' own SDKs against a stand-in that speaks the other vendor's dialect. `claude` is an alias of a model at
 * Anthropic's, `gpt` of one at OpenAI's.
 */
const mock = new LLMock({ port: 0, chunkSize: 5 });
let proxy: ListeningProxy;
let openai: OpenAI;
let anthropic: Anthropic;

const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, input_tokens: 11, output_tokens: 7 };
const said = 'Grüße 東京 🗼, and more words.';
const city = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const calls = [
  { id: 'call_1', name: 'get_weather', arguments: '{"city":"Zürich"}' },
  { id: 'call_2', name: 'get_weather', arguments: '{"city":"Bogotá"}' },
];

before(async () => {
  mock.onToolResult('call_2', { content: 'Warm in both.', usage });
  mock.onMessage('hello', { content: said, usage });
  mock.onMessage('think', { content: said, reasoning: 'Let me see.', reasoningSignature: 'EqQBCgIYAhIM', usage });
  mock.onMessage('weather', { toolCalls: calls, usage });
  mock.onMessage('picture', { content: 'A pixel.', usage });
  mock.onMessage('json', { content: '{"city":"Paris"}', usage });
  mock.onMessage('busy', { error: { message: 'Overloaded', type: 'overloaded_error' }, status: 529 });
  mock.onMessage('limit', { error: { message: 'Slow down', type: 'rate_limit_error' }, status: 429 });
  mock.onMessage('wrong', { error: { message: 'temperature: too hot', type: 'invalid_request_error' }, status: 400 });
  mock.onMessage('endless', { content: 'word '.repeat(60), usage }, { latency: 20 });
  await mock.start();
  const base = mock.url.replace(/\/$/, '');
  const alias = (provider: string, model: string) =>
    ({
      targets: [{ provider, model }],
      onOverflow: 'error',
      fallback: { on: [], maxAttempts: 1, deadlineMs: 60_000 },
    }) as const;
  proxy = await listenAsProxy(
    testConfig({
      providers: {
        openai: { dialect: 'openai', baseUrl: `${base}/v1` },
        anthropic: { dialect: 'anthropic', baseUrl: base },
      },
      aliases: { claude: alias('anthropic', 'claude-test'), gpt: alias('openai', 'gpt-test') },
    }),
  );
  openai = new OpenAI({ baseURL: `${proxy.baseUrl}/v1`, apiKey: 'sk-own', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: proxy.baseUrl, apiKey: 'sk-ant-own', maxRetries: 0 });
});

after(async () => {
  await proxy.close();
  await mock.stop();
});

const question = (content: string) => [{ role: 'user' as const, content }];
const chatTool = { type: 'function' as const, function: { name: 'get_weather', parameters: city, strict: true } };
const messageTool = { name: 'get_weather', input_schema: { ...city, type: 'object' as const } };

/** What the stand-in got last, as it came; its journal shows Anthropic's requests in its own shape. */
function lastPath(): string {
  return mock.getLastRequest()?.path ?? '';
}

/** The row of the last call. */
async function lastRow() {
  await proxy.settled();
  return proxy.recorded.at(-1) ?? assert.fail();
}

test('an OpenAI program talks to Claude: text, whole and streamed, with its usage', async () => {
  const chat = await openai.chat.completions.create({ model: 'claude', messages: question('hello') });
  assert.equal(chat.choices[0]?.message.content, said);
  assert.equal(chat.choices[0]?.finish_reason, 'stop');
  assert.deepEqual([chat.usage?.prompt_tokens, chat.usage?.completion_tokens, chat.usage?.total_tokens], [11, 7, 18]);
  assert.equal(lastPath(), '/v1/messages');
  assert.deepEqual((await lastRow()).attempts[0]?.usage, { input: 11, output: 7 });
  assert.equal((await lastRow()).call.endpoint, 'chat.completions');

  const runner = openai.chat.completions.stream({ model: 'claude', messages: question('hello') });
  assert.equal(await runner.finalContent(), said);
  const row = await lastRow();
  assert.deepEqual([row.attempts[0]?.usage, row.attempts[0]?.provider], [{ input: 11, output: 7 }, 'anthropic']);
});

test('parallel tool calls of Claude and their results, in the dialect of OpenAI', async () => {
  const messages: OpenAI.ChatCompletionMessageParam[] = question('weather');
  const ask = { model: 'claude', tools: [chatTool] };
  const whole = await openai.chat.completions.create({ ...ask, messages });
  const streamed = await openai.chat.completions.stream({ ...ask, messages }).finalChatCompletion();
  for (const { choices } of [whole, streamed]) {
    assert.equal(choices[0]?.finish_reason, 'tool_calls');
    const made = choices[0]?.message.tool_calls ?? [];
    assert.deepEqual(
      made.map(
        (call) => call.type === 'function' && [call.id, call.function.name, JSON.parse(call.function.arguments)],
      ),
      [
        ['call_1', 'get_weather', { city: 'Zürich' }],
        ['call_2', 'get_weather', { city: 'Bogotá' }],
      ],
    );
  }
  const message = whole.choices[0]?.message ?? assert.fail();
  const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: '20°C' }));
  const answer = await openai.chat.completions.create({ ...ask, messages: [...messages, message, ...results] });
  assert.equal(answer.choices[0]?.message.content, 'Warm in both.');
});

test('an image and a schema reach Claude; reasoning comes back with its signature', async () => {
  const picture = await openai.chat.completions.create({
    model: 'claude',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'picture' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
        ],
      },
    ],
  });
  assert.equal(picture.choices[0]?.message.content, 'A pixel.');
  const parsed = await openai.chat.completions.parse({
    model: 'claude',
    messages: question('json'),
    response_format: { type: 'json_schema', json_schema: { name: 'city', schema: city, strict: true } },
  });
  assert.equal(parsed.choices[0]?.message.content, '{"city":"Paris"}');
  const ask = { model: 'claude', messages: question('think') };
  const thought = await openai.chat.completions.create(ask);
  const streamed = await openai.chat.completions.stream(ask).finalChatCompletion();
  for (const { choices } of [thought, streamed]) {
    const message: object = choices[0]?.message ?? {};
    assert.deepEqual('thinking_blocks' in message && message.thinking_blocks, [
      { type: 'thinking', thinking: 'Let me see.', signature: 'EqQBCgIYAhIM' },
    ]);
  }
});

test('Responses talk to Claude: text, tools, streams', async () => {
  const whole = await openai.responses.create({ model: 'claude', input: 'hello' });
  assert.deepEqual([whole.output_text, whole.status, whole.usage?.total_tokens], [said, 'completed', 18]);
  const streamed = await openai.responses.stream({ model: 'claude', input: 'hello' }).finalResponse();
  assert.equal(streamed.output_text, said);
  const tools = [{ type: 'function' as const, name: 'get_weather', parameters: city, strict: true }];
  const first = await openai.responses.stream({ model: 'claude', input: 'weather', tools }).finalResponse();
  const made = first.output.filter((item) => item.type === 'function_call');
  assert.deepEqual(
    made.map((call) => [call.call_id, JSON.parse(call.arguments)]),
    [
      ['call_1', { city: 'Zürich' }],
      ['call_2', { city: 'Bogotá' }],
    ],
  );
  const results = made.map((call) => ({
    type: 'function_call_output' as const,
    call_id: call.call_id,
    output: '20°C',
  }));
  const input = [{ role: 'user' as const, content: 'weather' }, ...made, ...results];
  assert.equal((await openai.responses.create({ model: 'claude', tools, input })).output_text, 'Warm in both.');
  assert.equal(lastPath(), '/v1/messages');
});

test('an Anthropic program talks to GPT: text, whole and streamed, with its usage', async () => {
  const ask = { model: 'gpt', max_tokens: 100, messages: question('hello') };
  const message = await anthropic.messages.create(ask);
  assert.deepEqual(message.content, [{ type: 'text', text: said, citations: null }]);
  assert.deepEqual([message.stop_reason, message.usage.input_tokens, message.usage.output_tokens], ['end_turn', 11, 7]);
  assert.equal(lastPath(), '/v1/chat/completions');
  const final = await anthropic.messages.stream(ask).finalMessage();
  assert.deepEqual(final.content, message.content);
  assert.deepEqual([final.usage.input_tokens, final.usage.output_tokens], [11, 7]);
  const row = await lastRow();
  assert.deepEqual([row.attempts[0]?.usage, row.attempts[0]?.costPicoUsd], [{ input: 11, output: 7 }, 81_000_000]);
  const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
  const thought = await anthropic.messages
    .stream({ ...ask, max_tokens: 2000, thinking, messages: question('think') })
    .finalMessage();
  assert.deepEqual(thought.content, [
    { type: 'thinking', thinking: 'Let me see.', signature: '' },
    { type: 'text', text: said, citations: null },
  ]);
});

test('parallel tool calls of GPT and their results, an image and a schema, in the dialect of Anthropic', async () => {
  const ask = { model: 'gpt', max_tokens: 100, tools: [messageTool] };
  const whole = await anthropic.messages.create({ ...ask, messages: question('weather') });
  const streamed = await anthropic.messages.stream({ ...ask, messages: question('weather') }).finalMessage();
  for (const { content, stop_reason: reason } of [whole, streamed]) {
    assert.equal(reason, 'tool_use');
    assert.deepEqual(
      content.map((block) => block.type === 'tool_use' && [block.id, block.name, block.input]),
      [
        ['call_1', 'get_weather', { city: 'Zürich' }],
        ['call_2', 'get_weather', { city: 'Bogotá' }],
      ],
    );
  }
  const results = calls.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: '20°C' }));
  const after = await anthropic.messages.create({
    ...ask,
    messages: [
      ...question('weather'),
      { role: 'assistant', content: whole.content },
      { role: 'user', content: results },
    ],
  });
  assert.deepEqual(after.content, [{ type: 'text', text: 'Warm in both.', citations: null }]);

  const image = {
    type: 'image' as const,
    source: { type: 'base64' as const, media_type: 'image/png' as const, data: png },
  };
  const picture = await anthropic.messages.create({
    model: 'gpt',
    max_tokens: 100,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'picture' }, image] }],
    output_config: { format: { type: 'json_schema', schema: city } },
  });
  assert.deepEqual(picture.content, [{ type: 'text', text: 'A pixel.', citations: null }]);
  const seen = JSON.stringify(mock.getLastRequest()?.body);
  assert.ok(seen.includes(`data:image/png;base64,${png}`) && seen.includes('"json_schema"'));
});

test('errors arrive as the client’s SDK knows them', async () => {
  const chat = (content: string) => openai.chat.completions.create({ model: 'claude', messages: question(content) });
  await assert.rejects(chat('busy'), (error: unknown) => {
    assert.ok(error instanceof OpenAI.InternalServerError);
    assert.deepEqual([error.status, error.type, error.code], [529, 'server_error', 'overloaded']);
    return /Overloaded/.test(error.message);
  });
  await assert.rejects(chat('limit'), (error: unknown) => {
    assert.ok(error instanceof OpenAI.RateLimitError);
    return error.code === 'rate_limit_exceeded';
  });
  await assert.rejects(chat('wrong'), OpenAI.BadRequestError);

  const message = (content: string) =>
    anthropic.messages.create({ model: 'gpt', max_tokens: 9, messages: question(content) });
  await assert.rejects(message('busy'), (error: unknown) => {
    assert.ok(error instanceof Anthropic.InternalServerError);
    return /"overloaded_error","message":"Overloaded"/.test(error.message);
  });
  await assert.rejects(message('limit'), Anthropic.RateLimitError);
  await assert.rejects(message('wrong'), (error: unknown) => {
    assert.ok(error instanceof Anthropic.BadRequestError);
    return /temperature: too hot/.test(error.message);
  });
});

test('what cannot be translated is refused by name, what does not matter is dropped by name', async () => {
  await assert.rejects(
    openai.chat.completions.create({ model: 'claude', n: 2, messages: question('hello') }),
    (error: unknown) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.deepEqual([error.code, error.param], ['untranslatable_field', 'n']);
      return /anthropic, which speaks another API than this client, and "n" cannot be sent there/.test(error.message);
    },
  );
  await assert.rejects(
    anthropic.messages.create({
      model: 'gpt',
      max_tokens: 9,
      messages: question('hello'),
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    }),
    (error: unknown) => {
      assert.ok(error instanceof Anthropic.BadRequestError);
      return /tools\.0\.type\\" cannot be sent there: it is a tool that only Anthropic runs/.test(error.message);
    },
  );
  const { response } = await openai.chat.completions
    .create({ model: 'claude', seed: 7, messages: question('hello') })
    .withResponse();
  assert.equal(response.headers.get('x-tollgate-dropped'), 'seed');
  assert.equal(response.headers.get('x-tollgate-translated'), 'messages;max_tokens=4096');
  assert.equal(response.headers.get('x-tollgate-model'), 'claude-test');
});

test('a client that leaves a translated stream leaves a row with what it cost', async () => {
  const earlier = proxy.recorded.length;
  const stream = await openai.chat.completions.create({ model: 'claude', stream: true, messages: question('endless') });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) stream.controller.abort();
  const messages = anthropic.messages.stream({ model: 'gpt', max_tokens: 900, messages: question('endless') });
  messages.on('text', () => messages.abort());
  await assert.rejects(messages.finalMessage(), Anthropic.APIUserAbortError);
  // The service hears of it when the connection has closed.
  for (let tries = 0; tries < 500 && proxy.recorded.length < earlier + 2; tries++) await sleep(10);
  await proxy.settled();
  assert.equal(proxy.recorded.length, earlier + 2);
  for (const { call, attempts } of proxy.recorded.slice(earlier))
    assert.deepEqual([call.status, attempts[0]?.errorClass, attempts[0]?.costStatus], [499, 'clientGone', 'estimated']);
});
