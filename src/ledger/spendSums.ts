import { totalInputTokens, totalOutputTokens } from '../catalog/usage.ts';
import { answerModel } from './callColumns.ts';
import type { CallWithAttempts, SpendGroup, SpendTotals } from './ledger.ts';
import type { CacheOutcome } from './rows.ts';

/** Calls that count under the same model, feature and cache outcome. */
export interface CallSums {
  readonly model: string | undefined;
  readonly feature: string | undefined;
  readonly cache: CacheOutcome;
  readonly calls: number;
  readonly unmetered: number;
  readonly failed: number;
  readonly savedPicoUsd: bigint;
  readonly savingUnknown: number;
}

/** Attempts on the same model for the same feature. */
export interface AttemptSums {
  readonly model: string;
  readonly feature: string | undefined;
  readonly attempts: number;
  readonly unpriced: number;
  readonly estimated: number;
  readonly demo: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costPicoUsd: bigint;
}

interface Group {
  calls: number;
  cacheHits: number;
  inputTokens: number;
  outputTokens: number;
  cost: bigint;
  saved: bigint;
  unpricedAttempts: number;
}

const hits: ReadonlySet<CacheOutcome> = new Set<CacheOutcome>(['hitExact', 'hitWording', 'hitSemantic', 'joined']);
const shadows: ReadonlySet<CacheOutcome> = new Set<CacheOutcome>(['shadowExact', 'shadowWording', 'shadowSemantic']);

/** Adds the sums up into totals and groups. Money stays `bigint` until it is written out. */
export function spendOf(
  calls: Iterable<CallSums>,
  attempts: Iterable<AttemptSums>,
): { totals: SpendTotals; byModel: SpendGroup[]; byFeature: SpendGroup[] } {
  const byModel = new Map<string | undefined, Group>();
  const byFeature = new Map<string | undefined, Group>();
  const callTotals = addCalls(calls, byModel, byFeature);
  const attemptTotals = addAttempts(attempts, byModel, byFeature);
  return {
    totals: { ...callTotals, ...attemptTotals },
    byModel: groupsOf(byModel),
    byFeature: groupsOf(byFeature),
  };
}

function addCalls(
  calls: Iterable<CallSums>,
  byModel: Map<string | undefined, Group>,
  byFeature: Map<string | undefined, Group>,
) {
  const totals = { calls: 0, unmeteredCalls: 0, failedCalls: 0, unpricedHits: 0 };
  const cacheOutcomes: Partial<Record<CacheOutcome, number>> = {};
  let saved = 0n;
  let shadowSaved = 0n;
  for (const sums of calls) {
    const hit = hits.has(sums.cache);
    totals.calls += sums.calls;
    totals.unmeteredCalls += sums.unmetered;
    totals.failedCalls += sums.failed;
    cacheOutcomes[sums.cache] = (cacheOutcomes[sums.cache] ?? 0) + sums.calls;
    if (hit) {
      saved += sums.savedPicoUsd;
      totals.unpricedHits += sums.savingUnknown;
    } else if (shadows.has(sums.cache)) shadowSaved += sums.savedPicoUsd;
    for (const group of [groupOf(byModel, sums.model), groupOf(byFeature, sums.feature)]) {
      group.calls += sums.calls;
      if (!hit) continue;
      group.cacheHits += sums.calls;
      group.saved += sums.savedPicoUsd;
    }
  }
  return { ...totals, cacheOutcomes, savedPicoUsd: saved.toString(), shadowSavedPicoUsd: shadowSaved.toString() };
}

function addAttempts(
  attempts: Iterable<AttemptSums>,
  byModel: Map<string | undefined, Group>,
  byFeature: Map<string | undefined, Group>,
) {
  const totals = {
    attempts: 0,
    unpricedAttempts: 0,
    estimatedAttempts: 0,
    demoAttempts: 0,
    inputTokens: 0,
    outputTokens: 0,
  };
  let cost = 0n;
  for (const sums of attempts) {
    totals.attempts += sums.attempts;
    totals.unpricedAttempts += sums.unpriced;
    totals.estimatedAttempts += sums.estimated;
    totals.demoAttempts += sums.demo;
    totals.inputTokens += sums.inputTokens;
    totals.outputTokens += sums.outputTokens;
    cost += sums.costPicoUsd;
    for (const group of [groupOf(byModel, sums.model), groupOf(byFeature, sums.feature)]) {
      group.inputTokens += sums.inputTokens;
      group.outputTokens += sums.outputTokens;
      group.cost += sums.costPicoUsd;
      group.unpricedAttempts += sums.unpriced;
    }
  }
  return { ...totals, costPicoUsd: cost.toString() };
}

function groupOf(groups: Map<string | undefined, Group>, key: string | undefined): Group {
  const found = groups.get(key);
  if (found !== undefined) return found;
  const group: Group = {
    calls: 0,
    cacheHits: 0,
    inputTokens: 0,
    outputTokens: 0,
    cost: 0n,
    saved: 0n,
    unpricedAttempts: 0,
  };
  groups.set(key, group);
  return group;
}

/** Dearest first; then most calls; then by name. */
function groupsOf(groups: Map<string | undefined, Group>): SpendGroup[] {
  return [...groups]
    .sort(([keyA, a], [keyB, b]) => {
      if (a.cost !== b.cost) return a.cost > b.cost ? -1 : 1;
      return b.calls - a.calls || (keyA ?? '').localeCompare(keyB ?? '');
    })
    .map(([key, { cost, saved, ...counts }]) => ({
      key,
      ...counts,
      costPicoUsd: cost.toString(),
      savedPicoUsd: saved.toString(),
    }));
}

/** What one call adds. */
export function callSumsOf({ call, attempts }: CallWithAttempts): CallSums {
  return {
    model: answerModel(call, attempts),
    feature: call.feature,
    cache: call.cache,
    calls: 1,
    unmetered: Number(!call.metered),
    failed: Number(call.status >= 400),
    savedPicoUsd: BigInt(call.savedPicoUsd ?? 0),
    savingUnknown: Number(call.savedPicoUsd === undefined),
  };
}

/** What its attempts add, one by one. */
export function attemptSumsOf({ call, attempts }: CallWithAttempts): AttemptSums[] {
  return attempts.map((attempt) => ({
    model: `${attempt.provider}/${attempt.model}`,
    feature: call.feature,
    attempts: 1,
    unpriced: Number(attempt.costStatus === 'unpriced'),
    estimated: Number(attempt.costStatus === 'estimated'),
    demo: Number(attempt.demo),
    inputTokens: totalInputTokens(attempt.usage),
    outputTokens: totalOutputTokens(attempt.usage),
    costPicoUsd: BigInt(attempt.costPicoUsd ?? 0),
  }));
}
