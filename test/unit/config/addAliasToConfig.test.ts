import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addAliasToConfig } from '../../../src/config/addAliasToConfig.ts';
import { createConfigText } from '../../../src/config/createConfigText.ts';
import { ConfigNotEditable } from '../../../src/config/errors.ts';
import { parseConfigFile } from '../../../src/config/parseConfigFile.ts';

function targets(text: string, alias: string): readonly string[] | undefined {
  const { layer, problems } = parseConfigFile(text, 'workspace');
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  return layer.file.aliases?.[alias]?.targets;
}

function comments(text: string): string[] {
  return text.match(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g) ?? [];
}

test('a missing or empty file becomes the starter with the alias', () => {
  for (const text of [undefined, '', '\n']) {
    const made = addAliasToConfig(text, 'cheap', 'openai/gpt-4o-mini');
    assert.deepEqual(targets(made, 'cheap'), ['openai/gpt-4o-mini']);
    assert.deepEqual(comments(made), comments(createConfigText()));
    assert.match(made, /^ {4}"cheap": \{ "targets": \["openai\/gpt-4o-mini"\] \}$/m);
  }
});

test('indentation and line ends stay', () => {
  const tabs = '{\n\t"version": 1,\n\t"aliases": {\n\t\t// one\n\t\t"a": { "targets": ["openai/x"] }\n\t}\n}\n';
  assert.equal(
    addAliasToConfig(tabs, 'b', 'openai/y'),
    '{\n\t"version": 1,\n\t"aliases": {\n\t\t// one\n\t\t"a": { "targets": ["openai/x"] },\n\t\t"b": { "targets": ["openai/y"] }\n\t}\n}\n',
  );
  const windows = '{\r\n    "version": 1\r\n}\r\n';
  const made = addAliasToConfig(windows, 'b', 'openai/y');
  assert.ok(!/[^\r]\n/.test(made));
  assert.deepEqual(targets(made, 'b'), ['openai/y']);
});

test('an alias that is there already is not changed', () => {
  const text = addAliasToConfig(undefined, 'cheap', 'openai/gpt-4o-mini');
  assert.equal(addAliasToConfig(text, 'cheap', 'openai/gpt-4o-mini'), text);
  assert.throws(
    () => addAliasToConfig(text, 'cheap', 'openai/gpt-4o'),
    (error) => error instanceof ConfigNotEditable && error.reason === 'aliasTaken',
  );
});

test('a broken text is refused, not guessed at', () => {
  for (const text of ['{', '[]', '{ "aliases": [] }', '{ "version": 1, "version": 1 }'])
    assert.throws(
      () => addAliasToConfig(text, 'a', 'openai/x'),
      (error) => error instanceof ConfigNotEditable && error.reason === 'broken',
    );
});

test('adding aliases keeps every comment and every other alias', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const note = fc.stringMatching(/^[a-z ",{}]{0,12}$/);
  const gap = fc.oneof(
    fc.constantFrom('', ' ', '\n', '\r\n\t', '\n    '),
    note.map((text) => ` /* ${text} */ `),
    note.map((text) => ` // ${text}\n`),
  );
  const file = fc.record({
    names: fc.uniqueArray(name, { maxLength: 4 }),
    gaps: fc.array(gap, { minLength: 16, maxLength: 16 }),
    trailingComma: fc.boolean(),
    added: name,
  });
  fc.assert(
    fc.property(file, ({ names, gaps, trailingComma, added }) => {
      fc.pre(!names.includes(added));
      const entries = names.map((alias, n) => `${gaps[n]}"${alias}": { "targets": ["openai/m${n}"] }${gaps[n + 4]}`);
      const aliases = entries.join(',') + (trailingComma && names.length > 0 ? `,${gaps[8]}` : '');
      const text = `${gaps[9]}{${gaps[10]}"version": 1,${gaps[11]}"aliases": {${gaps[12]}${aliases}}${gaps[13]}}${gaps[14]}`;
      const made = addAliasToConfig(text, added, 'openai/new');
      assert.deepEqual(targets(made, added), ['openai/new']);
      for (const [n, alias] of names.entries()) assert.deepEqual(targets(made, alias), [`openai/m${n}`]);
      assert.deepEqual(comments(made), comments(text));
    }),
    { numRuns: 500 },
  );
});

test('a file without aliases gets them, with every comment kept', () => {
  const gap = fc.constantFrom('', ' ', '\n', '\r\n\t', ' /* "x", } */ ', ' // {\n');
  fc.assert(
    fc.property(gap, gap, gap, fc.boolean(), (a, b, c, trailingComma) => {
      const text = `${a}{${b}"version": 1${trailingComma ? ',' : ''}${c}}`;
      const made = addAliasToConfig(text, 'cheap', 'openai/new');
      assert.deepEqual(targets(made, 'cheap'), ['openai/new']);
      assert.deepEqual(comments(made), comments(text));
    }),
  );
});
