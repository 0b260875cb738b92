import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { listenAsProvider, listenAsProxy } from '../../support/listen.ts';
import { testConfig } from '../../support/proxyDeps.ts';
import { bothOn, openCache } from '../cache/cacheFixture.ts';

/** What differs from the base request in something that must not share its answer; `same` must share it. */
interface Difference {
  readonly same?: true;
  readonly body?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
}

interface Dialect {
  readonly path: string;
  readonly keyHeader: (key: string) => Record<string, string>;
  readonly base: Record<string, unknown>;
  readonly differences: Readonly<Record<string, Difference>>;
}

const question = 'What is dependency injection?';
const user = (content: unknown): unknown[] => [{ role: 'user', content }];
const earlier = [...user('I write C#.'), { role: 'assistant', content: 'Noted.' }];
const same: Difference = { same: true };
/** For all dialects alike. */
const common = {
  'the same request': same,
  'the same as a stream': { same: true, body: { stream: true } },
  'other model': { body: { model: 'other' } },
  'temperature 1': { body: { temperature: 1 } },
  'other namespace': { headers: { 'x-tollgate-cache-namespace': 'other' } },
  'no-cache asked': { headers: { 'cache-control': 'no-cache' } },
} satisfies Record<string, Difference>;

const schema = { type: 'object', properties: {} };
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const dialects: readonly Dialect[] = [
  {
    path: '/v1/chat/completions',
    keyHeader: bearer,
    base: { model: 'gpt-test', temperature: 0, messages: user(question) },
    differences: {
      ...common,
      'other system prompt': { body: { messages: [{ role: 'system', content: 'In French.' }, ...user(question)] } },
      tools: { body: { tools: [{ type: 'function', function: { name: 'f', parameters: schema } }] } },
      'JSON answer': { body: { response_format: { type: 'json_object' } } },
      'token limit': { body: { max_tokens: 5 } },
      'n = 2': { body: { n: 2 } },
      'earlier turns': { body: { messages: [...earlier, ...user(question)] } },
      'tool result': {
        body: {
          messages: [
            ...user('x'),
            {
              role: 'assistant',
              content: null,
              tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
            },
            { role: 'tool', tool_call_id: 'c', content: '{"v":1}' },
            ...user(question),
          ],
        },
      },
      image: {
        body: {
          messages: user([
            { type: 'text', text: question },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          ]),
        },
      },
      'other key': { headers: bearer('sk-other') },
      seed: { body: { seed: 7 } },
      stop: { body: { stop: ['x'] } },
    },
  },
  {
    path: '/v1/messages',
    keyHeader: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
    base: { model: 'claude-test', max_tokens: 100, temperature: 0, messages: user(question) },
    differences: {
      ...common,
      'other system prompt': { body: { system: 'In French.' } },
      tools: { body: { tools: [{ name: 'f', input_schema: schema }] } },
      'JSON answer': { body: { output_format: { type: 'json_schema', schema } } },
      'token limit': { body: { max_tokens: 5 } },
      top_p: { body: { top_p: 0.5 } },
      thinking: { body: { thinking: { type: 'enabled', budget_tokens: 1024 } } },
      'earlier turns': { body: { messages: [...earlier, ...user(question)] } },
      'tool result': {
        body: {
          messages: [
            ...user('x'),
            { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'f', input: {} }] },
            ...user([
              { type: 'tool_result', tool_use_id: 'c', content: '{"v":1}' },
              { type: 'text', text: question },
            ]),
          ],
        },
      },
      image: {
        body: {
          messages: user([
            { type: 'text', text: question },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          ]),
        },
      },
      'other key': { headers: { 'x-api-key': 'sk-other' } },
      stop: { body: { stop_sequences: ['x'] } },
      beta: { headers: { 'anthropic-beta': 'some-beta' } },
    },
  },
  {
    path: '/v1/responses',
    keyHeader: bearer,
    base: { model: 'gpt-test', temperature: 0, input: question },
    differences: {
      ...common,
      'other instructions': { body: { instructions: 'In French.' } },
      tools: { body: { tools: [{ type: 'function', name: 'f', parameters: schema }] } },
      'JSON answer': { body: { text: { format: { type: 'json_object' } } } },
      'token limit': { body: { max_output_tokens: 16 } },
      reasoning: { body: { reasoning: { effort: 'high' } } },
      'earlier turns': { body: { input: [...earlier, ...user(question)] } },
      'an answer before': { body: { previous_response_id: 'resp_1' } },
      'tool result': {
        body: {
          input: [
            ...user('x'),
            { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
            { type: 'function_call_output', call_id: 'c', output: '{"v":1}' },
            ...user(question),
          ],
        },
      },
      image: {
        body: {
          input: user([
            { type: 'input_text', text: question },
            { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
          ]),
        },
      },
      'other key': { headers: bearer('sk-other') },
      verbosity: { body: { text: { verbosity: 'low' } } },
    },
  },
];

/** Answers each dialect with a text of its own each time, so that it shows whose answer was served. */
function provider(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  request.on('end', () => {
    const text = `ANSWER ${randomUUID()}`;
    const message = { type: 'message', id: 'm', role: 'assistant', status: 'completed' };
    const answers: Record<string, unknown> = {
      'chat/completions': {
        id: 'c',
        object: 'chat.completion',
        created: 1,
        model: 'm',
        choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
      },
      messages: {
        ...message,
        model: 'm',
        content: [{ type: 'text', text }],
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: { input_tokens: 9, output_tokens: 3 },
      },
      responses: {
        id: 'r',
        object: 'response',
        created_at: 1,
        status: 'completed',
        model: 'm',
        output: [{ ...message, content: [{ type: 'output_text', text, annotations: [] }] }],
        usage: { input_tokens: 9, output_tokens: 3, total_tokens: 12 },
      },
    };
    const answer = answers[(request.url ?? '').replace('/v1/', '')];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
}

for (const { path, keyHeader, base, differences } of dialects) {
  describe(`what shares an answer, over HTTP: ${path}`, () => {
    for (const [name, { same: shares = false, body, headers }] of Object.entries(differences)) {
      test(`${name}: ${shares ? 'shared' : 'not shared'}`, async () => {
        const stand = await listenAsProvider(provider);
        const { cache } = openCache();
        const { providers } = testConfig();
        const at = (dialect: 'openai' | 'anthropic', suffix: string) => ({ dialect, baseUrl: `${stand.url}${suffix}` });
        const config = testConfig({
          providers: { ...providers, openai: at('openai', '/v1'), anthropic: at('anthropic', '') },
          cache: bothOn,
        });
        const proxy = await listenAsProxy(config, { answerCache: cache });
        const ask = async (more: Pick<Difference, 'body' | 'headers'>) => {
          const response = await fetch(`${proxy.baseUrl}${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...keyHeader('sk-test'), ...more.headers },
            body: JSON.stringify({ ...base, ...more.body }),
          });
          const text = await response.text();
          return { status: response.status, cache: response.headers.get('x-cache'), text };
        };
        try {
          const first = await ask({});
          assert.deepEqual([first.status, first.cache], [200, 'miss']);
          await proxy.settled();
          const second = await ask({ ...(body && { body }), ...(headers && { headers }) });
          assert.equal(second.status, 200);
          assert.equal(second.cache?.startsWith('hit') ?? false, shares, String(second.cache));
          const answered = /ANSWER [0-9a-f-]{36}/.exec(first.text)?.[0];
          assert.ok(answered !== undefined);
          assert.equal(second.text.includes(answered), shares);
        } finally {
          await proxy.close();
          await stand.close();
          cache.close();
        }
      });
    }
  });
}
