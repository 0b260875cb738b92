import type { CacheConfig } from '../config/config.ts';
import type { JsonObject } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { StoredAnswer } from '../wire/storedAnswer.ts';
import type { EntryPage, ListedEntry } from './entryStore.ts';
import type { MaybePromise } from './maybePromise.ts';
import type { CachedPair, JudgedPair, PairFilter, Verdict } from './trust/cachedPair.ts';

/** Who asks, and of whom: what besides the body decides whether two requests may share an answer. */
export interface AnswerScope {
  readonly workspaceId: string;
  /** Terminal, task or debug session lineage; a client can give a narrower one. */
  readonly session: string | undefined;
  /** Pseudonym of the end user the request names. */
  readonly user: string | undefined;
  /** `x-tollgate-cache-namespace` and its foreign names: narrows the scope, never widens it. */
  readonly namespace: string | undefined;
  readonly provider: string;
  readonly baseUrl: string;
  /** The target's own model id: aliases are resolved before the cache. */
  readonly model: string;
  /** The alias with what it stands for: an alias that is changed gets new answers. */
  readonly alias: string | undefined;
  /** Digest of the credential the upstream would see; never the credential. */
  readonly credential: string;
  /** Headers that change what the provider does (`anthropic-version`, `anthropic-beta`, `openai-organization` …), as one text. */
  readonly variant: string;
}

/** What the client said about caching this one request: RFC 9111 request directives and their foreign names. */
export interface CacheDirectives {
  /** Do not read (`no-cache`, or the client retries the same logical call). */
  readonly skipRead: boolean;
  /** Do not write (`no-store`). */
  readonly skipWrite: boolean;
  readonly maxAgeMs?: number;
  readonly ttlMs?: number;
  readonly onlyIfCached: boolean;
}

/** Handed from `lookup` to `store` so that keys are worked out once. Only the cache looks inside. */
export interface CacheTicket {
  readonly exactKey: string;
}

/** What would have been served: shadow keeps what an answer cost, never the answer. */
export interface ShadowFound {
  readonly ageMs: number;
  /** What the answer cost when it was made; absent = not known. */
  readonly costPicoUsd?: number;
  readonly similarity?: number;
}

export interface Found extends ShadowFound {
  readonly answer: StoredAnswer;
  /** Names the stored entry, for "wrong answer" and for the explain header. */
  readonly entryId: string;
}

/** What a cache that only watches would have served. */
export interface ShadowLookup {
  readonly outcome: 'shadowExact' | 'shadowWording' | 'shadowSemantic';
  readonly reason?: string;
  readonly found: ShadowFound;
}

/** What came of watching for other wordings: nothing is as good a figure as something. */
export type Watched = ShadowLookup | { readonly outcome: 'miss'; readonly reason?: string };

export type CacheLookup =
  | { readonly outcome: 'hitExact' | 'hitWording' | 'hitSemantic'; readonly reason?: string; readonly found: Found }
  | (ShadowLookup & { readonly ticket?: CacheTicket })
  | {
      readonly outcome: 'miss';
      readonly reason?: string;
      /** Absent = this answer is not to be stored. */
      readonly ticket?: CacheTicket;
      /** Identical requests in flight with this key may share one answer: the exact cache would serve it. */
      readonly flightKey?: string;
      /**
       * Other wordings are watched for while the provider is asked, so that it costs the call nothing: to be read when the
       * call is written down. Undefined = not known by then. Absent = not watched for; beyond 20 a second, calls are sampled.
       */
      readonly watched?: () => Watched | undefined;
    }
  | { readonly outcome: 'bypass'; readonly reason: string; readonly ticket?: CacheTicket };

/** The call that asks: what a served or shadowed answer is judged by afterwards. Decides nothing. */
export interface AskingCall {
  readonly callId: string;
  readonly route: string | undefined;
}

/** Exact and near answers within one scope: what the proxy asks. */
export interface AnswerCache {
  /** Never rejects: a store that is down is a `bypass` with its reason. */
  lookup(
    request: ParsedRequest,
    scope: AnswerScope,
    directives: CacheDirectives,
    config: CacheConfig,
    asking?: AskingCall,
  ): MaybePromise<CacheLookup>;
  /**
   * Keeps a complete answer; decides itself whether it may (natural end, no tools, no refusal). Never throws.
   * @param reply the answer's JSON where it is parsed already
   */
  store(ticket: CacheTicket, answer: StoredAnswer, costPicoUsd: number | undefined, reply?: JsonObject): void;
}

/** What the service does with the cache besides. Made by `createAnswerCache`. */
export interface KeptAnswerCache extends AnswerCache {
  /** Removes entries; returns how many. */
  clear(which: CacheSelection): MaybePromise<number>;
  /** Removes one entry: it is not to be served again. */
  forget(workspaceId: string, entryId: string): MaybePromise<boolean>;
  stats(workspaceId?: string): MaybePromise<CacheStats>;
  /** What is kept, newest first. */
  list(which: CacheSelection, page: EntryPage): MaybePromise<readonly ListedEntry[]>;
  /** What was served or would have been, newest first: from memory, with texts. */
  pairs(which: PairFilter): readonly CachedPair[];
  /** Says whether an answer that was served, or would have been, was right. Wrong: its entry goes, and the pair is vetoed. */
  judge(workspaceId: string, pairId: string, verdict: Verdict): MaybePromise<CachedPair | undefined>;
  /** All judgements of a workspace; texts only where questions are kept. */
  judged(workspaceId: string): readonly JudgedPair[];
  /** Removes what has expired. Cheap; meant to be called every few minutes. */
  sweep(): MaybePromise<number>;
  /** Writes what is still queued. */
  flush(): void;
  /** Flushes, and ends every timer. */
  close(): void;
}

/** Absent fields do not narrow: `{}` is everything. */
export interface CacheSelection {
  readonly workspaceId?: string;
  readonly session?: string;
  readonly provider?: string;
  readonly model?: string;
}

export interface CacheStats {
  readonly entries: number;
  readonly bytes: number;
  /** Answers served since they were stored. */
  readonly hits: number;
  readonly models: readonly { readonly model: string; readonly entries: number; readonly bytes: number }[];
  /** Terminals, tasks and debug sessions that have stored answers, the last one first. */
  readonly sessions: readonly { readonly session: string; readonly entries: number; readonly lastMs: number }[];
}
