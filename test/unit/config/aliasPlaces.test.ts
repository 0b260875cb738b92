import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aliasPlaces } from '../../../src/config/aliasPlaces.ts';
import { nameAtOffset } from '../../../src/config/nameAtOffset.ts';

const text = `{
  // ours
  "aliases": { "cheap": { "targets": ["openai/gpt-4o-mini"] }, "quality": { "targets": [] } },
  "tiers": ["cheap", "quality"],
  "routes": [{ "name": "cheap", "use": "cheap", "escalate": { "to": "quality", "on": ["empty"] } }],
}`;

const written = (source: string): string[] =>
  aliasPlaces(source).map(({ alias, kind, span }) => {
    assert.equal(source.slice(span.start, span.end), alias);
    assert.ok(source.startsWith('"', span.start - 1) && source.startsWith('"', span.end));
    return `${kind} ${alias}`;
  });

test('keys, tiers and routes name aliases; the name of a route does not', () => {
  assert.deepEqual(written(text), [
    'declaration cheap',
    'declaration quality',
    'use cheap',
    'use quality',
    'use cheap',
    'use quality',
  ]);
});

test('a text that is being typed gives what can be read of it', () => {
  assert.deepEqual(written('{ "aliases": { "cheap": { "targets": ['), ['declaration cheap']);
  assert.deepEqual(written('{ "aliases": ["cheap"], "tiers": "cheap", "routes": [1, {}] }'), []);
  assert.deepEqual(written(''), []);
});

function nameAt(marked: string): unknown {
  const offset = marked.indexOf('|');
  return nameAtOffset(marked.replace('|', ''), offset);
}

test('what kind of name stands under the cursor', () => {
  assert.deepEqual(nameAt('{ "aliases": { "a": { "targets": ["openai/g|"] } } }'), {
    kind: 'target',
    written: 'openai/g',
    span: { start: 34, end: 44 },
  });
  assert.deepEqual(nameAt('{ "tiers": [|] }'), { kind: 'alias', written: '', span: { start: 12, end: 12 } });
  assert.deepEqual(nameAt('{ "tiers": ["a", |'), { kind: 'alias', written: '', span: { start: 17, end: 17 } });
  assert.deepEqual(nameAt('{ "routes": [{ "use": "|" }] }'), {
    kind: 'alias',
    written: '',
    span: { start: 22, end: 24 },
  });
  assert.deepEqual(nameAt('{ "routes": [{ "escalate": { "to": "x|" } }] }'), {
    kind: 'alias',
    written: 'x',
    span: { start: 35, end: 38 },
  });
  for (const other of ['{ "ti|ers": [] }', '{ "aliases": { "a|": {} } }', '{ "version": |1 }', '|'])
    assert.equal(nameAt(other), undefined, other);
});
