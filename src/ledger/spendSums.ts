import { answerModel } from './callColumns.ts';
import type { CallWithAttempts, SpendGroup, SpendTotals } from './ledger.ts';
import { addAttempt, addCall, addSums, type CellSums, hitOutcomes, noSums, shadowOutcomes } from './rollup/cellSums.ts';
import type { CacheOutcome } from './rows.ts';

/** What counts under a model and a feature. */
export interface SubjectSums {
  readonly model: string | undefined;
  readonly feature: string | undefined;
  readonly sums: CellSums;
}

const outcomes: readonly CacheOutcome[] = [...hitOutcomes, ...shadowOutcomes, 'miss', 'bypass'];

/** Adds the sums up into totals and groups. Money stays `bigint` until it is written out. */
export function spendOf(all: Iterable<SubjectSums>): {
  totals: SpendTotals;
  byModel: SpendGroup[];
  byFeature: SpendGroup[];
} {
  const entries = [...all];
  return {
    totals: totalsOf(entries),
    byModel: groupsBy(entries, ({ model }) => model),
    byFeature: groupsBy(entries, ({ feature }) => feature),
  };
}

function totalsOf(entries: readonly SubjectSums[]): SpendTotals {
  const all = noSums();
  for (const { sums } of entries) addSums(all, sums);
  const cacheOutcomes: Partial<Record<CacheOutcome, number>> = {};
  for (const outcome of outcomes) if (all[outcome] > 0) cacheOutcomes[outcome] = all[outcome];
  return {
    calls: all.calls,
    unmeteredCalls: all.unmetered,
    failedCalls: all.failed,
    attempts: all.attempts,
    unpricedAttempts: all.unpriced,
    estimatedAttempts: all.estimated,
    demoAttempts: all.demo,
    inputTokens: all.inputTokens,
    outputTokens: all.outputTokens,
    costPicoUsd: all.cost.toString(),
    savedPicoUsd: all.saved.toString(),
    shadowSavedPicoUsd: all.shadowSaved.toString(),
    unpricedHits: all.unpricedHits,
    cacheOutcomes,
  };
}

/** Dearest first; then most calls; then by name. */
export function groupsBy<E extends { readonly sums: CellSums }>(
  entries: Iterable<E>,
  keyOf: (entry: E) => string | undefined,
): SpendGroup[] {
  const groups = new Map<string | undefined, CellSums>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const sums = groups.get(key) ?? noSums();
    addSums(sums, entry.sums);
    groups.set(key, sums);
  }
  return [...groups]
    .sort(([keyA, a], [keyB, b]) => {
      if (a.cost !== b.cost) return a.cost > b.cost ? -1 : 1;
      return b.calls - a.calls || (keyA ?? '').localeCompare(keyB ?? '');
    })
    .map(([key, sums]) => groupOf(key, sums));
}

function groupOf(key: string | undefined, sums: CellSums): SpendGroup {
  return {
    key,
    calls: sums.calls,
    cacheHits: hitOutcomes.reduce((hits, outcome) => hits + sums[outcome], 0),
    inputTokens: sums.inputTokens,
    outputTokens: sums.outputTokens,
    costPicoUsd: sums.cost.toString(),
    savedPicoUsd: sums.saved.toString(),
    unpricedAttempts: sums.unpriced,
  };
}

/** What one call and its attempts add. */
export function entrySums({ call, attempts }: CallWithAttempts): SubjectSums[] {
  const { feature } = call;
  const ofCall = noSums();
  addCall(ofCall, call);
  return [
    { model: answerModel(call, attempts), feature, sums: ofCall },
    ...attempts.map((attempt) => {
      const sums = noSums();
      addAttempt(sums, attempt);
      return { model: `${attempt.provider}/${attempt.model}`, feature, sums };
    }),
  ];
}
