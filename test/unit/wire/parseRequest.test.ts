import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequest } from '../../../src/wire/parseRequest.ts';
import { promptTexts } from '../../../src/wire/promptTexts.ts';
import { requestTraits } from '../../../src/wire/requestTraits.ts';
import { parsedRequest } from '../../support/wireFixtures.ts';

const problemOf = (bytes: Uint8Array | string): string | undefined => {
  const parsed = parseRequest('chat.completions', Buffer.from(bytes as string));
  return 'problem' in parsed ? parsed.problem : undefined;
};

test('what is wrong with a body is told apart', () => {
  assert.equal(problemOf(''), 'empty');
  assert.equal(problemOf('{"a":1,}'), 'notJson');
  assert.equal(problemOf('[{"model":"x"}]'), 'notAnObject');
  assert.equal(problemOf('null'), 'notAnObject');
  assert.equal(problemOf(Uint8Array.of(0x7b, 0xff, 0x7d)), 'notUtf8');
  assert.equal(problemOf(`{"a":${'['.repeat(200)}${']'.repeat(200)}}`), 'tooDeep');
  assert.equal(problemOf(`{"a":${'['.repeat(60)}${']'.repeat(60)}}`), undefined);
  assert.equal(problemOf(`{"a":${'['.repeat(1_000_000)}`), 'notJson');
});

test('a body without a model, or with one that is no text, is the provider’s to refuse', () => {
  assert.equal(parsedRequest('chat.completions', { model: undefined }).model, '');
  assert.equal(parsedRequest('chat.completions', { model: 7 }).model, '');
});

test('only `true` asks for a stream', () => {
  assert.deepEqual(
    [true, false, null, 'true', undefined].map((stream) => parsedRequest('chat.completions', { stream }).stream),
    [true, false, false, false, false],
  );
});

test('the texts of a prompt are all of it but binary data', () => {
  const request = parsedRequest('messages', {
    system: [{ type: 'text', text: 'Be brief.' }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { data: 'A'.repeat(5000) } },
          { type: 'text', text: 'What?' },
        ],
      },
    ],
    metadata: { user_id: 'u' },
  });
  assert.deepEqual(promptTexts(request), ['text', 'Be brief.', 'user', 'image', 'text', 'What?']);
});

test('tools, images and structured output are seen in every dialect', () => {
  const traits = (body: object): string =>
    Object.entries(requestTraits(parsedRequest('chat.completions', body)))
      .filter(([, has]) => has)
      .map(([name]) => name)
      .join();
  assert.equal(traits({ messages: [{ content: 'image_url' }], tools: [] }), '');
  assert.equal(traits({ tools: [{}] }), 'tools');
  assert.equal(traits({ messages: [{ content: [{ type: 'image_url' }] }] }), 'images');
  assert.equal(traits({ input: [{ content: [{ type: 'input_image' }] }] }), 'images');
  assert.equal(traits({ messages: [{ content: [{ type: 'tool_result', content: [{ type: 'image' }] }] }] }), 'images');
  assert.equal(traits({ response_format: { type: 'json_object' } }), 'structuredOutput');
  assert.equal(traits({ text: { format: { type: 'text' } } }), '');
  assert.equal(traits({ text: { format: { type: 'json_schema' } } }), 'structuredOutput');
});
