import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createConfigText } from '../../../src/config/createConfigText.ts';
import { type LayerKind, parseConfigFile } from '../../../src/config/parseConfigFile.ts';

/** Problems as `code at "text"`, so that the places are checked too. */
function problems(text: string, kind: LayerKind = 'workspace'): string[] {
  return parseConfigFile(text, kind).problems.map(
    ({ code, severity, start, end }) => `${severity === 'error' ? '' : 'warning '}${code} at ${text.slice(start, end)}`,
  );
}

function messages(text: string): string[] {
  return parseConfigFile(text, 'workspace').problems.map(({ message }) => message);
}

/** The example of the documentation: everything the format knows. */
const normative = `{
  "version": 1,
  "providers": { "openai": { "dialect": "openai", "baseUrl": "https://api.openai.com/v1", "apiKey": "secret:openai" } },
  "aliases": {
    "cheap": { "targets": ["openai/gpt-4o-mini"], "maxInputTokens": 8000, "maxOutputTokens": 1000, "onOverflow": "error",
               "fallback": { "on": ["overload", "server", "context"], "maxAttempts": 3, "deadlineMs": 60000 } },
    "quality": { "targets": ["openai/gpt-4o"] } },
  "tiers": ["cheap", "quality"],
  "routes": [ { "name": "classify", "match": { "task": "classify" }, "use": "cheap",
                "escalate": { "to": "quality", "on": ["schemaInvalid", "truncated"] },
                "guard": { "maxErrorRate": 0.05, "minCalls": 30, "windowMs": 86400000 } } ],
  "cache": { "scope": "session",
             "exact": { "mode": "on", "ttlMs": 86400000, "maxBytes": 134217728 },
             "semantic": { "mode": "on", "embedder": "lexical", "threshold": 0.955, "ttlMs": 86400000 },
             "store": { "kind": "sqlite" } },
  "budgets": [ { "scope": "workspace", "limitUsd": 20, "window": "month", "warnAt": [0.5, 0.8], "onExceed": "block" } ],
  "attribution": { "tags": ["feature", "env"], "pii": "hash" },
  "prices": { "unpriced": "warn",
              "overrides": { "openai/my-ft": { "usdPerMTok": { "input": 2.5, "cacheRead": 0.25, "output": 10 } } } },
  "reconcile": { "toleranceRatio": 0.02, "timezone": "UTC" }
}`;

test('the example of the documentation has no errors', () => {
  assert.deepEqual(
    parseConfigFile(normative, 'workspace').problems.filter(({ severity }) => severity === 'error'),
    [],
  );
});

test('the text a new file begins with has no problems', () => {
  assert.deepEqual(problems(createConfigText()), []);
});

test('unknown keys are errors with the nearest name', () => {
  const text = '{ "version": 1, "alises": {}, "cache": { "exact": { "ttl_ms": 1000, "colour": 1 } } }';
  assert.deepEqual(problems(text), ['unknownKey at "alises"', 'unknownKey at "ttl_ms"', 'unknownKey at "colour"']);
  assert.match(messages(text)[0] ?? '', /Did you mean "aliases"\?/);
  assert.match(messages(text)[1] ?? '', /Did you mean "ttlMs"\?/);
  assert.match(messages(text)[2] ?? '', /Known here: mode, ttlMs, maxBytes\./);
});

test('wrong values are reported where they stand', () => {
  const cases: [text: string, expected: string[]][] = [
    ['{ "version": 1, "cache": { "exact": { "ttlMs": "1d" } } }', ['value at "1d"']],
    ['{ "version": 1, "cache": { "exact": { "ttlMs": 0.5 } } }', ['value at 0.5']],
    ['{ "version": 1, "cache": { "store": { "kind": "disk" } } }', ['value at "disk"']],
    [
      '{ "version": 1, "cache": { "store": { "kind": "redis", "url": "redis://u:pw@host" } } }',
      ['value at "redis://u:pw@host"'],
    ],
    ['{ "version": 1, "aliases": { "a b": { "targets": ["openai/x"] } } }', ['value at "a b"']],
    ['{ "version": 1, "aliases": { "a": { "targets": [] } } }', ['value at []']],
    ['{ "version": 1, "aliases": { "a": { "targets": ["gpt-4o"] } } }', ['value at "gpt-4o"']],
    ['{ "version": 1, "aliases": { "a": { "maxInputTokens": 5 } } }', ['value at "a"']],
    ['{ "version": 1, "budgets": [{ "scope": "user", "limitUsd": -1, "window": "day" }] }', ['value at -1']],
    ['{ "version": 1, "budgets": [{ "limitUsd": 1, "window": "day" }] }', ['value at {']],
    [
      '{ "version": 1, "providers": { "p": { "dialect": "openai", "baseUrl": "http://example.com/v1" } } }',
      ['value at "http://example.com/v1"'],
    ],
    [
      '{ "version": 1, "providers": { "p": { "dialect": "openai", "baseUrl": "https://u:p@example.com" } } }',
      ['value at "https://u:p@example.com"'],
    ],
    ['{ "version": 1, "providers": { "p": { "dialect": "openai", "baseUrl": "http://127.0.0.1:4000/v1" } } }', []],
    ['{ "version": 1, "providers": { "p": { "dialect": "openai", "baseUrl": "demo:" } } }', []],
    ['{ "version": 1, "prices": { "overrides": { "a/b": { "usdPerMTok": {} } } } }', ['value at {}']],
    ['{ "version": 1, "prices": { "overrides": { "a/b": { "usdPerMTok": { "in": 1 } } } } }', ['unknownKey at "in"']],
    ['{ "version": 1, "reconcile": { "timezone": "Mars/Base" } }', ['value at "Mars/Base"']],
  ];
  for (const [text, expected] of cases)
    assert.deepEqual(
      problems(text).filter((line) => !line.includes('warning value at {')),
      expected,
      text,
    );
});

test('versions', () => {
  assert.deepEqual(problems('{}'), ['warning version at {']);
  assert.deepEqual(problems('{}', 'user'), []);
  assert.deepEqual(problems('{ "version": 2, "aliases": { "a": { "targets": ["openai/x"] } } }'), ['version at 2']);
  assert.deepEqual(parseConfigFile('{ "version": 2, "aliases": {} }', 'workspace').layer.file, {});
  assert.match(messages('{ "version": 2 }')[0] ?? '', /Update Tollgate/);
});

test('what looks like a key is an error, in values, comments and keys, and is not repeated', () => {
  const key = `sk-proj-${'a1B2'.repeat(8)}`;
  const inValue = `{ "version": 1, "providers": { "openai": { "dialect": "openai", "apiKey": "${key}" } } }`;
  assert.deepEqual(problems(inValue), [`secretInFile at ${key}`]);
  assert.deepEqual(problems(`{ "version": 1 /* ${key} */ }`), [`secretInFile at ${key}`]);
  assert.ok(!messages(inValue).join().includes(key));
  const unknownShape = '{ "version": 1, "providers": { "p": { "dialect": "openai", "apiKey": "0123456789abcdef" } } }';
  assert.deepEqual(problems(unknownShape), ['secretInFile at "0123456789abcdef"']);
});

test('grammar errors, duplicates and texts that are no object', () => {
  assert.deepEqual(problems('{ "version": 1, "aliases": { }'), ['syntax at ']);
  assert.deepEqual(problems('{ "version": 1, "tiers": [], "tiers": [] }'), ['syntax at "tiers"']);
  assert.deepEqual(problems('[]'), ['value at []']);
  assert.deepEqual(problems(''), ['syntax at ']);
  assert.deepEqual(problems('\uFEFF{ "version": 1, /* c */ "tiers": [], }'), []);
  assert.deepEqual(problems('['.repeat(100_000)), ['syntax at [']);
});

test('one wrong entry does not take the others with it', () => {
  const text = `{ "version": 1,
    "aliases": { "good": { "targets": ["openai/x"] }, "bad": { "targets": "openai/x" } },
    "budgets": [ { "scope": "nobody", "limitUsd": 1, "window": "day" }, { "scope": "user", "limitUsd": 2, "window": "day" } ],
    "cache": { "scope": "galaxy" } }`;
  const { file } = parseConfigFile(text, 'workspace').layer;
  assert.deepEqual(Object.keys(file.aliases ?? {}), ['good']);
  assert.deepEqual(file.budgets, [{ scope: 'user', limitUsd: 2, window: 'day' }]);
  assert.equal(file.cache, undefined);
});

test('never throws, whatever the text', () => {
  const token = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"version"',
    '1',
    '"aliases"',
    '"targets"',
    '"openai/x"',
    'null',
    '//',
    '/*',
    '\\u',
    '"',
    '"__proto__"',
    '"budgets"',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(' ')),
    fc.json(),
  );
  fc.assert(
    fc.property(text, fc.constantFrom<LayerKind>('workspace', 'local', 'user'), (source, kind) => {
      for (const { start, end } of parseConfigFile(source, kind).problems)
        assert.ok(0 <= start && start <= end && end <= source.length, `${start}..${end} of ${source.length}`);
    }),
  );
});

test('never throws on a mutilated good file, and reports what it left out', () => {
  const cut = fc.tuple(fc.nat(normative.length), fc.nat(30), fc.string({ maxLength: 5 }));
  fc.assert(
    fc.property(cut, ([at, length, put]) => {
      parseConfigFile(normative.slice(0, at) + put + normative.slice(at + length), 'workspace');
    }),
  );
});
