import type { BatchPlan, Job, JobItem, TriedRequest } from '../batch/job.ts';
import type { CacheStats } from '../cache/answerCache.ts';
import type { CalibrationReport } from '../cache/calibration/calibrate.ts';
import type { KeptAnswer } from '../cache/keptAnswer.ts';
import type { CachedPair, Verdict } from '../cache/trust/cachedPair.ts';
import type { TrustReport } from '../cache/trust/trustReport.ts';
import type { SpendSnapshot } from '../ledger/ledger.ts';
import type { SpendOverview } from '../ledger/overview/overview.ts';
import type { ReconciliationReport } from '../ledger/reconcile/reconciliationReport.ts';
import type { SpendFilter } from '../ledger/rollup/spendFilter.ts';
import type { SpendPeriod } from '../ledger/spendText.ts';
import type { RouteQualityReport } from '../routing/tierReport.ts';

/**
 * The control plane: JSON over `http://127.0.0.1:PORT/_tollgate/…`, with the control token in `x-tollgate-control`.
 * Never reachable with a data-plane token. Errors are `ControlError` with a 4xx or 5xx status.
 */
export const controlPrefix = '/_tollgate';
export const controlHeader = 'x-tollgate-control';

/** The discovery file (0600): `<home>/service.json`. */
export interface ServiceAddress {
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  readonly controlToken: string;
}

export interface ControlError {
  readonly error: { readonly code: string; readonly message: string };
}

/** `GET /info` */
export interface ServiceInfo {
  readonly version: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly nodeVersion: string;
  /** Things the user should know: database moved aside, port changed, … */
  readonly notices: readonly Notice[];
}

export interface Notice {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  /** The spending limit that it is about: windows show it once, and offer to raise it. */
  readonly limit?: { readonly configured: ConfiguredLimit; readonly raisable: boolean };
}

/** `POST /workspaces`: registers (idempotent by folder) and returns the token, which is kept over restarts. */
export interface RegisterWorkspace {
  /** Absolute path of the first workspace folder. */
  readonly folder: string;
  readonly trusted: boolean;
  /** User-level configuration, as JSON text of the `tollgate.jsonc` shape; wins over the file. */
  readonly userConfig?: string;
  /** Of a workspace that is known already, nothing is changed: for callers without an editor's settings. */
  readonly keep?: boolean;
}

export interface RegisteredWorkspace {
  readonly workspaceId: string;
  readonly token: string;
  readonly baseUrls: {
    /** `http://127.0.0.1:PORT/t/TOKEN/v1` */
    readonly openai: string;
    /** `http://127.0.0.1:PORT/t/TOKEN` */
    readonly anthropic: string;
  };
  /** Some provider of the configuration is the built-in demo provider. */
  readonly demo: boolean;
}

/** `POST /workspaces/ID/rotate` → RegisteredWorkspace with a new token; the old one is refused from then on. */

/**
 * `POST /drain` → 202: the service waits for a quiet moment, gives its port and its data up to its successor and ends.
 * What still streams after a while is cut.
 */

/** `PUT /keys`: stored keys, into memory only. Replaces the whole set of that workspace. */
export interface PutKeys {
  readonly workspaceId: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** `PUT /upstreams`: base URLs the user confirmed for a provider of this workspace (already set elsewhere). */
export interface PutUpstreams {
  readonly workspaceId: string;
  readonly baseUrls: Readonly<Record<string, string>>;
}

/** `GET /config?workspace=ID`: problems of the active configuration; the last good one stays in force. */
export interface ConfigStatus {
  /** The committed file. */
  readonly path: string;
  readonly ok: boolean;
  /** Some provider of the configuration in force is the built-in demo provider. */
  readonly demo: boolean;
  readonly problems: readonly LocatedConfigProblem[];
}

export interface LocatedConfigProblem {
  /** Absolute path of the file; undefined = the user's own settings. */
  readonly path?: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/**
 * `GET /export?workspace=ID&from=MS&to=MS&format=csv|json|focus`, narrowed by `model`, `feature`, `user`, `branch` and `callSite` (empty = not named):
 * the recorded calls as one document.
 */

/** `GET /spend?workspace=ID&from=MS&to=MS&last=N` → SpendSnapshot */

/**
 * `GET /overview?workspace=ID&period=today|week|month&by=model|feature|user|branch|callSite`, narrowed by `model`, `feature`,
 * `user`, `branch` and `callSite` (empty = not named): what the panel shows.
 */
export interface PeriodOverview extends SpendOverview {
  readonly period: SpendPeriod;
  readonly filter: SpendFilter;
  /** Of all calls, whatever the filter. */
  readonly periods: readonly PeriodSum[];
  readonly limits: readonly LimitState[];
}

export interface PeriodSum {
  readonly period: SpendPeriod;
  readonly costPicoUsd: string;
  readonly estimatedAttempts: number;
  readonly unpricedAttempts: number;
}

/** A spending limit that holds for the whole workspace. Money is picodollars as decimal text. */
export interface LimitState {
  readonly scope: string;
  readonly window: 'day' | 'week' | 'month' | 'session';
  readonly limitPicoUsd: string;
  readonly spentPicoUsd: string;
  /** Held for calls under way. */
  readonly reservedPicoUsd: string;
  readonly onExceed: 'warn' | 'downgrade' | 'block';
}

/** A spending limit by what its file says of it. */
export interface ConfiguredLimit {
  readonly scope: string;
  readonly window: 'day' | 'week' | 'month' | 'session';
  readonly limitUsd: number;
}

/** How a limit stands that holds for a window's workspace, or has been passed. Money is picodollars as decimal text. */
export interface LimitStanding {
  /** As it applies, `feature:search`. */
  readonly scope: string;
  readonly window: 'day' | 'week' | 'month' | 'session';
  readonly limitPicoUsd: string;
  readonly spentPicoUsd: string;
  readonly onExceed: 'warn' | 'downgrade' | 'block';
  /** It is spent, or has refused a call since it began. */
  readonly exceeded: boolean;
  readonly configured: ConfiguredLimit;
  readonly raisable: boolean;
  readonly resetAtMs?: number;
}

/** `POST /limits/raise` → RaisedLimit: a higher limit until the end of the day, which the user has confirmed. */
export interface RaiseLimit {
  readonly workspaceId: string;
  readonly limit: ConfiguredLimit;
  readonly toUsd: number;
}

export interface RaisedLimit {
  readonly untilMs: number;
}

/** `POST /cache/calibrate` → CalibrationReport: what an embedder's thresholds do to labelled and judged pairs. */
export interface CalibrateCache {
  readonly workspaceId: string;
  /** As in `cache.semantic.embedder`; absent = that of the workspace's configuration. */
  readonly embedder?: string;
  /** Of the semantic hits, at most this share is to be wrong. */
  readonly falseHitRate: number;
}

/** `GET /cache/pairs?workspace=ID&limit=N` → TrustReport: answers to other wording that were served, or would have been. */

/** `POST /cache/judge` → CachedPair: says whether one of them was right. Wrong: it is removed, and the pair vetoed. */
export interface JudgeCache {
  readonly workspaceId: string;
  readonly pairId: string;
  readonly verdict: Verdict;
}

/** `GET /cache/entries?workspace=ID&limit=N[&before=MS]`, narrowed by `model` and `session`: newest first. */
export interface KeptAnswers {
  readonly answers: readonly KeptAnswer[];
  /** Of all the workspace keeps. */
  readonly stats: CacheStats;
}

/** Which answers of a workspace: all, or those of a model (`provider/model`) or of a session. */
export interface WhichAnswers {
  readonly workspaceId: string;
  readonly model?: string;
  readonly session?: string;
}

/** `POST /cache/forget` → ForgottenAnswer. */
export interface ForgetAnswer {
  readonly workspaceId: string;
  readonly entryId: string;
  /** It was wrong: the question it was last given to is judged so too, and never gets another such answer. */
  readonly isWrong: boolean;
}

export interface ForgottenAnswer {
  readonly removed: boolean;
  /** A judgement was counted: the answer was given to a question in other words since the service started. */
  readonly judged: boolean;
}

/** `DELETE /cache?workspace=ID`, narrowed by `model` and `session`: removes cached answers. */
export interface ClearedCache {
  readonly removed: number;
}

/**
 * `POST /reconcile` → ReconciliationReport: the ledger against a provider's own numbers. An invoice knows no workspaces, so
 * those of all are compared; `workspaceId` says whose configuration names the provider.
 * `GET /reconciliations` → `{reports: ReconciliationReport[]}`: the last of each provider.
 */
export interface ReconcileInvoice {
  readonly workspaceId: string;
  readonly provider: string;
  /** `2026-11-01`; both included. */
  readonly fromDay: string;
  readonly toDay: string;
  /** The provider's ids or names of the keys used through Tollgate; empty = not known. */
  readonly keyIds: readonly string[];
  /** An admin key is used for this request and not kept. Paths are absolute, of exported CSV files. */
  readonly source:
    | { readonly kind: 'api'; readonly adminKey: string }
    | { readonly kind: 'files'; readonly paths: readonly string[] };
}

export interface KeptReports {
  readonly reports: readonly ReconciliationReport[];
}

/** `POST /batch/plan` */
export interface PlanBatch {
  readonly workspaceId: string;
  /** Absolute paths of prompt files. */
  readonly promptPaths: readonly string[];
  /** Model id or alias for files that name none. */
  readonly defaultModel?: string;
  /** Send what is asked twice, or was answered before, once more. */
  readonly keepDuplicates?: boolean;
}

/** `POST /batch/try` `{planId}` → TriedRequest; `POST /batch/jobs/ID/plan` → BatchPlan of what has no answer. */

/** `GET /batch/jobs/ID/items?from=N&limit=N`: a job is told with its first items; these are the others. */
export interface JobItems {
  readonly items: readonly JobItem[];
}

/** `POST /batch/submit` `{planId}` → `{jobs: Job[]}`; `GET /batch/jobs?workspace=ID` → `{jobs: Job[]}`; `POST /batch/jobs/ID/cancel|collect`; `DELETE /batch/jobs/ID` (forget). */
export interface Jobs {
  readonly jobs: readonly Job[];
}

/**
 * `GET /events?workspace=ID`: server-sent events; an open stream is the window's lease on the service.
 * Each event's `data` is one `ServiceEvent`. `spend` is sent at most four times a second.
 */
export type ServiceEvent =
  | { readonly type: 'hello'; readonly info: ServiceInfo }
  | { readonly type: 'spend'; readonly today: SpendSnapshot }
  | { readonly type: 'jobs'; readonly jobs: readonly Job[] }
  | { readonly type: 'jobEnded'; readonly job: Job }
  | { readonly type: 'config'; readonly status: ConfigStatus }
  | { readonly type: 'notice'; readonly notice: Notice }
  /** How tiers do on their routes; at most once a second. */
  | { readonly type: 'routes'; readonly report: RouteQualityReport }
  /** How spending limits stand: at the beginning, and when one is passed or raised. */
  | { readonly type: 'limits'; readonly limits: readonly LimitStanding[] }
  | { readonly type: 'draining' };

/** `GET /routes?workspace=ID` → RouteQualityReport */
export type {
  BatchPlan,
  CachedPair,
  CalibrationReport,
  Job,
  JobItem,
  KeptAnswer,
  ReconciliationReport,
  RouteQualityReport,
  SpendSnapshot,
  TriedRequest,
  TrustReport,
};
