import type { Attribution } from '../attribution/attribution.ts';
import type { Watched } from '../cache/answerCache.ts';
import type { Config } from '../config/config.ts';
import type { AttemptRow, CacheOutcome, CallRow } from '../ledger/rows.ts';
import type { RoutingQuestion } from '../routing/createRouter.ts';
import type { NamedAlias } from '../routing/resolveModel.ts';
import type { RouteDecision } from '../routing/routeDecision.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { RequestPath } from '../wire/requestPath.ts';
import type { ProxyDeps } from './deps.ts';
import type { ProxyRequest } from './exchange.ts';
import type { UncostedAttempt } from './limits.ts';
import type { RequestHeaders } from './requestHeaders.ts';

/** Everything known about one call while it is being served. */
export interface Call {
  readonly id: string;
  readonly deps: ProxyDeps;
  readonly request: ProxyRequest;
  readonly path: RequestPath;
  readonly headers: RequestHeaders;
  readonly config: Config;
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;
  /** Work that goes on after the answer has left: counting, writing down. */
  readonly background: (work: Promise<void>) => void;
  /** Filled in as the call goes on; what `closeCall` writes. */
  readonly facts: CallFacts;
  readonly attempts: AttemptRow[];
}

export interface CallFacts {
  endpoint: string;
  stream: boolean;
  metered: boolean;
  attribution: Attribution;
  modelRequested?: string;
  alias?: NamedAlias;
  /** `provider/model` of a replayed answer. */
  model?: string;
  /** How the call was routed; absent where it named a model or an alias. */
  decision?: RouteDecision;
  /** What it was routed by, for asking a better tier. */
  routing?: RoutingFacts;
  cache: CacheOutcome;
  cacheReason?: string;
  /** `age=12`, `sim=0.97`: for the explain header. */
  cacheNotes: readonly string[];
  savedPicoUsd?: number;
  /** What would have been found, where the cache only watches; see `CacheLookup`. */
  watched?: () => Watched | undefined;
  errorClass?: string;
  /** How the last request to an upstream was written in another dialect; absent = it was not. */
  translation?: TranslationNote;
  /** A body that came compressed, as it came and unpacked: where nothing is changed in it, it goes on as it came. */
  packed?: { readonly sent: Uint8Array; readonly plain: Uint8Array };
  /** Milliseconds spent waiting for upstreams. */
  upstreamMs: number;
  /** Tells the limits what the call cost in the end. */
  settle?: (picoUsd: number) => void;
  /** What the limits count for an attempt whose cost is not known. */
  uncosted?: (attempt: UncostedAttempt) => number;
  closed: boolean;
}

/** The client's request before limits changed it. */
export interface RoutingFacts {
  readonly request: ParsedRequest;
  readonly meantFor: string;
  readonly question: RoutingQuestion;
}

/** For the explain headers. */
export interface TranslationNote {
  /** The upstream's endpoint. */
  readonly endpoint: string;
  readonly dropped: readonly string[];
  /** The limit that was sent because the client gave none. */
  readonly addedMaxTokens?: number;
}

export function openCall(
  deps: ProxyDeps,
  request: ProxyRequest,
  path: RequestPath,
  headers: RequestHeaders,
  background: (work: Promise<void>) => void,
): Call {
  return {
    id: deps.newId(),
    deps,
    background,
    request,
    path,
    headers,
    config: deps.configOf(request.workspaceId),
    startedAtMs: deps.clock.now(),
    startedMonotonicMs: deps.clock.monotonicMs(),
    attempts: [],
    facts: {
      endpoint: path.endpoint ?? 'other',
      stream: false,
      metered: path.endpoint !== undefined,
      attribution: {},
      cache: 'bypass',
      cacheNotes: [],
      upstreamMs: 0,
      closed: false,
    },
  };
}

/** Time this call has taken so far, less what was spent waiting for upstreams. */
export function overheadMs(call: Call): number {
  const total = call.deps.clock.monotonicMs() - call.startedMonotonicMs;
  return Math.max(0, Math.round((total - call.facts.upstreamMs) * 1000) / 1000);
}

/** Sum of what the attempts cost, estimates included; unpriced ones add nothing. */
export function costSoFar(call: Call): number {
  return call.attempts.reduce((sum, attempt) => sum + (attempt.costPicoUsd ?? 0), 0);
}

/** Status of a call whose client went away (nginx's word for it); nobody reads the answer. */
export const clientClosed = 499;

/** Writes the call's row with its attempts and settles its reservation. The first of several closings counts. */
export function closeCall(call: Call, status: number): void {
  const { facts } = call;
  if (facts.closed) return;
  facts.closed = true;
  const uncosted = uncostedSoFar(call);
  facts.settle?.(costSoFar(call) + uncosted);
  if (facts.cache === 'miss') noteWatched(facts);
  const row = callRow(call, status);
  call.deps.ledger.record(uncosted === 0 ? row : { ...row, uncostedPicoUsd: uncosted }, call.attempts);
}

/** What limits count for attempts whose cost is not known; without limits nobody counts it. */
function uncostedSoFar({ attempts, facts: { uncosted } }: Call): number {
  if (uncosted === undefined) return 0;
  return attempts.reduce((sum, attempt) => sum + (attempt.costStatus === 'unpriced' ? uncosted(attempt) : 0), 0);
}

function noteWatched(facts: CallFacts): void {
  const seen = facts.watched?.();
  if (seen === undefined) return;
  facts.cache = seen.outcome;
  if (seen.reason !== undefined) facts.cacheReason = seen.reason;
  if ('found' in seen && seen.found.costPicoUsd !== undefined) facts.savedPicoUsd = seen.found.costPicoUsd;
}

/** Filled in field by field: this runs for every call, and spreading what may be absent costs several times as much. */
function callRow(call: Call, status: number): CallRow {
  const { facts } = call;
  const { task: _task, ...attribution } = facts.attribution;
  const row: Draft<CallRow> = {
    id: call.id,
    workspaceId: call.request.workspaceId,
    startedAtMs: call.startedAtMs,
    endedAtMs: call.deps.clock.now(),
    endpoint: facts.endpoint,
    stream: facts.stream,
    metered: facts.metered,
    cache: facts.cache,
    status,
    overheadMs: overheadMs(call),
  };
  Object.assign(row, attribution);
  if (facts.modelRequested !== undefined) row.modelRequested = facts.modelRequested;
  if (facts.alias !== undefined) row.alias = facts.alias.name;
  if (facts.model !== undefined) row.model = facts.model;
  if (facts.decision !== undefined) row.route = facts.decision.rule;
  if (facts.cacheReason !== undefined) row.cacheReason = facts.cacheReason;
  if (facts.savedPicoUsd !== undefined) row.savedPicoUsd = facts.savedPicoUsd;
  if (facts.errorClass !== undefined) row.errorClass = facts.errorClass;
  return row;
}

/** A row while it is being made. */
export type Draft<Row> = { -readonly [Field in keyof Row]: Row[Field] };
