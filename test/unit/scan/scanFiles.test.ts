import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Disk } from '../../../src/scan/disk.ts';
import type { FileReport, ReportedFinding } from '../../../src/scan/fileReport.ts';
import { mostBytes } from '../../../src/scan/readText.ts';
import { type ScanProgress, scanFiles } from '../../../src/scan/scanFiles.ts';
import type { TokenCounter } from '../../../src/tokens/tokenCount.ts';
import { realDetector, shippedCatalog } from '../../support/detector.ts';

const detector = realDetector(['cheap']);
after(() => detector.dispose());

/** Counts a token per word, as the tokenizer it is asked for. */
const words: TokenCounter = {
  count: async (texts, tokenizer) =>
    texts.map((text) => {
      const tokens = text.split(/\s+/).filter(Boolean).length;
      return tokenizer === 'o200k'
        ? { basis: 'exact', tokens }
        : { basis: 'estimated', tokens, low: tokens, high: tokens };
    }),
  peek: () => undefined,
  dispose: async () => undefined,
};

function diskOf(bytes: Uint8Array | Error): Disk {
  return {
    list: async () => [],
    kindOf: async () => 'file',
    read: async () => {
      if (bytes instanceof Error) throw bytes;
      return bytes;
    },
  };
}

async function scan(path: string, content: Uint8Array | string | Error): Promise<FileReport> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const aliases = {
    cheap: {
      targets: [{ provider: 'openai', model: 'gpt-4o-mini' }],
      onOverflow: 'error',
      fallback: { on: [], maxAttempts: 1, deadlineMs: 1 },
    },
  } as const;
  const deps = { disk: diskOf(bytes), detector, catalog: shippedCatalog(), aliases, counter: words };
  const reports: FileReport[] = [];
  for await (const report of scanFiles(deps, path, { signal: new AbortController().signal })) reports.push(report);
  const [report, ...more] = reports;
  assert.ok(report && more.length === 0);
  return report;
}

async function findings(path: string, content: Uint8Array | string): Promise<readonly ReportedFinding[]> {
  const report = await scan(path, content);
  assert.equal(report.kind, 'scanned');
  return report.findings;
}

test('positions count from 0 in UTF-16 units, and a byte order mark is not part of the text', async () => {
  const source = '\ufeff"😀"; ask(model="gpt-4o")\r\nask(model="gpt-4o")';
  const found = await findings('/a.py', source);
  assert.deepEqual(
    found.map(({ start, end }) => [start, end]),
    [
      [
        { line: 0, col: 17 },
        { line: 0, col: 23 },
      ],
      [
        { line: 1, col: 11 },
        { line: 1, col: 17 },
      ],
    ],
  );
});

test('a prompt is priced by the model of its call, an alias by its first target', async () => {
  const source = 'import openai\nopenai.responses.create(model="cheap", input="Tell me one thing.")';
  const [mention, prompt] = await findings('/a.py', source);
  assert.deepEqual([mention?.model?.name, mention?.model?.alias], ['openai/gpt-4o-mini', 'cheap']);
  assert.deepEqual(prompt?.tokens, { basis: 'exact', tokens: 4 });
  // 4 tokens at $0.15 per million
  assert.equal(prompt?.inputCost?.status, 'exact');
  assert.equal(prompt.inputCost.picoUsd, 600_000);
});

test('a prompt for a model without a price is unpriced, and one without a model has no cost at all', async () => {
  const source = 'import openai\nopenai.responses.create(model="my-model-7", input="Tell me one thing.")';
  const [, unpriced] = await findings('/a.py', source);
  assert.equal(unpriced?.inputCost?.status, 'unpriced');
  const [alone] = await findings('/a.py', 'import openai\nprompt = "Tell me one thing."');
  assert.equal(alone?.tokens?.basis, 'estimated');
  assert.equal(alone.inputCost, undefined);
});

test('cells of a notebook are told apart, and share what the others say', async () => {
  const cell = (source: string) => ({ cell_type: 'code', source });
  const cells = [
    cell('import anthropic\nMODEL = "claude-sonnet-4-5"'),
    cell('x = 1'),
    cell('prompt = "Tell me one thing."'),
  ];
  const found = await findings('/n.ipynb', JSON.stringify({ cells, metadata: {} }));
  assert.deepEqual(
    found.map(({ cell, start, model, finding }) => [cell, start.line, start.col, finding.kind, model?.name]),
    [
      [0, 1, 9, 'model', 'anthropic/claude-sonnet-4-5'],
      [2, 0, 9, 'prompt', 'anthropic/claude-sonnet-4-5'],
    ],
  );
});

test('UTF-16 is read, binary and oversized files are skipped, unreadable ones reported', async () => {
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('model = "gpt-4o"', 'utf16le')]);
  assert.equal((await findings('/a.py', utf16)).length, 1);
  assert.deepEqual(await scan('/a.py', new Uint8Array([0x61, 0, 0x62])), {
    kind: 'skipped',
    path: '/a.py',
    reason: 'binary',
  });
  assert.deepEqual(await scan('/a.py', new Uint8Array(mostBytes + 1)), {
    kind: 'skipped',
    path: '/a.py',
    reason: 'tooLarge',
  });
  assert.equal((await scan('/a.py', new Error('EACCES'))).kind, 'unreadable');
});

test('a source too large for a tree is read by strict patterns', async () => {
  const filler = `x = "${'a '.repeat(40)}"\n`.repeat(13_000);
  const found = await findings(
    '/a.py',
    `${filler}DEFAULT_MODEL = "gpt-4o"\n# model = "gpt-4o"\nprompt = "You are a helpful assistant to all."\n`,
  );
  assert.deepEqual(
    found.map(({ finding, start }) => [finding.kind, start.line]),
    [['model', 13_000]],
  );
});

test('progress counts what the walk has met and what is done, and says when the walk is over', async () => {
  const names = ['a.py', 'b.py', 'c.py'];
  const disk: Disk = {
    list: async () => names.map((name) => ({ name, kind: 'file' })),
    kindOf: async (path) => (path === '/r' ? 'folder' : path === '/r/.git' ? 'folder' : undefined),
    read: async (path) => new TextEncoder().encode(path.endsWith('b.py') ? 'ask(model="gpt-4o")' : 'x = 1'),
  };
  const deps = { disk, detector, catalog: shippedCatalog(), aliases: {}, counter: words };
  const steps: ScanProgress[] = [];
  const options = { signal: new AbortController().signal, exclude: ['c.*'], onProgress: steps.push.bind(steps) };
  for await (const _ of scanFiles(deps, '/r', options));
  assert.deepEqual(
    steps.map(({ done, findings: found }) => [done, found]),
    [
      [1, 0],
      [2, 1],
    ],
  );
  assert.deepEqual(steps.at(-1), { seen: 2, done: 2, findings: 1, walked: true });
});

test('a scan that is cancelled ends, and what was reported stands', async () => {
  const stop = new AbortController();
  const disk: Disk = {
    list: async () => Array.from({ length: 100 }, (_, index) => ({ name: `${index}.py`, kind: 'file' })),
    kindOf: async (path) => (path === '/r' || path === '/r/.git' ? 'folder' : undefined),
    read: async () => new TextEncoder().encode('x = 1'),
  };
  const deps = { disk, detector, catalog: shippedCatalog(), aliases: {}, counter: words };
  const reports: FileReport[] = [];
  for await (const report of scanFiles(deps, '/r', { signal: stop.signal })) {
    reports.push(report);
    if (reports.length === 3) stop.abort();
  }
  assert.equal(reports.length, 3);
});

test('a constant that is named after a model prices the prompt of its call', async () => {
  const source = [
    'package main',
    'import "github.com/openai/openai-go"',
    'func ask() { client.Chat.Completions.New(ctx, openai.ChatCompletionNewParams{',
    '\tMessages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("Name three rivers in Portugal.")},',
    '\tModel: openai.ChatModelGPT4o,',
    '}) }',
  ].join('\n');
  const [prompt, constant, ...more] = await findings('main.go', source);
  assert.deepEqual([prompt?.finding.kind, constant?.finding.kind, more.length], ['prompt', 'const', 0]);
  assert.equal(constant?.model?.name, 'openai/gpt-4o');
  assert.equal(prompt?.model?.name, 'openai/gpt-4o');
  assert.ok(prompt?.inputCost?.status === 'exact');
  assert.equal(prompt.inputCost.picoUsd, 5 * 2_500_000);
});

test('a line that is nested deeper than the stack is no request, and the others of its file are read', async () => {
  const deep = `{"model":"gpt-4o","messages":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
  const found = await findings('/a.jsonl', `${deep}\n{"model":"gpt-4o","messages":[]}\n`);
  assert.deepEqual(
    found.map(({ start, finding }) => [start.line, finding.kind]),
    [[1, 'model']],
  );
});

test('a file that cannot be parsed is a problem of its own', async () => {
  const broken = {
    ...detector,
    detect: async () => {
      throw new Error('out of memory');
    },
  };
  const deps = { disk: diskOf(new Uint8Array()), detector: broken, catalog: shippedCatalog(), aliases: {} };
  const reports: FileReport[] = [];
  for await (const report of scanFiles(deps, '/a.py', { signal: new AbortController().signal })) reports.push(report);
  assert.deepEqual(reports, [{ kind: 'unreadable', path: '/a.py', error: new Error('out of memory') }]);
});
