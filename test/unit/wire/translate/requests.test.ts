import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import type { JsonObject } from '../../../../src/wire/json.ts';
import { parseRequest } from '../../../../src/wire/parseRequest.ts';
import type { TranslatedEndpoint, TranslationTarget } from '../../../../src/wire/translate/reading.ts';
import { translateRequest } from '../../../../src/wire/translate/translateRequest.ts';
import { assertGolden } from '../../../support/golden.ts';
import { parsedRequest } from '../../../support/wireFixtures.ts';

const claude = (model: string): TranslationTarget => ({ endpoint: 'messages', model, maxOutputTokens: 64_000 });
const gpt: TranslationTarget = {
  endpoint: 'chat.completions',
  model: 'gpt-test',
  maxTokensField: 'max_completion_tokens',
  nineCharacterIds: false,
  takesUser: true,
};
const mistral: TranslationTarget = {
  ...gpt,
  model: 'mistral-test',
  maxTokensField: 'max_tokens',
  nineCharacterIds: true,
  takesUser: false,
};

const goldens: readonly (readonly [endpoint: TranslatedEndpoint, fixture: string, target: TranslationTarget])[] = [
  ['chat.completions', 'chat.everything', claude('claude-sonnet-4-6')],
  ['chat.completions', 'chat.toolResults', claude('claude-sonnet-4-6')],
  ['chat.completions', 'chat.reasoning', claude('claude-opus-5-5')],
  ['chat.completions', 'chat.reasoningOnly', claude('claude-haiku-4-5-20251001')],
  ['messages', 'messages.everything', gpt],
  ['messages', 'messages.toolResults', gpt],
  ['messages', 'messages.toolResults', mistral],
  ['messages', 'messages.looseSchema', gpt],
  ['responses', 'responses.everything', claude('claude-opus-4-8')],
  ['responses', 'responses.everything', mistral],
  ['responses', 'responses.text', claude('claude-opus-4-8')],
];

for (const [endpoint, fixture, target] of goldens)
  test(`${fixture} for ${target.model}`, () => {
    const bytes = readFileSync(resolve(import.meta.dirname, `../../../fixtures/translate/${fixture}.json`));
    const parsed = parseRequest(endpoint, bytes);
    assert.ok('request' in parsed);
    const translated = translateRequest(parsed.request, endpoint, target);
    assert.ok('request' in translated, JSON.stringify(translated));
    const { request, dropped } = translated;
    assert.equal(request.bytes.toString(), JSON.stringify(request.body));
    assert.equal(request.endpoint, target.endpoint);
    const golden = JSON.stringify({ sent: request.body, dropped }, null, 2);
    assertGolden(`translate/${fixture}.${target.model}.json`, `${golden}\n`);
  });

const user = (content: unknown): JsonObject => JSON.parse(JSON.stringify({ messages: [{ role: 'user', content }] }));

const refusals: readonly (readonly [TranslatedEndpoint, TranslationTarget, field: string, body: object])[] = [
  ['chat.completions', claude('claude-opus-5'), 'n', { n: 2 }],
  ['chat.completions', claude('claude-opus-5'), 'logit_bias', { logit_bias: { 5: 1 } }],
  ['chat.completions', claude('claude-opus-5'), 'presence_penalty', { presence_penalty: 0.5 }],
  ['chat.completions', claude('claude-opus-5'), 'logprobs', { logprobs: true }],
  ['chat.completions', claude('claude-opus-5'), 'temperature', { temperature: 1.5 }],
  ['chat.completions', claude('claude-opus-5'), 'temperature', { temperature: 'warm' }],
  ['chat.completions', claude('claude-opus-5'), 'response_format', { response_format: { type: 'json_object' } }],
  ['chat.completions', claude('claude-opus-5'), 'modalities', { modalities: ['text', 'audio'] }],
  ['chat.completions', claude('claude-opus-5'), 'web_search_options', { web_search_options: {} }],
  ['chat.completions', claude('claude-opus-5'), 'functions', { functions: [{ name: 'f' }] }],
  ['chat.completions', claude('claude-opus-5'), 'max_tokens', { max_tokens: 1, max_completion_tokens: 2 }],
  ['chat.completions', claude('claude-opus-5'), 'tools.0.type', { tools: [{ type: 'custom', custom: { name: 'x' } }] }],
  ['chat.completions', claude('claude-opus-5'), 'tool_choice', { tool_choice: { type: 'allowed_tools' } }],
  ['chat.completions', claude('claude-opus-5'), 'a_new_field', { a_new_field: 1 }],
  ['chat.completions', claude('claude-opus-5'), 'messages.0.content.0.type', user([{ type: 'input_audio' }])],
  [
    'chat.completions',
    claude('claude-opus-5'),
    'messages.0.content.0.file.file_id',
    user([{ type: 'file', file: { file_id: 'file-1' } }]),
  ],
  [
    'chat.completions',
    claude('claude-opus-5'),
    'messages.0.content.0.image_url.fps',
    user([{ type: 'image_url', image_url: { url: 'https://x/y', fps: 1 } }]),
  ],
  [
    'chat.completions',
    claude('claude-opus-5'),
    'messages.0.tool_calls.0.function.arguments',
    {
      messages: [
        { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { arguments: '[1' } }] },
        { role: 'tool', tool_call_id: 'c', content: 'x' },
      ],
    },
  ],
  [
    'chat.completions',
    claude('claude-haiku-4-5'),
    'messages.1',
    {
      messages: [
        { role: 'user', content: 'x' },
        { role: 'system', content: 'y' },
      ],
    },
  ],
  ['messages', gpt, 'messages.0', { messages: [{ role: 'assistant', content: 'The answer is' }] }],
  ['messages', gpt, 'top_k', { top_k: 5 }],
  ['messages', gpt, 'max_tokens', { max_tokens: 0 }],
  ['messages', gpt, 'inference_geo', { inference_geo: 'us' }],
  ['messages', gpt, 'mcp_servers', { mcp_servers: [{}] }],
  ['messages', gpt, 'tools.0.type', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
  ['messages', gpt, 'messages.0.content.0.type', user([{ type: 'search_result' }])],
  [
    'messages',
    gpt,
    'messages.0.content.0.source.type',
    user([{ type: 'image', source: { type: 'file', file_id: 'file_1' } }]),
  ],
  [
    'messages',
    gpt,
    'messages.0.content.0',
    user([{ type: 'document', source: { type: 'url', url: 'https://x/y.pdf' } }]),
  ],
  [
    'messages',
    gpt,
    'messages.0.content.0.content.0',
    user([
      {
        type: 'tool_result',
        tool_use_id: 't',
        content: [{ type: 'image', source: { type: 'url', url: 'https://x/y' } }],
      },
    ]),
  ],
  ['responses', gpt, 'previous_response_id', { input: 'x', previous_response_id: 'resp_1' }],
  ['responses', gpt, 'conversation', { input: 'x', conversation: 'conv_1' }],
  ['responses', gpt, 'background', { input: 'x', background: true }],
  ['responses', gpt, 'truncation', { input: 'x', truncation: 'auto' }],
  ['responses', gpt, 'tools.0.type', { input: 'x', tools: [{ type: 'web_search' }] }],
  ['responses', gpt, 'text.format', { input: 'x', text: { format: { type: 'json_object' } } }],
  ['responses', gpt, 'input.0.type', { input: [{ type: 'item_reference', id: 'i' }] }],
];

for (const [endpoint, target, field, body] of refusals)
  test(`${endpoint}: ${JSON.stringify(body).slice(0, 90)} is refused by name`, () => {
    const translated = translateRequest(parsedRequest(endpoint, body), endpoint, target);
    assert.equal('field' in translated && translated.field, field);
    assert.match('reason' in translated ? translated.reason : '', /^(?:is|has|says|asks|chooses) /);
  });

test('null says nothing, whatever the field', () => {
  const nulls = { logprobs: null, tools: null, response_format: null, a_new_field: null, user: null, messages: [] };
  const translated = translateRequest(
    parsedRequest('chat.completions', nulls),
    'chat.completions',
    claude('claude-opus-5'),
  );
  assert.deepEqual('request' in translated && [translated.request.body, translated.dropped], [
    { model: 'claude-opus-5', max_tokens: 64_000, messages: [] },
    [],
  ]);
});

test('efforts are budgets for Claude up to 4.5, and effort from 4.6 on', () => {
  const written = (model: string, effort: string, more: object = {}): unknown => {
    const body = { messages: [], reasoning_effort: effort, ...more };
    const translated = translateRequest(parsedRequest('chat.completions', body), 'chat.completions', claude(model));
    assert.ok('request' in translated);
    const { thinking, output_config: output } = translated.request.body;
    return [thinking, output, ...translated.dropped];
  };
  const adaptive = { type: 'adaptive' };
  assert.deepEqual(written('claude-sonnet-4-6', 'minimal'), [adaptive, { effort: 'low' }]);
  assert.deepEqual(written('claude-opus-5-5-20260922', 'max'), [adaptive, { effort: 'max' }]);
  assert.deepEqual(written('anthropic/claude-fable', 'high'), [adaptive, { effort: 'high' }]);
  assert.deepEqual(written('claude-opus-5', 'none'), [{ type: 'disabled' }, undefined]);
  assert.deepEqual(written('claude-3-7-sonnet-20250219', 'none'), [undefined, undefined]);
  assert.deepEqual(written('claude-3-7-sonnet-20250219', 'high'), [
    { type: 'enabled', budget_tokens: 16_384 },
    undefined,
  ]);
  assert.deepEqual(written('claude-opus-4-20250514', 'high', { max_tokens: 5000 }), [
    { type: 'enabled', budget_tokens: 4000 },
    undefined,
  ]);
  assert.deepEqual(written('claude-haiku-4-5', 'low', { max_tokens: 1000 }), [
    undefined,
    undefined,
    'reasoning_effort',
  ]);
  const call = { id: 'c', type: 'function', function: { name: 'f' } };
  const unsigned = [
    { role: 'assistant', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c', content: 'x' },
  ];
  assert.deepEqual(written('claude-haiku-4-5', 'low', { messages: unsigned }), [
    undefined,
    undefined,
    'reasoning_effort',
  ]);
});
