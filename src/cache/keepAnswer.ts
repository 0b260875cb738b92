import type { StoredAnswer } from '../wire/storedAnswer.ts';
import type { CacheEntry, VectorPlace } from './entry.ts';
import type { EntryStore } from './entryStore.ts';
import { whenKnown } from './maybePromise.ts';
import type { PlannedUse, Use, UseMode, WordedQuestion } from './planUse.ts';

export interface GivenAnswer {
  readonly answer: StoredAnswer;
  readonly costPicoUsd: number | undefined;
  readonly createdAtMs: number;
}

export interface KeepingStores {
  readonly kept: EntryStore;
  /** Of what would have hit while a cache only watches. */
  readonly shadow: EntryStore;
}

/** In shadow, an answer is held to be compared with the next one; a long one is not worth the memory. */
const maxShadowAnswer = 8192;

/** Keeps an answer in the stores that the request's plan lets it be in. */
export function keepAnswer(plan: PlannedUse, given: GivenAnswer, { kept, shadow }: KeepingStores): void {
  const { exact, wording, maxBytes } = plan;
  const worded = plan.worded();
  const question = typeof worded === 'string' ? undefined : worded;
  void whenKnown(question?.place(), (place) => {
    const entryFor = (mode: UseMode): CacheEntry | undefined =>
      entryOf(
        plan,
        given,
        exact.mode === mode ? exact : undefined,
        wording.mode === mode ? wording : undefined,
        question,
        place,
      );
    const keptEntry = entryFor('on');
    if (keptEntry !== undefined) kept.put(keptEntry, maxBytes);
    const watched = entryFor('shadow');
    if (watched !== undefined) shadow.put(shortened(watched), maxBytes);
  });
}

function entryOf(
  { key, scope }: PlannedUse,
  { answer, costPicoUsd, createdAtMs }: GivenAnswer,
  exact: Use | undefined,
  wording: Use | undefined,
  question: WordedQuestion | undefined,
  place: VectorPlace | undefined,
): CacheEntry | undefined {
  const isWorded = wording !== undefined && question !== undefined;
  if (exact === undefined && !isWorded) return undefined;
  const ttlMs = Math.max(exact?.ttlMs ?? 0, isWorded ? wording.ttlMs : 0);
  const { workspaceId, session, provider, model } = scope;
  return {
    key,
    workspaceId,
    provider,
    model,
    answer,
    createdAtMs,
    expiresAtMs: createdAtMs + ttlMs,
    ...(session === undefined ? {} : { session }),
    ...(isWorded ? { wordingKey: question.key, question: question.text } : {}),
    ...(isWorded && place !== undefined ? { place } : {}),
    ...(costPicoUsd === undefined ? {} : { costPicoUsd }),
  };
}

function shortened(entry: CacheEntry): CacheEntry {
  return entry.answer.json.length <= maxShadowAnswer ? entry : { ...entry, answer: { ...entry.answer, json: '' } };
}
