import type { FileReport, ReportedFinding } from './fileReport.ts';

/** Sums over findings. What has no price is counted beside the sum, never as zero in it. */
export interface FindingTotals {
  /** Strings and constants that select a model. */
  readonly mentions: number;
  readonly prompts: number;
  /** Prompts among them whose tokens were counted. */
  readonly counted: number;
  readonly tokens: number;
  /** Input of each priced prompt, sent once. */
  readonly picoUsd: bigint;
  /** Counted prompts that have no known price: `picoUsd` is without them. */
  readonly unpriced: number;
  /** Tokens or costs among them are estimates. */
  readonly estimated: boolean;
}

export const noFindings: FindingTotals = {
  mentions: 0,
  prompts: 0,
  counted: 0,
  tokens: 0,
  picoUsd: 0n,
  unpriced: 0,
  estimated: false,
};

/** Totals that grow; a scan of a large workspace has tens of thousands of findings. */
export type GrowingTotals = { -readonly [key in keyof FindingTotals]: FindingTotals[key] };

/** Counts one more finding in. */
export function countFinding(totals: GrowingTotals, { finding, tokens, inputCost }: ReportedFinding): void {
  if (finding.kind !== 'prompt') {
    totals.mentions++;
    return;
  }
  totals.prompts++;
  if (!tokens) return;
  totals.counted++;
  totals.tokens += tokens.tokens;
  if (inputCost && 'picoUsd' in inputCost) totals.picoUsd += BigInt(inputCost.picoUsd);
  else totals.unpriced++;
  totals.estimated ||= tokens.basis === 'estimated' || inputCost?.status === 'estimated';
}

/** The totals with one more finding. */
export function addFinding(totals: FindingTotals, reported: ReportedFinding): FindingTotals {
  const sum = { ...totals };
  countFinding(sum, reported);
  return sum;
}

/** By the model that is named or asked, by file, or by what a prompt costs each time it is sent. */
export type Grouping = 'model' | 'file' | 'cost';

/** A finding with the file it stands in. */
export interface PlacedFinding {
  readonly path: string;
  readonly reported: ReportedFinding;
}

/** Input cost of a prompt sent once, from `atLeastUsd` up to the band above. */
export interface CostBand {
  readonly kind: 'band';
  readonly atLeastUsd: number;
}

/** What the findings of a group have in common. */
export type GroupOf =
  | { readonly kind: 'model'; readonly name: string }
  /** Prompts whose model is not in sight. */
  | { readonly kind: 'noModel' }
  | { readonly kind: 'file'; readonly path: string }
  | CostBand
  /** Prompts for a model without a known price, or for none in sight. */
  | { readonly kind: 'unpriced' }
  /** Models named without a prompt: no cost by themselves. */
  | { readonly kind: 'mentions' };

export interface FindingGroup {
  /** Unique among the groups of one grouping, and the same in the next scan: an id for a tree. */
  readonly key: string;
  readonly of: GroupOf;
  readonly totals: FindingTotals;
  /** By file and place; in a group by cost the dearest first. */
  readonly findings: readonly PlacedFinding[];
}

const picoPerUsd = 1_000_000_000_000;
const bands: readonly CostBand[] = [0.01, 0.001, 0.0001, 0].map((atLeastUsd) => ({ kind: 'band', atLeastUsd }));

/** Input cost in picodollars; undefined where there is none or it is not known. */
export function inputPicoUsd({ inputCost }: ReportedFinding): number | undefined {
  return inputCost && 'picoUsd' in inputCost ? Number(inputCost.picoUsd) : undefined;
}

function costGroup(reported: ReportedFinding): GroupOf {
  if (reported.finding.kind !== 'prompt') return { kind: 'mentions' };
  const cost = inputPicoUsd(reported);
  if (cost === undefined) return { kind: 'unpriced' };
  return bands.find(({ atLeastUsd }) => cost >= atLeastUsd * picoPerUsd) ?? { kind: 'band', atLeastUsd: 0 };
}

function groupOf({ path, reported }: PlacedFinding, by: Grouping): GroupOf {
  if (by === 'file') return { kind: 'file', path };
  if (by === 'cost') return costGroup(reported);
  return reported.model ? { kind: 'model', name: reported.model.name } : { kind: 'noModel' };
}

function keyOf(of: GroupOf): string {
  if (of.kind === 'model') return `model ${of.name}`;
  if (of.kind === 'file') return `file ${of.path}`;
  return of.kind === 'band' ? `band ${of.atLeastUsd}` : of.kind;
}

/** Dearest first, what has no cost last, then by name. */
function compareGroups(a: FindingGroup, b: FindingGroup): number {
  const ranks = ['model', 'file', 'band', 'unpriced', 'noModel', 'mentions'];
  const rank = ranks.indexOf(a.of.kind) - ranks.indexOf(b.of.kind);
  if (rank !== 0) return rank;
  if (a.of.kind === 'band' && b.of.kind === 'band') return b.of.atLeastUsd - a.of.atLeastUsd;
  if (a.of.kind === 'file' && b.of.kind === 'file') return a.of.path < b.of.path ? -1 : 1;
  return compareTotals(a.totals, b.totals) || (a.key < b.key ? -1 : 1);
}

/** Dearest first; of equals the one with more tokens, then more mentions. */
export function compareTotals(a: FindingTotals, b: FindingTotals): number {
  if (a.picoUsd !== b.picoUsd) return a.picoUsd > b.picoUsd ? -1 : 1;
  return b.tokens - a.tokens || b.mentions - a.mentions;
}

/** Brings the findings of a scan together. Files without findings make no group. */
export function groupFindings(reports: readonly FileReport[], by: Grouping): FindingGroup[] {
  const groups = new Map<string, { of: GroupOf; totals: GrowingTotals; findings: PlacedFinding[] }>();
  for (const report of reports) {
    if (report.kind !== 'scanned') continue;
    for (const reported of report.findings) {
      const placed = { path: report.path, reported };
      const of = groupOf(placed, by);
      const key = keyOf(of);
      const group = groups.get(key) ?? { of, totals: { ...noFindings }, findings: [] };
      if (group.findings.length === 0) groups.set(key, group);
      countFinding(group.totals, reported);
      group.findings.push(placed);
    }
  }
  const dearest = (a: PlacedFinding, b: PlacedFinding): number =>
    (inputPicoUsd(b.reported) ?? -1) - (inputPicoUsd(a.reported) ?? -1);
  return [...groups]
    .map(([key, { of, totals, findings }]) => ({
      key,
      of,
      totals,
      findings: by === 'cost' ? findings.toSorted(dearest) : findings,
    }))
    .sort(compareGroups);
}
