import type { CacheConfig } from '../config/config.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { AnswerScope, CacheDirectives } from './answerCache.ts';
import type { Embedding } from './embedders/createEmbedding.ts';
import type { VectorPlace } from './entry.ts';
import { type MaybePromise, whenKnown } from './maybePromise.ts';
import { type Question, readQuestion } from './readQuestion.ts';
import { type RequestKeys, requestKeys, vectorScope, wordingKey } from './requestKeys.ts';
import { asksForDeterminism, uncacheable, wantsJson } from './requestTraits.ts';
import { maxQuestionLength, notAskable } from './wording/askable.ts';
import { type CanonicalWording, canonicalWording } from './wording/canonicalWording.ts';
import { isDeictic } from './wording/deictic.ts';
import { isTimeBound } from './wording/timeBound.ts';

export type UseMode = 'off' | 'shadow' | 'on';

/** A question that another wording may answer. */
export interface WordedQuestion {
  readonly text: string;
  readonly wording: CanonicalWording;
  /** Of its canonical words within its partition. */
  readonly key: string;
  /** Where it lies; undefined where only its own words can match. Worked out when first asked for. */
  readonly place: () => MaybePromise<VectorPlace | undefined>;
}

/** One kind of look-up. */
export interface Use {
  readonly mode: UseMode;
  /** Older answers are not served. */
  readonly maxAgeMs: number;
  /** How long an answer that is kept now stays good. */
  readonly ttlMs: number;
}

/** How the cache is used for one request: worked out once, before the look-up. */
export interface PlannedUse {
  readonly scope: AnswerScope;
  readonly key: string;
  readonly exact: Use;
  readonly wording: Use;
  /** Cosine from which a question is near enough. */
  readonly threshold: number;
  /** The question, or why its wording is not looked at; undefined while the semantic cache is off. Worked out when first asked for. */
  readonly worded: () => WordedQuestion | string | undefined;
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
  readonly wantsJson: boolean;
  readonly maxBytes: number;
}

/** An answer that depends on the day is not kept longer. */
const timeBoundMs = 5 * 60_000;

export function planUse(
  request: ParsedRequest,
  scope: AnswerScope,
  directives: CacheDirectives,
  config: CacheConfig,
  embedding: Embedding | undefined,
): PlannedUse | { readonly bypass: string } {
  const exactMode = modeOf(config, request);
  const isOff = exactMode === 'off' && config.semantic.mode === 'off';
  const reason = isOff ? 'off' : uncacheable(request);
  if (reason !== undefined) return { bypass: reason };
  const asked = readQuestion(request);
  const keys = requestKeys(request, scope, config);
  if (keys === undefined) return { bypass: 'number' };
  const timeBound = asked !== undefined && asked.text.length <= maxQuestionLength && isTimeBound(asked.text);
  const longest = timeBound ? timeBoundMs : Number.POSITIVE_INFINITY;
  const useOf = (mode: UseMode, ttlMs: number): Use => ({
    mode,
    maxAgeMs: Math.min(ttlMs, longest, directives.maxAgeMs ?? ttlMs),
    ttlMs: Math.min(ttlMs, longest, directives.ttlMs ?? ttlMs),
  });
  return {
    scope,
    key: keys.exact,
    exact: useOf(exactMode, config.exact.ttlMs),
    wording: useOf(config.semantic.mode, config.semantic.ttlMs),
    threshold: config.semantic.threshold ?? embedding?.embedder.threshold ?? 1,
    worded: once(() =>
      // What depends on the day is matched by its canonical words at most.
      config.semantic.mode === 'off' ? undefined : wordedQuestion(asked, keys, timeBound ? undefined : embedding),
    ),
    mayRead: !directives.skipRead && directives.maxAgeMs !== 0,
    mayWrite: !directives.skipWrite,
    wantsJson: wantsJson(request),
    maxBytes: config.exact.maxBytes,
  };
}

function modeOf({ exact }: CacheConfig, request: ParsedRequest): UseMode {
  if (exact.mode !== 'auto') return exact.mode;
  return asksForDeterminism(request) ? 'on' : 'shadow';
}

/** The reason, where the wording of a request cannot stand for another. */
function wordedQuestion(
  asked: Question | undefined,
  { partitionOf }: RequestKeys,
  embedding: Embedding | undefined,
): WordedQuestion | string {
  if (asked === undefined) return 'notOneQuestion';
  const { text } = asked;
  const reason = notAskable(text);
  if (reason !== undefined) return reason;
  const wording = canonicalWording(text);
  if (isDeictic(wording.words)) return 'deictic';
  const partition = partitionOf(asked);
  if (partition === undefined) return 'notOneQuestion';
  const place = (): MaybePromise<VectorPlace | undefined> => {
    if (embedding === undefined) return undefined;
    const embedder = embedding.embedder.id;
    return whenKnown(embedding.vectorOf({ text, wording }), (vector) =>
      vector === undefined ? undefined : { scope: vectorScope(partition, embedder), embedder, vector },
    );
  };
  return { text, wording, key: wordingKey(partition, wording.key), place: once(place) };
}

function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}
