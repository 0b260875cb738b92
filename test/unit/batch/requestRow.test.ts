import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { embeddingInputsOf, inputOf, maxOutputTokensOf, parseRequestRow } from '../../../src/batch/requestRow.ts';
import type { JsonObject } from '../../../src/wire/json.ts';

const good = {
  custom_id: 'r1',
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] },
};

function textsOf(body: JsonObject): { texts: readonly string[]; whole: boolean } {
  const { texts, whole } = inputOf(body);
  return { texts, whole };
}

function reason(line: unknown): string {
  const row = parseRequestRow(typeof line === 'string' ? line : JSON.stringify(line));
  return row.kind === 'refused' ? row.reason : `taken as ${row.customId}`;
}

test('a line of OpenAI’s guide is taken as it is', () => {
  assert.deepEqual(parseRequestRow(JSON.stringify(good)), {
    kind: 'row',
    customId: 'r1',
    endpoint: '/v1/chat/completions',
    model: 'gpt-4o-mini',
    body: good.body,
  });
});

test('what would fail hours later is refused now', () => {
  assert.equal(reason('not json'), 'not a JSON object.');
  assert.equal(reason('[]'), 'not a JSON object.');
  assert.equal(
    reason({ custom_id: 'a', params: { model: 'claude', messages: [{}] } }),
    '`params.max_tokens` must be a whole number above 0.',
  );
  assert.equal(
    reason({ messages: [] }),
    'not a batch request (`custom_id`, `method`, `url`, `body` for OpenAI; `custom_id`, `params` for Anthropic).',
  );
  assert.equal(reason({ ...good, custom_id: 7 }), '`custom_id` is missing or not a text.');
  assert.equal(reason({ ...good, custom_id: '' }), '`custom_id` is missing or not a text.');
  assert.equal(reason({ ...good, method: 'GET' }), '`method` must be "POST".');
  assert.equal(
    reason({ ...good, url: '/v1/audio' }),
    '`url` must be one of /v1/chat/completions, /v1/responses, /v1/embeddings, /v1/completions.',
  );
  assert.equal(reason({ ...good, body: 'x' }), '`body` is missing or no object.');
  assert.equal(reason({ ...good, body: { ...good.body, stream: true } }), '`stream` cannot be true in a batch.');
  assert.equal(reason({ ...good, body: { ...good.body, model: 4 } }), '`body.model` must be a text.');
});

test('texts of every endpoint are found, and what is not text is known', () => {
  assert.deepEqual(
    textsOf({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a' }] },
        { role: 'system', content: 'b' },
      ],
    }),
    {
      texts: ['a', 'b'],
      whole: true,
    },
  );
  assert.deepEqual(textsOf({ instructions: 'a', input: [{ role: 'user', content: 'b' }] }), {
    texts: ['a', 'b'],
    whole: true,
  });
  assert.deepEqual(textsOf({ input: ['a', 'b'] }), { texts: ['a', 'b'], whole: true });
  const image = { type: 'image_url', image_url: { url: 'data:' } };
  assert.equal(textsOf({ messages: [{ role: 'user', content: [image] }] }).whole, false);
  assert.deepEqual(textsOf({ messages: [], tools: [{ a: 1 }] }), { texts: ['{"a":1}'], whole: false });
});

test('bounds and numbers of inputs', () => {
  assert.equal(maxOutputTokensOf({ max_tokens: 5 }), 5);
  assert.equal(maxOutputTokensOf({ max_completion_tokens: 6, max_tokens: 5 }), 6);
  assert.equal(maxOutputTokensOf({ max_output_tokens: 7 }), 7);
  assert.equal(maxOutputTokensOf({}), undefined);
  assert.equal(embeddingInputsOf({ input: 'a' }), 1);
  assert.equal(embeddingInputsOf({ input: ['a', 'b'] }), 2);
  assert.equal(embeddingInputsOf({ input: [1, 2, 3] }), 1);
  assert.equal(embeddingInputsOf({ input: [[1, 2], [3]] }), 2);
});

test('no line throws, nor does what is counted in it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.record({ ...goodArbitrary() }).map((row) => JSON.stringify(row)),
      ),
      (line) => {
        const row = parseRequestRow(line);
        if (row.kind === 'row') assert.ok(Array.isArray(textsOf(row.body).texts));
        else assert.notEqual(row.reason, '');
      },
    ),
  );
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const row = parseRequestRow(`{"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{"input":${deep}}}`);
  assert.equal(row.kind === 'row' && textsOf(row.body).whole, false);
});

function goodArbitrary() {
  return {
    custom_id: fc.oneof(fc.string(), fc.integer()),
    method: fc.constantFrom('POST', 'GET'),
    url: fc.constantFrom('/v1/chat/completions', '/v1/responses', '/v1/embeddings', 'x'),
    body: fc.oneof(fc.object(), fc.record({ messages: fc.jsonValue(), input: fc.jsonValue() })),
  };
}
