import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imagePartOf, toolsIn } from '../../../src/wire/promptParts.ts';

test('tools of OpenAI and Anthropic: texts and shapes', () => {
  const schema = {
    type: 'object',
    properties: { city: { type: 'string', description: 'Where' }, unit: { type: 'string', enum: ['c', 'f'] } },
  };
  const texts = ['weather:Tells it', 'city:string:Where', 'unit:string:', 'c', 'f'];
  const shapes = [{ properties: 2, choices: 2 }];
  const fn = { name: 'weather', description: 'Tells it' };
  const chat = { tools: [{ type: 'function', function: { ...fn, parameters: schema } }], tool_choice: 'auto' };
  assert.deepEqual(toolsIn(chat), { texts, shapes, forced: false });
  const messages = { tools: [{ ...fn, input_schema: schema }], tool_choice: { type: 'any' } };
  assert.deepEqual(toolsIn(messages), { texts, shapes, forced: true });
  const responses = { tools: [{ type: 'function', ...fn, parameters: schema }] };
  assert.deepEqual(toolsIn(responses), { texts, shapes, forced: false });
  assert.deepEqual(toolsIn({}), { texts: [], shapes: [], forced: false });
});

test('nested schemas are read, and those without an end are left', () => {
  const nested = { properties: { list: { type: 'array', items: { properties: { x: { type: 'number' } } } } } };
  assert.deepEqual(toolsIn({ tools: [{ name: 'f', input_schema: nested }] }).shapes, [{ properties: 2, choices: 0 }]);
  let deep: object = { type: 'string' };
  for (let level = 0; level < 100; level++) deep = { properties: { a: deep } };
  const { shapes } = toolsIn({ tools: [{ name: 'f', input_schema: JSON.parse(JSON.stringify(deep)) }] });
  assert.equal(shapes[0]?.properties, 9);
});

test('image parts of three forms', () => {
  const data = 'data:image/png;base64,AAAA';
  assert.deepEqual(imagePartOf({ type: 'image_url', image_url: { url: data, detail: 'low' } }), {
    data,
    detail: 'low',
  });
  assert.deepEqual(imagePartOf({ type: 'image_url', image_url: { url: 'https://x/y.png' } }), {});
  assert.deepEqual(imagePartOf({ type: 'input_image', image_url: data, detail: 'high' }), { data, detail: 'high' });
  assert.deepEqual(imagePartOf({ type: 'image', source: { type: 'base64', data: 'AAAA' } }), { data: 'AAAA' });
  assert.equal(imagePartOf({ type: 'text', text: 'a' }), undefined);
});
