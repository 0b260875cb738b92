import type { CacheConfig } from '../config/config.ts';
import type { Store } from '../store/store.ts';
import type { StoredAnswer } from '../wire/storedAnswer.ts';
import type { CacheLookup, CacheTicket, KeptAnswerCache, ShadowFound } from './answerCache.ts';
import type { CacheEntry } from './entry.ts';
import type { CacheClock } from './entryStore.ts';
import { createJudge } from './guards/createJudge.ts';
import { isWorthKeeping } from './isWorthKeeping.ts';
import { type PlannedUse, planUse, type WordedQuestion } from './planUse.ts';
import { createShadowIndex, type ShadowRecord } from './shadowIndex.ts';
import { createSqliteEntryStore } from './sqliteEntryStore.ts';

export interface AnswerCacheDeps {
  readonly store: Pick<Store, 'database' | 'transaction'>;
  readonly clock: CacheClock;
  /** Told in words for the user, without prompts. */
  readonly onProblem: (message: string) => void;
  /** Answers kept in memory in front of the file. */
  readonly memoryBytes?: number;
}

const defaultMemoryBytes = 16 * 1024 * 1024;
const shadowEntries = 10_000;

/**
 * The answer cache over the service's database (`cacheSchema`). A look-up asks for the identical request first, then for the
 * same question in other words, where each candidate has to pass the guards.
 */
export function createAnswerCache(deps: AnswerCacheDeps): KeptAnswerCache {
  const { clock, store, onProblem, memoryBytes = defaultMemoryBytes } = deps;
  const entries = createSqliteEntryStore({ store, clock, onProblem, memoryBytes });
  const shadow = createShadowIndex(shadowEntries);
  const judge = createJudge();
  const plans = new WeakMap<CacheTicket, PlannedUse>();
  /** What each workspace's configuration lets be on disk, when last seen. */
  const allowed = new Map<string, string>();

  return {
    lookup(request, scope, directives, config) {
      removeWhatIsOff(scope.workspaceId, config);
      const plan = planUse(request, scope, directives, config);
      return 'bypass' in plan ? { outcome: 'bypass', reason: plan.bypass } : lookUp(plan);
    },
    store(ticket, answer, costPicoUsd) {
      const plan = plans.get(ticket);
      if (plan !== undefined && isWorthKeeping(answer, plan.wantsJson)) keep(plan, answer, costPicoUsd);
    },
    clear(which) {
      shadow.clear();
      return entries.clear(which);
    },
    forget: (entryId) => entries.remove(entryId),
    stats: (workspaceId) => entries.stats(workspaceId),
    sweep: () => entries.sweep(clock.now()),
    flush: () => entries.flush(),
    close: () => entries.close(),
  };

  function lookUp(plan: PlannedUse): CacheLookup {
    const ticket = plan.mayWrite ? ticketFor(plan) : {};
    if (!plan.mayRead) return { outcome: 'bypass', reason: 'noCache', ...ticket };
    const now = clock.now();
    const exact = plan.exact.mode === 'on' ? entries.get(plan.key) : undefined;
    if (exact !== undefined && isFresh(exact, plan.exact.maxAgeMs, now)) return hit('hitExact', exact, now);
    const match = plan.wording.mode === 'on' ? matchKept(plan, now) : {};
    if (match.entry !== undefined) return hit('hitWording', match.entry, now);
    const worded = plan.worded();
    const notWorded = typeof worded === 'string' ? worded : undefined;
    const reason = match.veto === undefined ? notWorded : `guard:${match.veto}`;
    const why = reason === undefined ? {} : { reason };
    const shadowed = findShadow(plan, now);
    if (shadowed !== undefined) return { ...shadowed, ...why, ...ticket };
    return { outcome: 'miss', ...why, ...ticket, ...(plan.exact.mode === 'on' ? { flightKey: plan.key } : {}) };
  }

  function hit(outcome: 'hitExact' | 'hitWording', entry: CacheEntry, now: number): CacheLookup {
    entries.used(entry.key);
    return { outcome, found: { answer: entry.answer, entryId: entry.key, ...shadowFound(entry, now) } };
  }

  function matchKept(plan: PlannedUse, now: number): { entry?: CacheEntry; veto?: string } {
    const { wording } = plan;
    const question = questionOf(plan);
    if (question === undefined) return {};
    let veto: string | undefined;
    for (const entry of entries.byWording(question.key)) {
      if (entry.question === undefined || !isFresh(entry, wording.maxAgeMs, now)) continue;
      veto = judge.objection(question, entry.question);
      if (veto === undefined) return { entry };
    }
    return veto === undefined ? {} : { veto };
  }

  function findShadow(plan: PlannedUse, now: number): ShadowHit | undefined {
    if (plan.exact.mode === 'shadow') {
      const record = shadow.exact(plan.key);
      if (record !== undefined && isFresh(record, plan.exact.maxAgeMs, now)) {
        return { outcome: 'shadowExact', found: shadowFound(record, now) };
      }
    }
    const { wording } = plan;
    const question = wording.mode === 'shadow' ? questionOf(plan) : undefined;
    if (question === undefined) return undefined;
    const record = shadow
      .byWording(question.key)
      .find(
        (candidate) =>
          isFresh(candidate, wording.maxAgeMs, now) && judge.objection(question, candidate.question) === undefined,
      );
    return record && { outcome: 'shadowWording', found: shadowFound(record, now) };
  }

  function keep(plan: PlannedUse, answer: StoredAnswer, costPicoUsd: number | undefined): void {
    const { exact, wording, scope, key, maxBytes } = plan;
    const question = questionOf(plan);
    const createdAtMs = clock.now();
    const isWorded = wording.mode === 'on' && question !== undefined;
    if (exact.mode === 'on' || isWorded) {
      const ttlMs = Math.max(exact.mode === 'on' ? exact.ttlMs : 0, isWorded ? wording.ttlMs : 0);
      const { workspaceId, session, provider, model } = scope;
      const entry = { key, workspaceId, provider, model, answer, createdAtMs, expiresAtMs: createdAtMs + ttlMs };
      entries.put(
        {
          ...entry,
          ...(session === undefined ? {} : { session }),
          ...(isWorded ? { wordingKey: question.key, question: question.text } : {}),
          ...(costPicoUsd === undefined ? {} : { costPicoUsd }),
        },
        maxBytes,
      );
    }
    const record = { question: question?.text, costPicoUsd, createdAtMs };
    if (exact.mode === 'shadow') shadow.putExact(key, { ...record, expiresAtMs: createdAtMs + exact.ttlMs });
    if (wording.mode === 'shadow' && question !== undefined) {
      shadow.putWording(question.key, { ...record, expiresAtMs: createdAtMs + wording.ttlMs });
    }
  }

  function ticketFor(plan: PlannedUse): { ticket: CacheTicket } {
    const ticket = { exactKey: plan.key };
    plans.set(ticket, plan);
    return { ticket };
  }

  /** Answers are on disk only while a cache is on, questions only while the semantic one is. */
  function removeWhatIsOff(workspaceId: string, { exact, semantic }: CacheConfig): void {
    const keepsQuestions = semantic.mode === 'on';
    const keepsAnswers = keepsQuestions || exact.mode === 'on' || exact.mode === 'auto';
    const now = keepsQuestions ? 'questions' : keepsAnswers ? 'answers' : 'nothing';
    if (allowed.get(workspaceId) === now) return;
    allowed.set(workspaceId, now);
    if (!keepsAnswers) entries.clear({ workspaceId });
    else if (!keepsQuestions) entries.forgetQuestions(workspaceId);
  }
}

type ShadowHit = Extract<CacheLookup, { outcome: 'shadowExact' | 'shadowWording' | 'shadowSemantic' }>;

function isFresh(entry: Pick<ShadowRecord, 'createdAtMs' | 'expiresAtMs'>, maxAgeMs: number, now: number): boolean {
  return now < entry.expiresAtMs && now - entry.createdAtMs < maxAgeMs;
}

function shadowFound(
  entry: Pick<ShadowRecord, 'createdAtMs'> & { costPicoUsd?: number | undefined },
  now: number,
): ShadowFound {
  const ageMs = Math.max(0, now - entry.createdAtMs);
  return { ageMs, ...(entry.costPicoUsd === undefined ? {} : { costPicoUsd: entry.costPicoUsd }) };
}

function questionOf(plan: PlannedUse): WordedQuestion | undefined {
  const worded = plan.worded();
  return typeof worded === 'string' ? undefined : worded;
}
