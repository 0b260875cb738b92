import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli } from '../../../src/cli/runCli.ts';
import { createScanCommand } from '../../../src/cli/scanCommand.ts';
import { nodeDisk } from '../../../src/scan/nodeDisk.ts';
import type { TokenCounter } from '../../../src/tokens/tokenCount.ts';
import { grammarBytes, shippedPrices } from '../../support/detector.ts';

const root = mkdtempSync(join(tmpdir(), 'tollgate-scan-'));
after(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

const counter: TokenCounter = {
  count: async (texts) => texts.map((text) => ({ basis: 'exact', tokens: text.length })),
  peek: () => undefined,
  dispose: async () => undefined,
};

async function tollgate(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const result = { code: 0, out: '', err: '' };
  const command = createScanCommand({
    disk: nodeDisk,
    prices: shippedPrices,
    loadGrammar: grammarBytes,
    loadRuntime: () => grammarBytes(),
    createCounter: () => counter,
    now: () => new Date('2026-10-01T12:00:00Z'),
  });
  result.code = await runCli(argv, [command], '1.0.0', {
    cwd: root,
    env: {},
    signal: new AbortController().signal,
    print: async (text) => {
      result.out += text;
    },
    complain: (text) => {
      result.err += text;
    },
  });
  return result;
}

write('.git/HEAD', '');
write(
  'tollgate.jsonc',
  '{ "version": 1, "providers": { "openai": { "dialect": "openai" } }, "aliases": { "cheap": { "targets": ["openai/gpt-4o-mini"] } } }',
);
write('app/main.py', 'import openai\nopenai.responses.create(model="cheap", input=f"Greet {name} now.")\n');
write('app/quiet.py', 'x = 1\n');
write(
  'app/unknown.ts',
  "import OpenAI from 'openai';\nclient.responses.create({ model: 'my-model-7', input: 'Say hello to all.' });\n",
);

test('--json prints one line per file read, findings or not', async () => {
  const { code, out, err } = await tollgate('scan', '--json', 'app');
  assert.deepEqual([code, err], [0, '']);
  const lines: unknown[] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const known = { model: 'openai/gpt-4o-mini', alias: 'cheap' };
  assert.deepEqual(lines, [
    {
      file: 'app/main.py',
      findings: [
        {
          kind: 'model',
          line: 1,
          col: 31,
          endLine: 1,
          endCol: 36,
          text: 'cheap',
          ...known,
          usdPerMTok: { input: 0.15, cacheRead: 0.075, output: 0.6 },
        },
        {
          kind: 'prompt',
          line: 1,
          col: 45,
          endLine: 1,
          endCol: 65,
          text: 'Greet  now.',
          ...known,
          role: 'user',
          holes: 1,
          tokens: 11,
          tokensBasis: 'exact',
          inputUsd: 0.00000165,
        },
      ],
    },
    { file: 'app/quiet.py', findings: [] },
    {
      file: 'app/unknown.ts',
      findings: [
        {
          kind: 'model',
          line: 1,
          col: 34,
          endLine: 1,
          endCol: 44,
          text: 'my-model-7',
          model: 'my-model-7',
          usdPerMTok: null,
        },
        {
          kind: 'prompt',
          line: 1,
          col: 54,
          endLine: 1,
          endCol: 73,
          text: 'Say hello to all.',
          model: 'my-model-7',
          role: 'user',
          holes: 0,
          tokens: 17,
          tokensBasis: 'exact',
          inputUsd: null,
        },
      ],
    },
  ]);
});

test('the table says price unknown and never $0', async () => {
  const { out } = await tollgate('scan', 'app');
  assert.match(out, /^ {2}2:35 +model +my-model-7 {2}price unknown$/m);
  assert.match(out, /^ {2}2:46 +prompt 11 tok \+ 1 variable {2}\$0\.0000017 in {2}"Greet … now\."$/m);
  assert.match(out, /^4 findings in 3 files read$/m);
  assert.match(out, /^ {2}my-model-7 +1 mention +1 prompt +17 tok {2}price unknown$/m);
  assert.doesNotMatch(out, /\$0\.00 /);
});

test('a path that is not there is said on standard error, and the rest is scanned', async () => {
  const { code, out, err } = await tollgate('scan', '--json', 'nowhere', 'app/quiet.py');
  assert.equal(code, 1);
  assert.equal(err, 'tollgate: nowhere: There is no such file or folder\n');
  assert.equal(out, '{"file":"nowhere","findings":[],"problem":"unreadable"}\n{"file":"app/quiet.py","findings":[]}\n');
});

test('what is wrong in tollgate.jsonc is said on standard error with its place, and the exit code says so', async () => {
  write('torn/.git/HEAD', '');
  write('torn/tollgate.jsonc', '{ "version": 1,\n  "aliases": { "cheap": ');
  write('torn/main.py', 'x = 1\n');
  const { code, out, err } = await tollgate('scan', '--json', 'torn');
  assert.equal(code, 1);
  const path = join(root, 'torn/tollgate.jsonc');
  assert.ok(err.startsWith(`tollgate: ${path}:2: `), err);
  assert.match(err, /aliases declared there may be missing\. Correct it and scan again\.$/m);
  assert.match(out, /^\{"file":"torn\/main\.py","findings":\[\]\}$/m);
});

test('without a path nothing is scanned', async () => {
  assert.equal((await tollgate('scan')).code, 2);
});

test('a broken tollgate.jsonc is said, and what is right of it counts', async () => {
  write(
    'broken/tollgate.jsonc',
    '{ "version": 1, "nonsense": 1, "providers": { "openai": { "dialect": "openai" } }, "aliases": { "cheap": { "targets": ["openai/gpt-4o-mini"] } } }',
  );
  write('broken/a.py', 'import openai\nask(model="cheap", temperature=0)\n');
  const { code, out, err } = await tollgate('scan', '--no-tokens', '--json', 'broken');
  assert.equal(code, 1);
  assert.match(err, /tollgate\.jsonc:1: .*nonsense/);
  assert.match(out, /"text":"cheap","model":"openai\/gpt-4o-mini"/);
});

test('--exclude leaves files and folders out, as often as it is given', async () => {
  const { out } = await tollgate('scan', '--json', '--exclude', '**/quiet.py', '--exclude', 'unknown.*', 'app');
  const files = out.trim().split('\n');
  assert.deepEqual(
    files.map((line) => /^\{"file":"([^"]*)"/.exec(line)?.[1]),
    ['app/main.py'],
  );
});

write(
  'advised/app.py',
  'import openai\nx = openai.responses.create(model="gpt-4o", input=text)\nopenai.batches.create(input_file_id=f)\n',
);
write('advised/tests/test_app.py', 'import openai\nopenai.batches.create(input_file_id=f)\n');
const lost =
  'advised/app.py:3:16: information batch-never-collected: The id of this batch is not kept. Its answers are billed, and deleted by the provider after 30 days. Store the id and collect the results.\n';

test('--advice prints a line for each, and the exit code says that there is something to act on', async () => {
  const all = await tollgate('scan', '--advice', 'advised');
  assert.equal(all.code, 3);
  assert.deepEqual(
    all.out.split('\n').map((line) => line.split(': ').slice(0, 2).join(': ')),
    [
      'advised/app.py:2:22: hint missing-max-tokens',
      'advised/app.py:2:36: hint hardcoded-model',
      'advised/app.py:3:16: information batch-never-collected',
      '',
    ],
  );
  assert.ok(all.out.endsWith(lost));
});

test('--rule asks for some rules alone; hints do not change the exit code', async () => {
  const some = await tollgate('scan', '--advice', '--rule', 'batch-never-collected', 'advised');
  assert.deepEqual([some.code, some.out], [3, lost]);
  const none = await tollgate('scan', '--advice', '--rule', 'retry-storm', 'advised');
  assert.deepEqual([none.code, none.out], [0, '']);
  const wrong = await tollgate('scan', '--advice', '--rule', 'no-rule', 'advised');
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /There is no rule "no-rule"\. Rules: hardcoded-model, /);
  const alone = await tollgate('scan', '--rule', 'retry-storm', 'advised');
  assert.equal(alone.code, 2);
});

test('--advice --json adds the advice to each file', async () => {
  const { code, out } = await tollgate(
    'scan',
    '--advice',
    '--rule',
    'batch-never-collected',
    '--json',
    'advised/app.py',
  );
  assert.equal(code, 3);
  const line: { advice: unknown } = JSON.parse(out);
  assert.deepEqual(line.advice, [
    {
      rule: 'batch-never-collected',
      level: 'information',
      message: lost.slice(lost.indexOf('The id'), -1),
      line: 2,
      col: 15,
      endLine: 2,
      endCol: 21,
    },
  ]);
});

test('instructions that go along with every session say so', async () => {
  write('agents/AGENTS.md', 'Answer in short sentences.\n');
  const table = await tollgate('scan', 'agents');
  assert.match(table.out, /prompt 26 tok per session {2}"Answer in short sentences\."/);
  const json = await tollgate('scan', '--json', 'agents');
  assert.deepEqual(JSON.parse(json.out).findings[0].perSession, true);
});
