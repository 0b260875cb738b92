import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProxy } from '../../../src/proxy/createProxy.ts';
import {
  header,
  jsonReply,
  proxyDouble,
  proxyRequest,
  scriptedUpstream,
  sseReply,
  textOf,
} from '../../support/proxyDeps.ts';

const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-test-2026-01-01',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12, prompt_tokens_details: { cached_tokens: 4 } },
};

test('a chat completion passes to the byte and is written down with its exact cost', async () => {
  const upstream = scriptedUpstream(jsonReply(completion, 200, [['x-ratelimit-remaining-requests', '9']]));
  const { deps, recorded } = proxyDouble(upstream.send);
  const body = '{ "model":"gpt-test",\n "messages":[{"role":"user","content":"Hello"}] }';

  const response = await createProxy(deps).handle(proxyRequest('/v1/chat/completions?x=1', body));

  assert.equal(response.status, 200);
  assert.equal(await textOf(response), JSON.stringify(completion));
  assert.equal(upstream.asked[0]?.url, 'https://api.openai.com/v1/chat/completions?x=1');
  assert.equal(Buffer.from(upstream.asked[0]?.body as Uint8Array).toString(), body);
  assert.deepEqual(upstream.asked[0]?.headers, [
    ['Content-Type', 'application/json'],
    ['Authorization', 'Bearer sk-client'],
  ]);
  assert.equal(header(response, 'x-ratelimit-remaining-requests'), '9');
  // 6 input at $1, 4 cached at $0.50, 2 output at $10 per million.
  assert.equal(header(response, 'x-tollgate-cost-usd'), '0.00002800');
  assert.equal(header(response, 'x-tollgate-cost-status'), 'exact');
  assert.equal(header(response, 'x-tollgate-model'), 'gpt-test-2026-01-01');
  assert.equal(header(response, 'x-tollgate-attempts'), '1');
  assert.equal(header(response, 'x-cache'), 'bypass');

  assert.equal(recorded.length, 1);
  const [{ call, attempts } = assert.fail()] = recorded;
  assert.equal(call.status, 200);
  assert.equal(call.endpoint, 'chat.completions');
  assert.equal(call.metered, true);
  assert.deepEqual(attempts[0]?.usage, { input: 6, cacheRead: 4, output: 2 });
  assert.equal(attempts[0]?.costPicoUsd, 28_000_000);
});

test('a stream passes event by event; usage is asked for in the client’s place and taken out again', async () => {
  const events = [
    'data: {"id":"c","model":"gpt-test","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}\n\n',
    'data: {"id":"c","model":"gpt-test","choices":[{"index":0,"delta":{"content":"Hé"},"finish_reason":null}],"usage":null}\n\n',
    'data: {"id":"c","model":"gpt-test","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}\n\n',
    'data: {"id":"c","model":"gpt-test","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}\n\n',
    'data: [DONE]\n\n',
  ];
  const upstream = scriptedUpstream(sseReply(events));
  const { deps, recorded } = proxyDouble(upstream.send);
  const body = { model: 'gpt-test', stream: true, messages: [] };

  const response = await createProxy(deps).handle(proxyRequest('/v1/chat/completions', body));
  const text = await textOf(response);

  const [comment] = text.split('\n\n').slice(-2);
  assert.equal(comment, ': x-tollgate {"cost_usd":"0.00003000","cost_status":"exact","call_id":"id1"}');
  const expected = events
    .filter((event) => !event.includes('"choices":[]'))
    .join('')
    .replaceAll(',"usage":null', '');
  assert.equal(text, `${expected}${comment}\n\n`);
  assert.equal(
    Buffer.from(upstream.asked[0]?.body as Uint8Array).toString(),
    '{"model":"gpt-test","stream":true,"messages":[],"stream_options":{"include_usage":true}}',
  );
  assert.equal(recorded[0]?.attempts[0]?.costPicoUsd, 30_000_000);
  assert.equal(recorded[0]?.attempts[0]?.finishReason, 'stop');
  assert.equal(recorded[0]?.call.stream, true);
});
