import type { CacheEntry, VectorPlace } from './entry.ts';
import type { EntryStore } from './entryStore.ts';
import type { Judge } from './guards/createJudge.ts';
import { type MaybePromise, whenKnown } from './maybePromise.ts';
import type { PlannedUse, Use, UseMode, WordedQuestion } from './planUse.ts';
import type { Vetoes } from './trust/vetoes.ts';

export interface CacheMatch {
  readonly kind: 'exact' | 'wording' | 'semantic';
  readonly entry: CacheEntry;
  /** Cosine, of a semantic match. */
  readonly similarity?: number;
  readonly embedder?: string;
}

export interface Finding {
  readonly match?: CacheMatch;
  /** Why the nearest other wording was not taken. */
  readonly objection?: string;
}

export interface FinderDeps {
  readonly now: () => number;
  readonly judge: Judge;
  readonly vetoes: Pick<Vetoes, 'has'>;
}

/** Neighbours that are looked at: guards may tell them apart. */
const neighbours = 8;
const nothing: Finding = {};

/**
 * Looks for an answer in one store: the identical request, then equal canonical words, then the nearest question. Each
 * other wording has to pass the guards, and must not have been judged wrong.
 */
export function createFinder({ now, judge, vetoes }: FinderDeps) {
  return { find, identical, reworded };

  /** @param mode of the kinds of look-up that count: what would be served, or what would have been */
  function find(store: EntryStore, plan: PlannedUse, mode: Exclude<UseMode, 'off'>): MaybePromise<Finding> {
    return whenKnown(identical(store, plan, mode), (match) => (match ? { match } : reworded(store, plan, mode)));
  }

  function identical(
    store: EntryStore,
    { exact, key }: PlannedUse,
    mode: UseMode,
  ): MaybePromise<CacheMatch | undefined> {
    if (exact.mode !== mode) return undefined;
    return whenKnown(store.get(key), (entry) =>
      entry !== undefined && isFresh(entry, exact) ? { kind: 'exact', entry } : undefined,
    );
  }

  function reworded(store: EntryStore, plan: PlannedUse, mode: UseMode): MaybePromise<Finding> {
    const question = plan.wording.mode === mode ? plan.worded() : undefined;
    if (question === undefined || typeof question === 'string') return nothing;
    return whenKnown(store.byWording(question.key), (entries) => {
      const worded = firstGood(plan, question, entries);
      if (worded.match !== undefined) return { match: { kind: 'wording', entry: worded.match } };
      return whenKnown(question.place(), (place) =>
        place === undefined ? objectionOf(worded) : near(store, plan, question, place, worded.objection),
      );
    });
  }

  function near(
    store: EntryStore,
    plan: PlannedUse,
    question: WordedQuestion,
    { scope, vector, embedder }: VectorPlace,
    earlier: string | undefined,
  ): MaybePromise<Finding> {
    return whenKnown(store.nearest(scope, vector, plan.threshold, neighbours), (found) => {
      const scores = new Map(found.map(({ key, score }) => [key, score]));
      return whenKnown(allKnown(found.map(({ key }) => store.get(key))), (entries) => {
        const good = firstGood(plan, question, entries);
        const { match, objection = earlier } = good;
        if (match === undefined) return objectionOf({ objection });
        const similarity = Math.min(1, scores.get(match.key) ?? 0);
        return { match: { kind: 'semantic', entry: match, similarity, embedder } };
      });
    });
  }

  function firstGood(
    { wording, scope }: PlannedUse,
    question: WordedQuestion,
    entries: readonly (CacheEntry | undefined)[],
  ): { match?: CacheEntry; objection?: string } {
    let first: string | undefined;
    for (const entry of entries) {
      if (entry?.question === undefined || !isFresh(entry, wording)) continue;
      const veto = judge.objection(question, entry.question);
      if (veto === undefined && !vetoes.has(scope.workspaceId, question.text, entry.question)) return { match: entry };
      first ??= veto === undefined ? 'judgedWrong' : `guard:${veto}`;
    }
    return first === undefined ? {} : { objection: first };
  }

  function isFresh(entry: CacheEntry, { maxAgeMs }: Use): boolean {
    return now() < entry.expiresAtMs && now() - entry.createdAtMs < maxAgeMs;
  }
}

function objectionOf({ objection }: { objection?: string | undefined }): Finding {
  return objection === undefined ? nothing : { objection };
}

function allKnown<T>(values: readonly MaybePromise<T>[]): MaybePromise<readonly T[]> {
  const known: T[] = [];
  for (const value of values) {
    if (value instanceof Promise) return Promise.all(values);
    known.push(value);
  }
  return known;
}
