import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aliasReferences, renamedReference } from '../../../src/advice/aliasReferences.ts';
import { findMapMembers } from '../../../src/advice/findMapMembers.ts';
import type { Finding, SourceText } from '../../../src/detect/finding.ts';

const aliases = ['cheap', 'cheap-fast'];

function references(source: SourceText, literals: readonly string[] = []): [alias: string, written: string][] {
  const mentions = literals.map((text): Finding => {
    const start = source.text.indexOf(`"${text}"`) + 1;
    const span = { start, end: start + text.length };
    return { kind: 'model', text, span, literal: { start: start - 1, end: span.end + 1 }, replaceable: true };
  });
  const found = aliasReferences(source, [...mentions, ...findMapMembers(source, aliases)], aliases);
  return found.map(({ alias, span }) => [alias, source.text.slice(span.start, span.end)]);
}

test('members of the map and strings, by the name alone', () => {
  const text =
    'from tollgate_models import models as m\nask(model=m.cheap_fast)\nask(model="cheap")\nask(model="gpt-4o")\n';
  assert.deepEqual(references({ languageId: 'python', path: 'a.py', text }, ['cheap', 'gpt-4o']), [
    ['cheap', 'cheap'],
    ['cheap-fast', 'cheap_fast'],
  ]);
});

test('an identifier that happens to be called like an alias is none', () => {
  const source = { languageId: 'go', path: 'a.go', text: 'x := cheap' };
  const constant: Finding = { kind: 'const', text: 'cheap', span: { start: 5, end: 10 } };
  assert.deepEqual(aliasReferences(source, [constant], aliases), []);
});

test('after a rename a string has the new name, a member the name that the new map gives it', () => {
  assert.equal(renamedReference({}, 'very-cheap', ['very-cheap']), 'very-cheap');
  assert.equal(renamedReference({ member: 'python' }, 'very-cheap', ['very-cheap']), 'very_cheap');
  assert.equal(renamedReference({ member: 'typescript' }, 'a.b', ['a-b', 'a.b']), 'aB_2');
});
