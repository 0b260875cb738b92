import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { ExportFormat } from '../ledger/export/exportCalls.ts';
import type { CallFilter } from '../ledger/export/readCalls.ts';
import {
  type BatchPlan,
  type CachedPair,
  type CalibrateCache,
  type CalibrationReport,
  type ClearedCache,
  type ConfigStatus,
  controlHeader,
  controlPrefix,
  type ForgetAnswer,
  type ForgottenAnswer,
  type Job,
  type JobItems,
  type Jobs,
  type JudgeCache,
  type KeptAnswers,
  type KeptReports,
  type PeriodOverview,
  type PlanBatch,
  type PutKeys,
  type PutUpstreams,
  type RaisedLimit,
  type RaiseLimit,
  type ReconcileInvoice,
  type ReconciliationReport,
  type RegisteredWorkspace,
  type RegisterWorkspace,
  type ServiceEvent,
  type ServiceInfo,
  type SpendSnapshot,
  type TriedRequest,
  type TrustReport,
  type WhichAnswers,
} from './api.ts';
import type { OverviewRequest } from './createOverviews.ts';

/** The service refused (`refused`, with its code and words) or did not answer (`unreachable`). */
export class ControlFailed extends Error {
  static is(error: unknown, reason?: ControlFailed['reason']): error is ControlFailed {
    return error instanceof ControlFailed && (reason === undefined || error.reason === reason);
  }

  readonly reason: 'unreachable' | 'refused';
  /** HTTP status; 0 when unreachable. */
  readonly status: number;
  /** `ControlError` code; `unreachable` when there was no answer. */
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ControlFailed';
    this.reason = status === 0 ? 'unreachable' : 'refused';
    this.status = status;
    this.code = code;
  }
}

export interface ControlClientOptions {
  readonly port: number;
  readonly controlToken: string;
  readonly fetch: typeof fetch;
  /** For one answer, not for the event stream. */
  readonly timeoutMs?: number;
}

export interface SpendRequest {
  readonly workspaceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lastCalls: number;
}

/** The control plane as functions; every one rejects with `ControlFailed`. */
export interface ControlClient {
  info(): Promise<ServiceInfo>;
  /** Asks the service to finish its open requests and end. Answers before it does. */
  drain(): Promise<void>;
  registerWorkspace(workspace: RegisterWorkspace): Promise<RegisteredWorkspace>;
  rotateToken(workspaceId: string): Promise<RegisteredWorkspace>;
  putKeys(keys: PutKeys): Promise<void>;
  putUpstreams(upstreams: PutUpstreams): Promise<void>;
  config(workspaceId: string): Promise<ConfigStatus>;
  spend(request: SpendRequest): Promise<SpendSnapshot>;
  /** What the panel shows of a period. */
  overview(request: OverviewRequest): Promise<PeriodOverview>;
  /** The recorded calls as a document, piece by piece. */
  exportCalls(filter: CallFilter, format: ExportFormat, signal: AbortSignal): AsyncGenerator<Uint8Array, void>;
  /** Removes cached answers. */
  clearCache(which: WhichAnswers): Promise<ClearedCache>;
  /** What is kept, newest first. */
  cachedAnswers(which: WhichAnswers, limit: number): Promise<KeptAnswers>;
  forgetAnswer(request: ForgetAnswer): Promise<ForgottenAnswer>;
  raiseLimit(request: RaiseLimit): Promise<RaisedLimit>;
  calibrateCache(request: CalibrateCache): Promise<CalibrationReport>;
  /** Answers to other wording that were served or would have been, newest first, and the measured share of wrong ones. */
  cacheTrust(workspaceId: string, limit: number): Promise<TrustReport>;
  judgeCache(request: JudgeCache): Promise<CachedPair>;
  /** Compares the ledger with a provider's own numbers. */
  reconcile(request: ReconcileInvoice): Promise<ReconciliationReport>;
  /** The last reconciliation of each provider, newest first. */
  reconciliations(): Promise<KeptReports>;
  planBatch(request: PlanBatch): Promise<BatchPlan>;
  /** Plans again what of an ended job has no answer. */
  planJobAgain(jobId: string): Promise<BatchPlan>;
  /** Runs one request of a plan at once, at standard price. */
  tryBatch(planId: string): Promise<TriedRequest>;
  submitBatch(planId: string): Promise<Jobs>;
  jobs(workspaceId: string): Promise<Jobs>;
  /** Items of a job from a place on. */
  jobItems(jobId: string, from: number, limit: number): Promise<JobItems>;
  cancelJob(jobId: string): Promise<Job>;
  /** Fetches the results of an ended job again and writes them beside the prompts. */
  collectJob(jobId: string): Promise<Job>;
  /** Takes an ended job off the list; its ledger rows stay. */
  forgetJob(jobId: string): Promise<void>;
  /**
   * Events of one workspace, or (without one) of the service. The open stream is a lease: the service does not end
   * while it is read. Ends when the service does; rejects with `ControlFailed` when it cannot be opened or breaks off.
   */
  events(workspaceId: string | undefined, signal: AbortSignal): AsyncGenerator<ServiceEvent, void>;
}

/** Every prompt of a plan is read and counted; one of 50,000 takes a while. */
const planTimeoutMs = 10 * 60_000;
/** Eight hundred texts through a sentence encoder. */
const calibrateTimeoutMs = 5 * 60_000;
/** A provider's reports come page by page. */
const reconcileTimeoutMs = 5 * 60_000;

/** Talks to the service at `port`. */
export function createControlClient(options: ControlClientOptions): ControlClient {
  const { timeoutMs = 10_000 } = options;

  const open = async (method: string, path: string, body: unknown, signal: AbortSignal): Promise<Response> => {
    const response = await options
      .fetch(`http://127.0.0.1:${options.port}${controlPrefix}${path}`, {
        method,
        headers: {
          [controlHeader]: options.controlToken,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal,
      })
      .catch((error: unknown) => {
        throw unreachable(error);
      });
    if (response.ok) return response;
    throw await refused(response);
  };

  /** Our own service of this API answers, so what comes is of the type that `api.ts` says. */
  const ask = async <T>(method: string, path: string, body?: unknown, withinMs = timeoutMs): Promise<T> => {
    const response = await open(method, path, body, AbortSignal.timeout(withinMs));
    const answer: T = await response.json();
    return answer;
  };
  const tell = async (method: string, path: string, body?: unknown): Promise<void> => {
    const response = await open(method, path, body, AbortSignal.timeout(timeoutMs));
    await response.body?.cancel();
  };

  return {
    info: () => ask('GET', '/info'),
    drain: () => tell('POST', '/drain'),
    registerWorkspace: (workspace) => ask('POST', '/workspaces', workspace),
    rotateToken: (workspaceId) => ask('POST', `/workspaces/${encodeURIComponent(workspaceId)}/rotate`),
    putKeys: (keys) => tell('PUT', '/keys', keys),
    putUpstreams: (upstreams) => tell('PUT', '/upstreams', upstreams),
    config: (workspaceId) => ask('GET', `/config?${query({ workspace: workspaceId })}`),
    spend: ({ workspaceId, fromMs, toMs, lastCalls }) =>
      ask('GET', `/spend?${query({ workspace: workspaceId, from: fromMs, to: toMs, last: lastCalls })}`),
    overview: ({ workspaceId, period, by, filter }) =>
      ask('GET', `/overview?${query({ workspace: workspaceId, period, by, ...filter })}`),
    exportCalls: async function* ({ workspaceId, fromMs, toMs, ...narrowed }, format, signal) {
      const parameters = query({ workspace: workspaceId, from: fromMs, to: toMs, format, ...narrowed });
      const response = await open('GET', `/export?${parameters}`, undefined, signal);
      try {
        for await (const piece of response.body ?? []) yield piece;
      } catch (error) {
        throw unreachable(error);
      }
    },
    clearCache: ({ workspaceId, ...narrowed }) =>
      ask('DELETE', `/cache?${query({ workspace: workspaceId, ...narrowed })}`),
    cachedAnswers: ({ workspaceId, ...narrowed }, limit) =>
      ask('GET', `/cache/entries?${query({ workspace: workspaceId, limit, ...narrowed })}`),
    forgetAnswer: (request) => ask('POST', '/cache/forget', request),
    raiseLimit: (request) => ask('POST', '/limits/raise', request),
    calibrateCache: (request) => ask('POST', '/cache/calibrate', request, calibrateTimeoutMs),
    cacheTrust: (workspaceId, limit) => ask('GET', `/cache/pairs?${query({ workspace: workspaceId, limit })}`),
    judgeCache: (request) => ask('POST', '/cache/judge', request),
    reconcile: (request) => ask('POST', '/reconcile', request, reconcileTimeoutMs),
    reconciliations: () => ask('GET', '/reconciliations'),
    planBatch: (request) => ask('POST', '/batch/plan', request, planTimeoutMs),
    planJobAgain: (jobId) => ask('POST', `/batch/jobs/${encodeURIComponent(jobId)}/plan`, undefined, planTimeoutMs),
    tryBatch: (planId) => ask('POST', '/batch/try', { planId }, planTimeoutMs),
    submitBatch: (planId) => ask('POST', '/batch/submit', { planId }),
    jobs: (workspaceId) => ask('GET', `/batch/jobs?${query({ workspace: workspaceId })}`),
    jobItems: (jobId, from, limit) =>
      ask('GET', `/batch/jobs/${encodeURIComponent(jobId)}/items?${query({ from, limit })}`),
    cancelJob: (jobId) => ask('POST', `/batch/jobs/${encodeURIComponent(jobId)}/cancel`),
    collectJob: (jobId) => ask('POST', `/batch/jobs/${encodeURIComponent(jobId)}/collect`),
    forgetJob: (jobId) => tell('DELETE', `/batch/jobs/${encodeURIComponent(jobId)}`),
    events: async function* (workspaceId, signal) {
      const path = workspaceId === undefined ? '/events' : `/events?${query({ workspace: workspaceId })}`;
      const response = await open('GET', path, undefined, signal);
      if (response.body === null) return;
      const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      try {
        for await (const { data } of events) {
          const event: ServiceEvent = JSON.parse(data);
          yield event;
        }
      } catch (error) {
        throw unreachable(error);
      }
    },
  };
}

function query(parameters: Readonly<Record<string, string | number>>): URLSearchParams {
  return new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
}

function unreachable(error: unknown): ControlFailed {
  return new ControlFailed(0, 'unreachable', "Tollgate's service does not answer. Run “Tollgate: Restart Service”.", {
    cause: error,
  });
}

async function refused(response: Response): Promise<ControlFailed> {
  const text = await response.text().catch((error: unknown) => {
    throw unreachable(error);
  });
  const error = controlErrorOf(text);
  return new ControlFailed(response.status, error?.code ?? `http${response.status}`, error?.message ?? text);
}

function controlErrorOf(text: string): { code: string; message: string } | undefined {
  if (!text.startsWith('{')) return undefined;
  const parsed: { error?: { code?: unknown; message?: unknown } } = JSON.parse(text);
  return { code: String(parsed.error?.code), message: String(parsed.error?.message) };
}
