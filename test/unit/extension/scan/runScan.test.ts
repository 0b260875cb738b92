import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';
import { runScan } from '../../../../src/extension/scan/runScan.ts';
import type { AliasHit, ScanJob, ScanReply } from '../../../../src/extension/scan/scanMessages.ts';
import type { FileReport } from '../../../../src/scan/fileReport.ts';
import { nodeDisk } from '../../../../src/scan/nodeDisk.ts';
import type { TokenCounter } from '../../../../src/tokens/tokenCount.ts';
import { grammarBytes, shippedPrices } from '../../../support/detector.ts';
import { aliases } from '../models.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollgate-run-scan-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const long = 'You are a careful translator. '.repeat(40);
const cell = {
  cell_type: 'code',
  source: 'from openai import OpenAI\nOpenAI().responses.create(model="cheap", input=x)',
};
const files: Record<string, string> = {
  'call.py': `from openai import OpenAI\nOpenAI().responses.create(model="cheap", instructions="${long}", input=x)\n`,
  'member.ts': `import { models } from './tollgateModels';\nimport OpenAI from 'openai';\nnew OpenAI().responses.create({ model: models.cheap, input: x });\n`,
  'other.py': 'print("cheap")\n',
  'book.ipynb': JSON.stringify({ cells: [{ cell_type: 'markdown', source: '# cheap' }, cell], metadata: {} }),
  'ignored/call.py': 'from openai import OpenAI\nOpenAI().responses.create(model="cheap")\n',
  'excluded/call.py': 'from openai import OpenAI\nOpenAI().responses.create(model="cheap")\n',
  '.gitignore': 'ignored\n',
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Ten characters are a token. */
const counter: TokenCounter = {
  count: async (texts) => texts.map((text) => ({ basis: 'exact', tokens: Math.floor(text.length / 10) })),
  peek: () => undefined,
  dispose: async () => {},
};
const job: ScanJob = { folder, exclude: ['**/excluded/**'], aliases, overrides: {}, prices: shippedPrices() };

function depsWith(replies: ScanReply[]) {
  return {
    disk: nodeDisk,
    loadGrammar: grammarBytes,
    loadRuntime: () => grammarBytes(),
    counter,
    reply: (reply: ScanReply) => void replies.push(reply),
    now: () => 0,
  };
}

test('a scan reports models, members of the map and prompts, and sends an excerpt of each prompt', async () => {
  const replies: ScanReply[] = [];
  await runScan(depsWith(replies), { kind: 'scan', id: 7, job }, new AbortController().signal);
  assert.deepEqual(replies.at(-1), { kind: 'done', id: 7 });
  const reports = replies.flatMap((reply): readonly FileReport[] => (reply.kind === 'reports' ? reply.reports : []));
  const found = reports.flatMap((report) =>
    report.kind === 'scanned'
      ? report.findings.map(({ finding, model }) => `${relative(folder, report.path)} ${finding.kind} ${model?.name}`)
      : [],
  );
  assert.deepEqual(found, [
    'book.ipynb model openai/gpt-4o-mini',
    'call.py model openai/gpt-4o-mini',
    'call.py prompt openai/gpt-4o-mini',
    'member.ts const openai/gpt-4o-mini',
  ]);
  const prompt = reports
    .flatMap((report) => (report.kind === 'scanned' ? report.findings : []))
    .find(({ finding }) => finding.kind === 'prompt');
  assert.equal(prompt?.tokens?.tokens, 120);
  assert.deepEqual(prompt?.finding.kind === 'prompt' ? prompt.finding.parts.map(({ text }) => text) : [], [
    `${long.slice(0, 119)}…`,
  ]);
});

test('aliases are found by the exact place of their name', async () => {
  const replies: ScanReply[] = [];
  const request = { kind: 'aliases', id: 1, job, names: ['cheap'] } as const;
  await runScan(depsWith(replies), request, new AbortController().signal);
  const hits = replies.flatMap((reply): readonly AliasHit[] => (reply.kind === 'hits' ? reply.hits : []));
  assert.deepEqual(
    hits.map(({ path, start, end, cell: at, member }) => [
      relative(folder, path),
      `${start.line}:${start.col}-${end.col}`,
      at,
      member,
    ]),
    [
      ['book.ipynb', '1:33-38', 1, undefined],
      ['call.py', '1:33-38', undefined, undefined],
      ['member.ts', '2:46-51', undefined, 'typescript'],
    ],
  );
});

test('what goes wrong is the last reply', async () => {
  const replies: ScanReply[] = [];
  const noCounter = { ...counter, count: () => Promise.reject(new Error('no counter')) };
  const deps = { ...depsWith(replies), counter: noCounter };
  await runScan(deps, { kind: 'scan', id: 1, job }, new AbortController().signal);
  const last = replies.at(-1);
  assert.equal(last?.kind === 'failed' && last.message.includes('no counter'), true);
});
