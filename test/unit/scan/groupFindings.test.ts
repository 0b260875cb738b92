import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Cost } from '../../../src/catalog/cost.ts';
import type { Finding } from '../../../src/detect/finding.ts';
import type { FileReport, ReportedFinding } from '../../../src/scan/fileReport.ts';
import { type FindingGroup, type Grouping, groupFindings } from '../../../src/scan/groupFindings.ts';

const at = { line: 0, col: 0 };
const span = { start: 0, end: 1 };
const named = (name: string): Pick<ReportedFinding, 'model'> => ({
  model: { name, lookup: { kind: 'unknown', id: name } },
});

function mention(model: string): ReportedFinding {
  const finding: Finding = { kind: 'model', span, literal: span, text: model, replaceable: true };
  return { finding, start: at, end: at, ...named(model) };
}

/** @param picoUsd undefined where the model has no known price */
function prompt(tokens: number, picoUsd?: number, model?: string): ReportedFinding {
  const finding: Finding = { kind: 'prompt', span, parts: [], holes: [] };
  const cost: Cost =
    picoUsd === undefined ? { status: 'unpriced', reason: '' } : { status: 'exact', picoUsd, priceId: 'p' };
  return {
    finding,
    start: at,
    end: at,
    tokens: { basis: 'exact', tokens },
    ...(model === undefined ? {} : { ...named(model), inputCost: cost }),
  };
}

const file = (path: string, ...findings: ReportedFinding[]): FileReport => ({ kind: 'scanned', path, findings });
const cent = 10_000_000_000;

const reports: FileReport[] = [
  file('/a.py', mention('x/cheap'), prompt(10, cent - 1, 'x/cheap'), prompt(5)),
  file('/b.py'),
  { kind: 'skipped', path: '/c.py', reason: 'binary' },
  file('/d.py', prompt(7, cent, 'x/dear'), mention('x/dear'), prompt(3, undefined, 'x/new')),
];

const shape = (groups: readonly FindingGroup[]): unknown[] => groups.map(({ key, findings }) => [key, findings.length]);

test('by model: the dearest first, prompts without a model last', () => {
  const groups = groupFindings(reports, 'model');
  assert.deepEqual(shape(groups), [
    ['model x/dear', 2],
    ['model x/cheap', 2],
    ['model x/new', 1],
    ['noModel', 1],
  ]);
  assert.deepEqual(groups[0]?.totals, {
    mentions: 1,
    prompts: 1,
    counted: 1,
    tokens: 7,
    picoUsd: BigInt(cent),
    unpriced: 0,
    estimated: false,
  });
  assert.equal(groups[2]?.totals.unpriced, 1);
});

test('by file: in the order of their paths, without those that have nothing', () => {
  assert.deepEqual(shape(groupFindings(reports, 'file')), [
    ['file /a.py', 3],
    ['file /d.py', 3],
  ]);
});

test('by cost: bands from above, each with its edge inside; what is not priced is in none', () => {
  const groups = groupFindings(reports, 'cost');
  assert.deepEqual(shape(groups), [
    ['band 0.01', 1],
    ['band 0.001', 1],
    ['unpriced', 2],
    ['mentions', 2],
  ]);
  const [dear, dearest] = [prompt(1, cent, 'm'), prompt(1, cent * 2, 'm')];
  const [band] = groupFindings([file('/a.py', dear, dearest)], 'cost');
  assert.deepEqual(
    band?.findings.map(({ reported }) => reported),
    [dearest, dear],
  );
});

test('every finding is in exactly one group, and the groups add up to the whole', () => {
  const finding = fc.oneof(
    fc.constantFrom('a', 'b').map(mention),
    fc
      .tuple(fc.nat(1000), fc.option(fc.nat(3 * cent), { nil: undefined }), fc.constantFrom('a', 'b', undefined))
      .map(([tokens, cost, model]) => prompt(tokens, cost, model)),
  );
  const files = fc.array(fc.array(finding, { maxLength: 8 }), { maxLength: 6 });
  fc.assert(
    fc.property(files, fc.constantFrom<Grouping>('model', 'file', 'cost'), (findings, by) => {
      const all = findings.map((list, index) => file(`/${index}.py`, ...list));
      const groups = groupFindings(all, by);
      const grouped = groups.flatMap((group) => group.findings.map(({ reported }) => reported));
      assert.equal(grouped.length, findings.flat().length);
      assert.deepEqual(new Set(grouped), new Set(findings.flat()));
      assert.equal(new Set(groups.map(({ key }) => key)).size, groups.length);
      const tokens = groups.reduce((sum, { totals }) => sum + totals.tokens, 0);
      assert.equal(
        tokens,
        findings.flat().reduce((sum, one) => sum + (one.tokens?.tokens ?? 0), 0),
      );
    }),
  );
});
