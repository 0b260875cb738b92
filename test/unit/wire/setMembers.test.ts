import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonMembers } from '../../../src/wire/jsonMembers.ts';
import { removeMember, setMembers } from '../../../src/wire/setMembers.ts';

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('utf8');
const set = (json: string, edits: Record<string, string>): string | undefined =>
  text(setMembers(Buffer.from(json), edits));

test('replaces a value and leaves every other byte alone', () => {
  assert.equal(
    set('{ "a" : 1,\t"model" :"gpt-4o" , "b":{"model":"inner"} }\n', { model: '"x"' }),
    '{ "a" : 1,\t"model" :"x" , "b":{"model":"inner"} }\n',
  );
});

test('a key written with escapes is the same key, and a key that stands twice is set twice', () => {
  assert.equal(set('{"mod\\u0065l":"a","model":"b"}', { model: '"x"' }), '{"mod\\u0065l":"x","model":"x"}');
});

test('a key that only looks the same inside strings, arrays and objects is left alone', () => {
  const json = '{"s":"\\"model\\":\\"a\\"\\\\","list":[{"model":"a"}],"deep":{"x":{"model":1}},"model":null}';
  assert.equal(set(json, { model: '"x"' }), json.replace('"model":null', '"model":"x"'));
});

test('adds what is not there as the last member', () => {
  assert.equal(set('{"a":1 }', { b: '{"c":true}' }), '{"a":1 ,"b":{"c":true}}');
  assert.equal(set(' {} ', { b: '2' }), ' {"b":2} ');
});

test('what is no object is not spliced', () => {
  for (const json of ['[]', '"model"', '1', 'null', '']) assert.equal(set(json, { model: '1' }), undefined);
});

test('removes a member with its comma, wherever it stands, and only with that value', () => {
  const remove = (json: string): string | undefined => text(removeMember(Buffer.from(json), 'usage', 'null'));
  assert.equal(remove('{"a":1,"usage":null}'), '{"a":1}');
  assert.equal(remove('{"usage":null,"a":1}'), '{"a":1}');
  assert.equal(remove('{"a":1, "usage" : null ,"b":2}'), '{"a":1 ,"b":2}');
  assert.equal(remove('{"usage":null}'), '{}');
  assert.equal(remove('{"a":1,"usage":{"x":null}}'), undefined);
  assert.equal(remove('{"a":{"usage":null}}'), undefined);
});

const anyJson = fc.jsonValue({ depthSize: 'medium', stringUnit: 'binary' });
const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

/** JSON as somebody else might write it: everything escaped, spaces anywhere between tokens. */
function written(value: unknown, gap: string, escaped: boolean): string {
  const string = (part: string): string => (escaped ? `"${[...unitsOf(part)].join('')}"` : JSON.stringify(part));
  if (typeof value === 'string') return string(value);
  if (Array.isArray(value))
    return `[${gap}${value.map((item) => written(item, gap, escaped)).join(`${gap},${gap}`)}${gap}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${string(key)}${gap}:${gap}${written(item, gap, escaped)}`,
  );
  return `{${gap}${members.join(`${gap},${gap}`)}${gap}}`;
}

function* unitsOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) yield `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
}

test('property: only the top-level value changes, whatever the JSON is and however it is written', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.constant('model'), fc.string()), anyJson),
      fc.string(),
      space,
      fc.boolean(),
      (object, model, gap, escaped) => {
        const json = written(object, gap, escaped);
        const spliced = set(json, { model: JSON.stringify(model) });
        const expected: unknown = { ...JSON.parse(json), model };
        assert.deepEqual(JSON.parse(spliced ?? ''), expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('property: the spans of the members are the text of their values', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), anyJson), space, fc.boolean(), (object, gap, escaped) => {
      const bytes = Buffer.from(gap + written(object, gap, escaped) + gap);
      const span = jsonMembers(bytes);
      const read = span?.members.map(({ key, valueStart, valueEnd }) => [
        key,
        JSON.parse(bytes.toString('utf8', valueStart, valueEnd)) as unknown,
      ]);
      assert.deepEqual(read, Object.entries(JSON.parse(bytes.toString('utf8'))));
      assert.equal(bytes.toString('utf8', span?.open, (span?.close ?? 0) + 1), bytes.toString('utf8').trim());
    }),
    { numRuns: 500 },
  );
});
