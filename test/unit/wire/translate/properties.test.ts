import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../src/wire/json.ts';
import { createStreamReader } from '../../../../src/wire/streamReader.ts';
import { createStreamTranslation } from '../../../../src/wire/translate/createStreamTranslation.ts';
import type { Reading, TranslatedEndpoint, TranslationTarget } from '../../../../src/wire/translate/reading.ts';
import { translateReply } from '../../../../src/wire/translate/translateReply.ts';
import { translateRequest } from '../../../../src/wire/translate/translateRequest.ts';
import { parsedRequest } from '../../../support/wireFixtures.ts';

const endpoints: readonly TranslatedEndpoint[] = ['chat.completions', 'messages', 'responses'];
const targets: readonly TranslationTarget[] = [
  { endpoint: 'messages', model: 'claude-opus-4-8', maxOutputTokens: 1000 },
  {
    endpoint: 'chat.completions',
    model: 'gpt-test',
    maxTokensField: 'max_tokens',
    nineCharacterIds: false,
    takesUser: true,
  },
];

function fixture(name: string): JsonObject {
  const value: unknown = JSON.parse(
    readFileSync(resolve(import.meta.dirname, `../../../fixtures/translate/${name}.json`), 'utf8'),
  );
  assert.ok(isJsonObject(value));
  return value;
}

/** Every place of a JSON value, as a path. */
function placesOf(value: JsonValue | undefined, path: readonly (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value)) return value.flatMap((item, at) => [[...path, at], ...placesOf(item, [...path, at])]);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [[...path, key], ...placesOf(item, [...path, key])]);
}

function replaced(value: JsonValue | undefined, path: readonly (string | number)[], by: JsonValue): JsonValue {
  const [head, ...rest] = path;
  if (head === undefined) return by;
  if (Array.isArray(value)) return value.map((item: JsonValue, at) => (at === head ? replaced(item, rest, by) : item));
  return isJsonObject(value) ? { ...value, [head]: replaced(value[head], rest, by) } : by;
}

const bodies = {
  'chat.completions': ['chat.everything', 'chat.toolResults'].map(fixture),
  messages: ['messages.everything', 'messages.toolResults'].map(fixture),
  responses: ['responses.everything'].map(fixture),
} as const;

test('whatever stands anywhere in a request, it is written, or refused by a field that is there', () => {
  const places = endpoints.flatMap((endpoint) =>
    bodies[endpoint].flatMap((body) => placesOf(body).map((path) => ({ endpoint, body, path }))),
  );
  const nonsense = fc.jsonValue({ maxDepth: 2 });
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.constantFrom(...targets), nonsense, (place, target, value) => {
      const { endpoint, body, path } = place;
      const changed = replaced(body, path, JSON.parse(JSON.stringify(value)));
      assert.ok(isJsonObject(changed));
      const translated = translateRequest(parsedRequest(endpoint, changed), endpoint, target);
      if ('field' in translated) assert.notEqual(translated.field, '');
      else assert.deepEqual(JSON.parse(translated.request.bytes.toString()), translated.request.body);
    }),
    { numRuns: 2000 },
  );
});

test('a member that nobody knows is never lost: it is refused by its name, wherever it stands', () => {
  for (const endpoint of endpoints)
    for (const body of bodies[endpoint])
      for (const path of [[], ...placesOf(body)]) {
        const object = path.reduce<JsonValue | undefined>((at, key) => valueAt(at, key), body);
        if (!isJsonObject(object) || isFree(path)) continue;
        const changed = replaced(body, [...path, 'x_new'], 1);
        assert.ok(isJsonObject(changed));
        for (const target of targets) {
          const translated = translateRequest(parsedRequest(endpoint, changed), endpoint, target);
          assert.equal('field' in translated && translated.field, [...path, 'x_new'].join('.'));
        }
      }
});

function valueAt(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isJsonObject(value) ? value[key] : undefined;
}

/** Schemas and the input of tools are the program's own, and go on as they are; what is left out is left out whole. */
function isFree(path: readonly (string | number)[]): boolean {
  const own = ['parameters', 'input_schema', 'schema', 'logit_bias', 'metadata', 'stream_options', 'cache_control'];
  if (path.some((key) => own.includes(String(key)))) return true;
  const tool = path.indexOf('content');
  return (tool >= 0 && path.slice(tool).includes('input')) || path.includes('summary');
}

/** Parts of an answer of GPT's, as it may come. */
const calls = fc.array(
  fc.record({ name: fc.string({ minLength: 1 }), input: fc.dictionary(fc.string(), fc.string()) }),
  {
    maxLength: 3,
  },
);
const answers = fc.record({ text: fc.string({ unit: 'grapheme' }), reasoning: fc.string(), calls });

test('any answer, streamed in any pieces, adds up to the one that came whole', () => {
  fc.assert(
    fc.property(
      answers,
      fc.constantFrom(...endpoints.slice(1)),
      fc.integer({ min: 1, max: 50 }),
      (said, endpoint, size) => {
        const body = { stream: true, thinking: { type: 'adaptive' } };
        const reading: Reading = {
          request: parsedRequest(endpoint, body),
          endpoint,
          from: 'chat.completions',
          createdAt: 1,
          showsThinking: true,
        };
        const toolCalls = said.calls.map(({ name, input }, at) => ({
          id: `call_${at}`,
          type: 'function',
          function: { name, arguments: JSON.stringify(input) },
        }));
        const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
        const head = { id: 'c', model: 'm' };
        const message = { content: said.text, reasoning_content: said.reasoning, tool_calls: toolCalls };
        const finish = toolCalls.length > 0 ? 'tool_calls' : 'stop';
        const whole = translateReply({ ...head, choices: [{ message, finish_reason: finish }], usage }, reading);
        const chunks = [
          { reasoning_content: said.reasoning },
          ...[...said.text].map((content) => ({ content })),
          ...toolCalls.map((call, index) => ({ tool_calls: [{ index, ...call }] })),
        ].map((delta) => ({ ...head, choices: [{ index: 0, delta, finish_reason: null }] }));
        const last = [
          { ...head, choices: [{ index: 0, delta: {}, finish_reason: finish }] },
          { ...head, choices: [], usage },
        ];
        const bytes = Buffer.from([...chunks, ...last].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''));
        const translation = createStreamTranslation(reading);
        const reader = createStreamReader(parsedRequest(endpoint, { stream: true }));
        for (let at = 0; at < bytes.length; at += size) reader.push(translation.push(bytes.subarray(at, at + size)));
        reader.push(translation.end());
        assert.equal(reader.events.ended, true);
        assert.deepEqual(withoutNulls(reader.events.reply()), withoutNulls(whole));
      },
    ),
    { numRuns: 300 },
  );
});

function withoutNulls(value: JsonObject | undefined): unknown {
  return JSON.parse(JSON.stringify(value, (_key, item: unknown) => (item === null ? undefined : item)));
}
