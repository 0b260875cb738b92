import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AnswerScope } from '../../../src/cache/answerCache.ts';
import type { JsonObject } from '../../../src/wire/json.ts';
import type { BodyEndpoint } from '../../../src/wire/parsedRequest.ts';
import { answerOf, bothOn, chat, openCache, requestOf } from './cacheFixture.ts';

const text = 'What is dependency injection?';
const user = (content: unknown) => JSON.parse(JSON.stringify([{ role: 'user', content }]));
const tool = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } };

interface Shape {
  readonly endpoint: BodyEndpoint;
  readonly base: JsonObject;
  readonly question: (wording: string) => JsonObject;
  /** Each differs from `base` in something that must not share an answer. */
  readonly others: Readonly<Record<string, JsonObject>>;
  readonly json: string;
}

const shapes: Shape[] = [
  {
    endpoint: 'chat.completions',
    base: { model: 'm', temperature: 0, messages: user(text) },
    question: (wording) => ({ messages: user(wording) }),
    others: {
      'system prompt': { messages: [{ role: 'system', content: 'Answer in French.' }, ...user(text)] },
      'developer prompt': { messages: [{ role: 'developer', content: 'Answer in French.' }, ...user(text)] },
      temperature: { temperature: 1 },
      tools: { tools: [tool] },
      'response format': { response_format: { type: 'json_object' } },
      'token limit': { max_tokens: 5 },
      n: { n: 2 },
      'earlier turns': { messages: [...user('I write C#.'), { role: 'assistant', content: 'Noted.' }, ...user(text)] },
      'tool result': {
        messages: [
          ...user('x'),
          { role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'f' } }] },
          { role: 'tool', tool_call_id: 'c', content: '{}' },
          ...user(text),
        ],
      },
      image: {
        messages: user([
          { type: 'text', text },
          { type: 'image_url', image_url: { url: 'data:,A' } },
        ]),
      },
      seed: { seed: 7 },
      stop: { stop: ['x'] },
      'reasoning effort': { reasoning_effort: 'high' },
      'name of the user message': { messages: [{ role: 'user', name: 'ann', content: text }] },
    },
    json: '{"choices":[{"message":{"content":"1"}}]}',
  },
  {
    endpoint: 'messages',
    base: { model: 'm', max_tokens: 10, temperature: 0, messages: user(text) },
    question: (wording) => ({ messages: user(wording) }),
    others: {
      system: { system: 'Answer in French.' },
      temperature: { temperature: 1 },
      tools: { tools: [{ name: 'f', input_schema: {} }] },
      'token limit': { max_tokens: 11 },
      'earlier turns': { messages: [...user('I write C#.'), { role: 'assistant', content: 'Noted.' }, ...user(text)] },
      prefill: { messages: [...user(text), { role: 'assistant', content: 'It' }] },
      thinking: { thinking: { type: 'enabled', budget_tokens: 1024 } },
      image: {
        messages: user([
          { type: 'image', source: {} },
          { type: 'text', text },
        ]),
      },
      stop: { stop_sequences: ['x'] },
    },
    json: '{"content":[{"type":"text","text":"1"}]}',
  },
  {
    endpoint: 'responses',
    base: { model: 'm', temperature: 0, input: text },
    question: (wording) => ({ input: wording }),
    others: {
      instructions: { instructions: 'Answer in French.' },
      temperature: { temperature: 1 },
      tools: { tools: [{ type: 'function', name: 'f' }] },
      format: { text: { format: { type: 'json_object' } } },
      'token limit': { max_output_tokens: 5 },
      'previous response': { previous_response_id: 'r' },
      'earlier turns': { input: [...user('x'), { role: 'assistant', content: 'y' }, ...user(text)] },
      reasoning: { reasoning: { effort: 'high' } },
    },
    json: '{"output":[{"content":[{"type":"output_text","text":"1"}]}]}',
  },
];

const otherScopes: Record<string, Partial<AnswerScope>> = {
  workspace: { workspaceId: 'w2' },
  session: { session: 's2' },
  'no session': { session: undefined },
  user: { user: 'u2' },
  namespace: { namespace: 'n' },
  provider: { provider: 'other' },
  'base URL': { baseUrl: 'http://127.0.0.1:1/v1' },
  model: { model: 'gpt-4o' },
  alias: { alias: 'cheap' },
  credential: { credential: 'c2' },
  variant: { variant: 'anthropic-beta=x' },
};

for (const { endpoint, base, question, others, json } of shapes) {
  describe(endpoint, () => {
    const request = (more: JsonObject) => requestOf({ ...base, ...more }, endpoint);
    const answer = answerOf('', { endpoint, json });
    const reworded = 'Could you tell me what dependency injection is?';

    test('the same request and the same question in other words are served', () => {
      const { ask } = openCache();
      ask(request({}), { answer });
      assert.equal(ask(request({})).outcome, 'hitExact');
      assert.equal(ask(request(question(reworded))).outcome, 'hitWording');
    });

    for (const [name, more] of Object.entries(others)) {
      test(`never across another ${name}`, () => {
        const { ask } = openCache();
        ask(request({}), { answer });
        if (!('messages' in more || 'input' in more)) {
          const worded = request({ ...more, ...question(reworded) });
          assert.equal(ask(worded, { directives: { skipWrite: true } }).outcome, 'miss');
        }
        assert.equal(ask(request(more), { answer }).outcome, 'miss');
        assert.equal(ask(request(more), { answer }).outcome, 'hitExact');
      });
    }

    for (const [name, scope] of Object.entries(otherScopes)) {
      test(`never across another ${name}`, () => {
        const { ask } = openCache();
        ask(request({}), { answer });
        const reading = { scope, directives: { skipWrite: true } };
        assert.equal(ask(request(question(reworded)), reading).outcome, 'miss');
        assert.equal(ask(request({}), { scope, answer }).outcome, 'miss');
        assert.equal(ask(request(question('Please explain dependency injection')), { scope }).outcome, 'hitWording');
      });
    }
  });
}

describe('scope of the configuration', () => {
  test('a workspace is shared between its sessions, and between nothing else', () => {
    const { ask } = openCache();
    const config = { ...bothOn, scope: 'workspace' as const };
    ask(chat(text), { config });
    assert.equal(ask(chat(text), { config, scope: { session: 's2' } }).outcome, 'hitExact');
    for (const scope of [{ user: 'u2' }, { credential: 'c2' }, { workspaceId: 'w2' }, { namespace: 'n' }]) {
      assert.equal(ask(chat(text), { config, scope }).outcome, 'miss');
    }
  });

  test('what was kept for a workspace is not served to a session, nor the other way', () => {
    const { ask } = openCache();
    ask(chat(text), { config: { ...bothOn, scope: 'workspace' } });
    assert.equal(ask(chat(text), { scope: { session: undefined } }).outcome, 'miss');
  });

  test('calls without a session share within their user', () => {
    const { ask } = openCache();
    const scope = { session: undefined, user: 'u1' };
    ask(chat(text), { scope });
    assert.equal(ask(chat(text), { scope }).outcome, 'hitExact');
    assert.equal(ask(chat(text), { scope: { session: undefined, user: undefined } }).outcome, 'miss');
  });
});
