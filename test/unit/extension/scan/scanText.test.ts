import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costOf } from '../../../../src/catalog/costOf.ts';
import { exportRows, toCsv, toJson } from '../../../../src/extension/scan/exportRows.ts';
import { ScanResults } from '../../../../src/extension/scan/scanResults.ts';
import { findingText, groupDescription, groupLabel, totalsText } from '../../../../src/extension/scan/scanText.ts';
import { untranslated as t } from '../../../../src/extension/translate.ts';
import type { FileReport, ReportedFinding } from '../../../../src/scan/fileReport.ts';
import type { Grouping } from '../../../../src/scan/groupFindings.ts';
import { nameModel } from '../../../../src/scan/nameModel.ts';
import { aliases, catalog } from '../models.ts';

const span = { start: 0, end: 1 };
const at = (line: number) => ({ start: { line, col: 4 }, end: { line, col: 9 } });

function mention(text: string, line: number): ReportedFinding {
  const finding = { kind: 'model', text, span, literal: span, replaceable: true } as const;
  return { finding, ...at(line), model: nameModel(text, catalog, aliases) };
}

function prompt(text: string, line: number, tokens: number, modelText?: string): ReportedFinding {
  const model = modelText === undefined ? undefined : nameModel(modelText, catalog, aliases);
  const price = model?.lookup.kind === 'known' ? model.lookup.model.price : undefined;
  return {
    finding: { kind: 'prompt', span, parts: [{ span, text }], holes: [] },
    ...at(line),
    tokens: { basis: 'exact', tokens },
    ...(model ? { model, inputCost: costOf({ input: tokens }, price) } : {}),
  };
}

const reports: FileReport[] = [
  {
    kind: 'scanned',
    path: '/w/a.py',
    findings: [mention('gpt-4o', 0), prompt('Translate\n  this.', 2, 1000, 'gpt-4o')],
  },
  {
    kind: 'scanned',
    path: '/w/b/c.ts',
    findings: [mention('cheap', 4), prompt('=1+1, "quoted"', 6, 20, 'my-model'), prompt('Hi', 7, 2)],
  },
  { kind: 'unreadable', path: '/w/locked.py', error: 'EACCES' },
];
const results = new ScanResults();
results.add('/w', reports.slice(0, 1), 10);
results.add('/w', reports.slice(1), 25);
const show = (path: string): string => path.replace('/w/', '');

/** The tree as lines: groups, and their findings indented. */
function tree(by: Grouping): string[] {
  return results.groups(by).flatMap((group) => [
    `${groupLabel(group.of, show, t)} | ${groupDescription(group, t)}`,
    ...group.findings.map((placed) => {
      const { label, description } = findingText(placed, by, show, t);
      return `  ${label} | ${description}`;
    }),
  ]);
}

test('grouped by model', () => {
  assert.deepEqual(tree('model'), [
    'openai/gpt-4o | $2.50 in / $10 out per M · 1 model · 1 prompt · 1,000 tok · $0.0025 in',
    '  a.py:1 | gpt-4o',
    '  “Translate this.” | 1,000 tok · $0.0025 in · a.py:3',
    'my-model | price unknown · 1 prompt · 20 tok · price unknown',
    '  “=1+1, "quoted"” | 20 tok · price unknown · b/c.ts:7',
    'openai/gpt-4o-mini | $0.15 in / $0.60 out per M · 1 model',
    '  b/c.ts:5 | cheap',
    'No model in sight | 1 prompt · 2 tok · price unknown',
    '  “Hi” | 2 tok · b/c.ts:8',
  ]);
});

test('grouped by file, where the lines need no path', () => {
  assert.deepEqual(tree('file'), [
    'a.py | 1 model · 1 prompt · 1,000 tok · $0.0025 in',
    '  openai/gpt-4o | line 1 · $2.50 in / $10 out per M',
    '  “Translate this.” | 1,000 tok · $0.0025 in · line 3',
    'b/c.ts | 1 model · 2 prompts · 22 tok · price unknown',
    '  cheap → openai/gpt-4o-mini | line 5 · $0.15 in / $0.60 out per M',
    '  “=1+1, "quoted"” | 20 tok · price unknown · line 7',
    '  “Hi” | 2 tok · line 8',
  ]);
});

test('grouped by cost; what has no price is in no band', () => {
  assert.deepEqual(
    tree('cost').filter((line) => !line.startsWith(' ')),
    [
      '$0.001 and more a call | 1 prompt · 1,000 tok · $0.0025 in',
      'Price unknown | 2 prompts · 22 tok · price unknown',
      'Models named | 2 models',
    ],
  );
});

test('sums: what has no price stands beside them', () => {
  assert.equal(totalsText(results.totals, t), '2 models · 3 prompts · 1,022 tok · $0.0025 in + 2 of unknown price');
  assert.equal(results.files, 25);
  assert.deepEqual(results.unreadable, ['/w/locked.py']);
});

test('export: lines count from 1, unknown prices are empty, texts stay texts', () => {
  const rows = exportRows(reports, show);
  assert.deepEqual(toCsv(rows).split('\r\n'), [
    'file,cell,line,column,kind,model,alias,tokens,tokensBasis,inputUsd,costStatus,text',
    'a.py,,1,5,model,openai/gpt-4o,,,,,,gpt-4o',
    'a.py,,3,5,prompt,openai/gpt-4o,,1000,exact,0.0025,exact,"Translate\n  this."',
    'b/c.ts,,5,5,model,openai/gpt-4o-mini,cheap,,,,,cheap',
    `b/c.ts,,7,5,prompt,my-model,,20,exact,,unpriced,"'=1+1, ""quoted"""`,
    'b/c.ts,,8,5,prompt,,,2,exact,,,Hi',
    '',
  ]);
  assert.deepEqual(JSON.parse(toJson(rows))[1], {
    file: 'a.py',
    cell: null,
    line: 3,
    column: 5,
    kind: 'prompt',
    model: 'openai/gpt-4o',
    alias: null,
    tokens: 1000,
    tokensBasis: 'exact',
    inputUsd: 0.0025,
    costStatus: 'exact',
    text: 'Translate\n  this.',
  });
});
