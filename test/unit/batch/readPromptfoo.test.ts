import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { nodeDisk } from '../../../src/batch/nodeDisk.ts';
import { fillPrompt } from '../../../src/batch/promptTemplate.ts';
import { readPromptfoo } from '../../../src/batch/readPromptfoo.ts';

type Files = Readonly<Record<string, string>>;

/** The texts of every request, or the one reason why there are none. */
async function requestsOf(config: string, files: Files = {}): Promise<readonly string[] | string> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-promptfoo-'));
  try {
    for (const [name, content] of Object.entries({ ...files, 'promptfooconfig.yaml': config })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const uses = await readPromptfoo(
      join(folder, 'promptfooconfig.yaml'),
      nodeDisk(() => 'x'),
    );
    if ('kind' in uses) return uses.reason;
    const texts: string[] = [];
    for (const { template } of uses) {
      assert.ok(template.rows?.kind === 'list');
      for (const row of template.rows.rows) {
        const filled = fillPrompt(template, row);
        texts.push(
          filled.kind === 'refused' ? filled.reason : filled.request.messages.map(({ content }) => content).join('|'),
        );
      }
    }
    return texts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const head = 'prompts: ["{{a}} {{b}}"]\nproviders: [openai:gpt-4o-mini]\n';

describe('what is taken', () => {
  test('scenarios: every set of their data with every test of theirs, beside the plain tests', async () => {
    const scenarios = `
tests: [{ vars: { a: plain, b: test } }]
scenarios:
  - description: languages
    config: [{ vars: { a: Spanish } }, { vars: { a: French } }]
    tests: [{ vars: { b: hello } }, { vars: { b: [bye, later] }, assert: [] }]
  - file://more.yaml
`;
    const more = '- config: [{ vars: { a: Dutch, b: dag } }]\n';
    assert.deepEqual(await requestsOf(head + scenarios, { 'more.yaml': more }), [
      'plain test',
      'Spanish hello',
      'Spanish bye',
      'Spanish later',
      'French hello',
      'French bye',
      'French later',
      'Dutch dag',
    ]);
  });

  test('tests in files: columns of a CSV, lists of YAML and JSON, a test on each line', async () => {
    const files = {
      'tests/t.csv': 'a,b,__expected,__expected2,__description,__metadata:kind\n1,2,equals: x,y,d,k\n',
      't.yaml': '- vars: { a: 3, b: 4 }\n',
      't.json': '{"vars": {"a": 5, "b": 6}}',
      't.jsonl': '{"vars": {"a": 7, "b": 8}, "assert": []}\n\n{"vars": {"a": 9, "b": 10}}\n',
    };
    const tests = 'tests: [file://tests/t.csv, t.yaml, file://./t.json, file://t.jsonl, { vars: { a: 11, b: 12 } }]';
    assert.deepEqual(await requestsOf(head + tests, files), ['1 2', '3 4', '5 6', '7 8', '9 10', '11 12']);
    assert.deepEqual(await requestsOf(`${head}tests: tests/t.csv`, files), ['1 2']);
  });

  test('variables in files: texts as they are, data as JSON', async () => {
    const files = {
      'a.txt': 'long text\n',
      'b.yaml': 'k: [1, 2]\n',
      'vars.yaml': 'a: from\nb: file\n',
      't.csv': 'a,b\nfile://a.txt,x\n',
    };
    const tests = `
defaultTest: { vars: { b: file://b.yaml }, assert: [], options: { rubricPrompt: x } }
tests:
  - vars: { a: file://a.txt }
  - vars: file://vars.yaml
  - { vars: { a: [1, 2], b: z }, options: { disableVarExpansion: true } }
  - file://t.csv
`;
    assert.deepEqual(await requestsOf(head + tests, files), [
      'long text {"k":[1,2]}',
      'from file',
      '[1,2] z',
      'long text x',
    ]);
  });

  test('prompts in files: with or without file://, several in one text', async () => {
    const config =
      'prompts: [file://p.txt, q.md, { raw: "r {{a}}", label: l }]\nproviders: [openai:gpt-4o-mini]\ntests: [{ vars: { a: 1 } }]';
    const files = { 'p.txt': 'one {{a}}\n---\ntwo {{a}}\n', 'q.md': 'three\n---\n{{a}}' };
    assert.deepEqual(await requestsOf(config, files), ['one 1', 'two 1', 'three\n---\n1', 'r 1']);
  });
});

describe('what is refused, by its name', () => {
  const filled = 'tests: [{ vars: { a: 1, b: 2 } }]\n';
  for (const [what, config, reason] of [
    [
      'a prefix of the prompts',
      'tests: [{ vars: { a: 1 }, options: { prefix: Hi } }]',
      '`prefix` in the `options` of a test',
    ],
    ['its column', 'tests: file://t.csv', 'the column `__suffix` of file://t.csv'],
    ['a test for one provider', 'tests: [{ vars: { a: 1 }, provider: openai:gpt-4o }]', '`provider` of a test'],
    [
      'chats that go on',
      'tests: [{ vars: { a: 1 }, options: { storeOutputAs: x } }]',
      '`storeOutputAs` in the `options` of a test',
    ],
    [
      'defaults that transform',
      'defaultTest: { options: { transformVars: x } }',
      '`transformVars` in the `options` of `defaultTest`',
    ],
    ['defaults that multiply', 'defaultTest: { vars: { a: [1, 2] } }', 'the list `a` in `defaultTest`'],
    ['programs that make tests', 'tests: file://t.py', '`tests` from file://t.py'],
    ['tests of the web', 'tests: huggingface://datasets/x', '`tests` from huggingface://datasets/x'],
    ['patterns of tests', 'tests: file://tests/*.yaml', 'There is no file file://tests/*.yaml'],
    ['tests that are made', 'tests: [{ path: file://x.js, config: {} }]', '`path` of a test'],
    [
      'programs that make values',
      'tests: [{ vars: { a: file://x.js } }]',
      'Not taken from a promptfoo configuration: file://x.js. Files of text',
    ],
    ['files that are not there', 'tests: [{ vars: { a: file://gone.txt } }]', 'There is no file file://gone.txt'],
    ['filters of templates', `${filled}nunjucksFilters: { x: x.js }`, '`nunjucksFilters` of the configuration'],
    ['extensions', `${filled}extensions: [file://x.js:hook]`, '`extensions` of the configuration'],
    ['another environment', `${filled}env: { OPENAI_BASE_URL: x }`, '`env` of the configuration'],
    ['repetitions', `${filled}evaluateOptions: { repeat: 3 }`, '`repeat` in `evaluateOptions`'],
    ['a scenario of another kind', 'scenarios: [{ config: [], other: 1 }]', '`other` of a scenario'],
  ] as const)
    test(what, async () => {
      const files = { 't.csv': 'a,b,__suffix\n1,2,please\n', 't.py': '', 'x.js': '' };
      assert.match(String(await requestsOf(`${head}${config}\n`, files)), new RegExp(escaped(reason)));
    });

  test('providers and prompts with more than we know', async () => {
    const of = (prompts: string, providers: string) => requestsOf(`prompts: ${prompts}\nproviders: ${providers}\n`);
    assert.match(
      String(await of('[x]', '[{ id: openai:gpt-4o, config: { tools: [] } }]')),
      /`tools` in the `config` of openai:gpt-4o/,
    );
    assert.match(String(await of('[x]', '[{ id: openai:gpt-4o, prompts: [a] }]')), /`prompts` of a provider/);
    assert.match(String(await of('[x]', '[file://p.yaml]')), /is no model that can be batched/);
    assert.match(String(await of('[{ raw: x, config: {} }]', '[openai:gpt-4o]')), /`config` of a prompt/);
    assert.match(String(await of('[make.py]', '[openai:gpt-4o]')), /configuration: make\.py\. Files of text/);
    assert.deepEqual(await of('[x]', '[{ id: openai:gpt-4o, config: { apiKey: k, temperature: 0 } }]'), ['x']);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
