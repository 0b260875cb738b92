import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { jsonSchemaOf } from '../../../src/batch/picoschema.ts';
import { isPromptName } from '../../../src/batch/promptNames.ts';
import { schemaOfOutputs } from '../../../src/batch/promptyOutputs.ts';
import { type BatchHarness, createBatchHarness, workspaceId } from '../../support/batchHarness.ts';
import { startScriptedBatchServer } from '../../support/scriptedBatchServer.ts';

async function withHarness(run: (harness: BatchHarness) => Promise<void>, baseUrl?: string): Promise<void> {
  const harness = createBatchHarness(baseUrl === undefined ? {} : { baseUrl });
  try {
    await run(harness);
  } finally {
    await harness.dispose();
  }
}

interface Sent {
  readonly custom_id: string;
  readonly body: { readonly model: string; readonly messages: readonly { role: string; content: string }[] };
}

function put(harness: BatchHarness, name: string, content: string): string {
  mkdirSync(dirname(join(harness.folder, name)), { recursive: true });
  return harness.file(name, content);
}

/** Plans; yields what would be sent of OpenAI's jobs, and the reasons of what would not. */
async function planOf(
  harness: BatchHarness,
  ...promptPaths: string[]
): Promise<{ readonly sent: readonly Sent[]; readonly refused: readonly string[]; readonly ids: readonly string[] }> {
  const plan = await harness.runner.plan({ workspaceId, promptPaths, defaultModel: 'gpt-4o-mini' });
  const names = plan.jobs.length === 0 ? [] : readdirSync(harness.dataFolder).filter((name) => name.endsWith('.jsonl'));
  const sent = names.flatMap((name) =>
    readFileSync(join(harness.dataFolder, name), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"body"'))
      .map((line): Sent => JSON.parse(line)),
  );
  return {
    sent,
    refused: plan.refused.map(({ reason }) => reason),
    ids: plan.jobs.flatMap(({ items }) => items.map(({ sourceId, id }) => sourceId ?? id)),
  };
}

const user = ({ sent }: { readonly sent: readonly Sent[] }): string[] =>
  sent.map(({ body }) => body.messages.map(({ content }) => content).join('|'));

test('one prompt and a CSV of values: a request for each row, one file of results', async () => {
  const server = await startScriptedBatchServer({ statuses: ['completed'] });
  await withHarness(async (harness) => {
    put(harness, 'rows.csv', '\uFEFFid,name,note\nx1,Ann,"a, ""b"""\n,Bob,c\n');
    const prompt = put(
      harness,
      'greet.md',
      '---\ninput: rows.csv\nsystem: Be {{tone}}.\nvariables: {tone: kind}\n---\nGreet {{name}} ({{note}}).',
    );
    const plan = await harness.runner.plan({ workspaceId, promptPaths: [prompt], defaultModel: 'gpt-4o-mini' });
    assert.deepEqual(
      plan.jobs[0]?.items.map(({ id }) => id),
      ['x1', 'row-2'],
    );
    const [job] = await harness.runner.submit(plan.id);
    await harness.end(job?.id ?? '');
    const rows = harness
      .read('greet.results.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      rows.map((row) => [row.custom_id, row.response.body.choices[0].message.content, row.tollgate.state]),
      [
        ['x1', 'answer to x1', 'succeeded'],
        ['row-2', 'answer to row-2', 'succeeded'],
      ],
    );
    assert.deepEqual(
      rows.map((row) => row.tollgate.variables),
      [
        { id: 'x1', name: 'Ann', note: 'a, "b"' },
        { id: '', name: 'Bob', note: 'c' },
      ],
    );
    const file = server.files.get(server.batches[0]?.inputFileId ?? '') ?? '';
    assert.deepEqual(
      file
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).body.messages.map(({ content }: { content: string }) => content)),
      [
        ['Be kind.', 'Greet Ann (a, "b").'],
        ['Be kind.', 'Greet Bob (c).'],
      ],
    );
  }, server.baseUrl);
  await server.stop();
});

test('values from JSONL, JSON and the front matter', () =>
  withHarness(async (harness) => {
    put(harness, 'v.jsonl', '{"n": 1}\n\n{"n": 2}\n');
    put(harness, 'v.json', '[{"n": 3}]');
    const paths = [
      put(harness, 'a.md', '---\nvariables: v.jsonl\n---\nn={{n}}'),
      put(harness, 'b.prompt', '---\ninput: v.json\n---\nn={{n}}'),
      put(harness, 'c.txt', '---\nrows: [{n: 4}, {n: 5}]\n---\nn={{n}}'),
    ];
    assert.deepEqual(user(await planOf(harness, ...paths)), ['n=1', 'n=2', 'n=3', 'n=4', 'n=5']);
  }));

for (const [what, files, reason] of [
  ['a missing file of values', { 'a.md': '---\ninput: gone.csv\n---\nx {{n}}' }, /gone\.csv does not exist/],
  ['an empty one', { 'a.md': '---\ninput: v.csv\n---\nx {{n}}', 'v.csv': 'n\n' }, /The file of values has no rows/],
  ['a torn CSV', { 'a.md': '---\ninput: v.csv\n---\nx {{n}}', 'v.csv': 'n,m\n1,2\n3\n' }, /v\.csv is no valid CSV/],
  [
    'a row without a value',
    { 'a.md': '---\ninput: v.jsonl\n---\nx {{n}}', 'v.jsonl': '{"n":1}\n{"m":1}' },
    /Line 2: No value for \{\{n\}\}/,
  ],
  [
    'an id twice',
    { 'a.md': '---\ninput: v.jsonl\n---\nx {{n}}', 'v.jsonl': '{"id":1,"n":1}\n{"id":1,"n":2}' },
    /"1" is used in line 1 already/,
  ],
  ['values that are neither', { 'a.md': '---\ninput: hello\n---\nx' }, /must be a map of values/],
  ['JSON of another kind', { 'a.json': '{"scripts": {}}' }, /only as a set of Anthropic batch requests/],
  ['YAML of another kind', { 'a.yaml': 'services: {}' }, /only as \.prompt\.yml/],
  ['a .prompt.yml without messages', { 'a.prompt.yml': 'name: x' }, /`messages` must be a list/],
  ['a promptfoo script', { 'a.yaml': 'prompts: [x]\nproviders: ["exec:./x.sh"]' }, /`exec:\.\/x\.sh` is no model/],
] as const)
  test(`refused before anything is sent: ${what}`, () =>
    withHarness(async (harness) => {
      for (const [name, content] of Object.entries(files)) put(harness, name, content);
      const [first = ''] = Object.keys(files);
      const plan = await planOf(harness, join(harness.folder, first));
      assert.deepEqual(plan.sent, []);
      assert.match(plan.refused.join(' / '), reason);
    }));

test('GitHub Models: messages, parameters, schema and test data', () =>
  withHarness(async (harness) => {
    const path = put(
      harness,
      'sum.prompt.yml',
      `name: Summary
model: openai/gpt-4o-mini
modelParameters: { temperature: 0.3, maxTokens: 77 }
responseFormat: json_schema
jsonSchema: '{"name": "s", "strict": true, "schema": {"type": "object"}}'
messages:
  - { role: system, content: Be brief. }
  - { role: user, content: "Sum up {{input}}." }
testData:
  - { input: one, expected: 1 }
  - { input: two, expected: 2 }
evaluators: []
`,
    );
    const plan = await planOf(harness, path);
    assert.deepEqual(user(plan), ['Be brief.|Sum up one.', 'Be brief.|Sum up two.']);
    assert.deepEqual(plan.sent[0]?.body, {
      model: 'gpt-4o-mini',
      messages: plan.sent[0]?.body.messages,
      temperature: 0.3,
      response_format: { type: 'json_schema', json_schema: { name: 's', strict: true, schema: { type: 'object' } } },
      max_tokens: 77,
    });
  }));

test('promptfoo: every prompt for every provider with every test', () =>
  withHarness(async (harness) => {
    put(harness, 'chat.json', '[{"role": "system", "content": "S"}, {"role": "user", "content": "Hi {{who}}"}]');
    const path = put(
      harness,
      'promptfooconfig.yaml',
      `prompts: ["Greet {{who}} {{how}}", "file://chat.json"]
providers:
  - openai:gpt-4o-mini
  - { id: "openai:chat:gpt-4o", config: { temperature: 0 } }
defaultTest: { vars: { how: well } }
tests:
  - vars: { who: [Ann, Bob] }
    assert: [{ type: contains, value: Hi }]
`,
    );
    const plan = await planOf(harness, path);
    assert.deepEqual(plan.refused, []);
    assert.deepEqual(plan.sent.map(({ body }) => `${body.model}: ${body.messages.at(-1)?.content}`).sort(), [
      'gpt-4o-mini: Greet Ann well',
      'gpt-4o-mini: Greet Bob well',
      'gpt-4o-mini: Hi Ann',
      'gpt-4o-mini: Hi Bob',
      'gpt-4o: Greet Ann well',
      'gpt-4o: Greet Bob well',
      'gpt-4o: Hi Ann',
      'gpt-4o: Hi Bob',
    ]);
    assert.equal(new Set(plan.ids).size, 8);
  }));

test('Anthropic: the whole body of a creation as a file', () =>
  withHarness(async (harness) => {
    const params = { model: 'claude-haiku-4-5', max_tokens: 5, messages: [{ role: 'user', content: 'x' }] };
    const path = put(harness, 'set.json', JSON.stringify({ requests: [{ custom_id: 'one', params }] }));
    assert.deepEqual((await planOf(harness, path)).ids, ['one']);
    put(
      harness,
      'set.json',
      JSON.stringify({ requests: [{ custom_id: 'one', params: { ...params, speed: 'fast' } }] }),
    );
    assert.match((await planOf(harness, path)).refused.join(), /^Line 1: `params\.speed` is not taken in a batch/);
  }));

test('folders and patterns become the prompt files in them', () =>
  withHarness(async (harness) => {
    for (const name of [
      'p/b.md',
      'p/a.prompt',
      'p/README.md',
      'p/.hidden.md',
      'p/old.result.md',
      'p/code.py',
      'p/sub/c.txt',
      'p/node_modules/x.md',
    ])
      put(harness, name, `Say ${name}`);
    const at = (name: string): string => join(harness.folder, name);
    assert.deepEqual(user(await planOf(harness, at('p'))), ['Say p/a.prompt', 'Say p/b.md', 'Say p/sub/c.txt']);
    writeFileSync(at('p/b.md'), 'Say b');
    assert.deepEqual(user(await planOf(harness, at('p/**/*.md'))).slice(-2), ['Say p/README.md', 'Say b']);
    assert.deepEqual((await planOf(harness, at('p/*.nothing'))).refused, ['There is no prompt file in this pattern.']);
  }));

test('names that are offered', () => {
  const names = [
    'a.md',
    'x.prompt.yml',
    'promptfooconfig.yaml',
    'README.md',
    'CLAUDE.md',
    'requirements-dev.txt',
    'a.results.2.jsonl',
    'docker.yaml',
  ];
  assert.deepEqual(names.filter(isPromptName), ['a.md', 'x.prompt.yml', 'promptfooconfig.yaml']);
});

test('Picoschema as JSON Schema', () => {
  assert.deepEqual(
    jsonSchemaOf({
      title: 'string, what it is called',
      'year?': 'integer',
      'tags(array, some words)': 'string',
      'kind(enum)': ['A', 'B'],
      'maker(object)': { name: 'string' },
    }),
    {
      type: 'object',
      properties: {
        title: { type: 'string', description: 'what it is called' },
        year: { type: ['integer', 'null'] },
        tags: { type: 'array', items: { type: 'string' }, description: 'some words' },
        kind: { enum: ['A', 'B'] },
        maker: {
          type: 'object',
          properties: { name: { type: 'string' } },
          required: ['name'],
          additionalProperties: false,
        },
      },
      required: ['title', 'tags', 'kind', 'maker'],
      additionalProperties: false,
    },
  );
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  assert.equal(jsonSchemaOf(schema), schema);
  assert.equal(jsonSchemaOf({ a: 'Movie' }), undefined);
  assert.equal(jsonSchemaOf({ 'a(tuple)': 'string' }), undefined);
});

test('outputs of prompty as JSON Schema', () => {
  const expected = {
    type: 'object',
    properties: { answer: { type: 'string', description: 'd' }, score: { type: 'number' } },
    required: ['answer'],
    additionalProperties: false,
  };
  assert.deepEqual(
    schemaOfOutputs([
      { name: 'answer', kind: 'string', description: 'd' },
      { name: 'score', kind: 'float', required: false },
    ]),
    expected,
  );
  assert.deepEqual(
    schemaOfOutputs({ answer: { type: 'string', description: 'd' }, score: { type: 'number', required: false } }),
    expected,
  );
  assert.equal(schemaOfOutputs([{ kind: 'string' }]), undefined);
});
