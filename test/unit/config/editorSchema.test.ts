import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configJsonSchema } from '../../../src/config/configJsonSchema.ts';
import { suggestingSchema } from '../../../src/config/editorSchema.ts';

/** Every schema within a schema, and the keywords of each. */
function* schemas(schema: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(schema)) for (const each of schema) yield* schemas(each);
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  const keywords = Object.fromEntries(Object.entries(schema));
  yield keywords;
  for (const key of ['items', 'anyOf', 'oneOf', 'additionalProperties']) yield* schemas(keywords[key]);
  if (typeof keywords.properties === 'object' && keywords.properties !== null)
    yield* schemas(Object.values(keywords.properties));
}

/** Values that some place of the schema offers. */
const offered = (schema: unknown): Set<unknown> =>
  new Set([...schemas(schema)].flatMap(({ enum: values }): unknown[] => (Array.isArray(values) ? values : [])));

const all = configJsonSchema();
const suggesting = suggestingSchema(all);

const strict = ['required', 'pattern', 'minimum', 'minItems', 'propertyNames', 'const', 'oneOf'];

/** The schemas that find something wrong with some value. */
function judging(schema: unknown): unknown[] {
  return [...schemas(schema)].flatMap((keywords) => {
    const ways = Array.isArray(keywords.anyOf) ? keywords.anyOf : [];
    // Beside `{}`, which takes everything, any other way only offers.
    const isFree = ways.some((way) => JSON.stringify(way) === '{}');
    const bound = ways.filter((way) => !isFree && ('type' in way || 'enum' in way));
    const own = strict.some((key) => key in keywords) || keywords.additionalProperties === false;
    return own ? [keywords, ...bound] : bound;
  });
}

test('nothing is judged: every type and list of values is one way beside any other', () => {
  assert.ok(judging(all).length > 20);
  assert.deepEqual(judging(suggesting), []);
  for (const { properties } of schemas(suggesting))
    for (const property of Object.values(properties ?? {})) assert.ok(!('type' in property || 'enum' in property));
});

test('what was offered and explained still is', () => {
  assert.deepEqual(offered(suggesting), offered(all));
  const texts = (schema: unknown): unknown[] =>
    [...schemas(schema)].flatMap(({ markdownDescription }) => markdownDescription ?? []).sort();
  assert.deepEqual(texts(suggesting), texts(all));
});
