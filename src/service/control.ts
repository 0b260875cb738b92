import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline as pipe } from 'node:stream/promises';
import * as z from 'zod';
import { type ExportFormat, isExportFormat } from '../ledger/export/exportCalls.ts';
import type { CallFilter } from '../ledger/export/readCalls.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isDay } from '../ledger/reconcile/days.ts';
import { dimensions, isDimension, type SpendFilter } from '../ledger/rollup/spendFilter.ts';
import { isSpendPeriod } from '../ledger/spendText.ts';
import {
  type ConfigStatus,
  controlHeader,
  controlPrefix,
  type PeriodOverview,
  type RaisedLimit,
  type RaiseLimit,
  type RegisteredWorkspace,
  type RouteQualityReport,
  type ServiceInfo,
} from './api.ts';
import { type BatchOperations, batchControl } from './batchControl.ts';
import { type CacheOperations, cacheControl } from './cacheControl.ts';
import { answered, numberIn, type Operation, type Operations } from './controlOperation.ts';
import type { OverviewRequest } from './createOverviews.ts';
import type { Reconciliations } from './createReconciliations.ts';
import {
  ControlRefused,
  invalidRequest,
  noControlToken,
  noSuchOperation,
  noSuchWorkspace,
  operationFailed,
} from './errors.ts';
import type { EventHub } from './eventHub.ts';
import { type RequestHead, soleHeader } from './http/requestHead.ts';
import { sendRefusal } from './http/sendResponse.ts';
import type { Keys } from './keys.ts';
import { describeError, type Log } from './log.ts';
import { sameToken } from './randomToken.ts';
import { readControlBody } from './readControlBody.ts';
import type { Registration, Workspace, Workspaces } from './workspaces.ts';

/** What of the pipeline is controlled. */
export interface ControlledPipeline extends CacheOperations {
  workspaceChanged(workspaceId: string): void;
  configStatus(workspaceId: string): ConfigStatus | undefined;
  keysChanged(workspaceId: string): void;
  routes(workspaceId: string): RouteQualityReport;
  /** Throws `ControlRefused` where the limit is not to be raised. */
  raiseLimit(request: RaiseLimit): RaisedLimit;
  readonly batch: BatchOperations;
  readonly reconciliations: Reconciliations;
}

export interface ControlOptions {
  readonly controlToken: string;
  readonly info: () => ServiceInfo;
  readonly workspaces: Workspaces;
  readonly register: (registration: Registration) => RegisteredWorkspace;
  readonly registered: (workspace: Workspace) => RegisteredWorkspace;
  readonly keys: Keys;
  readonly ledger: Pick<Ledger, 'spend'>;
  readonly overview: (request: OverviewRequest) => PeriodOverview;
  /** The recorded calls as a document, piece by piece. */
  readonly exportCalls: (filter: CallFilter, format: ExportFormat) => AsyncIterable<string>;
  readonly pipeline: ControlledPipeline;
  readonly hub: EventHub;
  readonly drain: () => void;
  readonly log: Log;
}

const registration = z.object({
  folder: z.string().min(1),
  trusted: z.boolean(),
  userConfig: z.string().optional(),
  keep: z.boolean().optional(),
});
const putKeys = z.object({ workspaceId: z.string(), keys: z.record(z.string(), z.string()) });
const putUpstreams = z.object({
  workspaceId: z.string(),
  baseUrls: z.record(z.string(), z.url({ protocol: /^https?$/ })),
});
const day = z.string().refine(isDay);
const raiseLimit = z.object({
  workspaceId: z.string(),
  limit: z.object({
    scope: z.string().min(1),
    window: z.enum(['session', 'day', 'week', 'month']),
    limitUsd: z.number().positive(),
  }),
  toUsd: z.number().positive().max(1_000_000_000),
});
const reconcileInvoice = z
  .object({
    workspaceId: z.string(),
    provider: z.string().min(1),
    fromDay: day,
    toDay: day,
    keyIds: z.array(z.string().min(1)),
    source: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('api'), adminKey: z.string().min(1) }),
      z.object({ kind: z.literal('files'), paths: z.array(z.string().min(1)).min(1) }),
    ]),
  })
  .refine(({ fromDay, toDay }) => fromDay <= toDay);
/** Answers the requests below `/_tollgate/`. */
export function createControl(
  options: ControlOptions,
): (request: IncomingMessage, response: ServerResponse, head: RequestHead) => Promise<void> {
  const operations = operationsOf(options);
  return async (request, response, head) => {
    const url = new URL(head.target, 'http://127.0.0.1');
    const path = url.pathname.slice(controlPrefix.length);
    if (path === '/health' && head.method === 'GET') {
      response.writeHead(204).end();
      return;
    }
    try {
      const token = soleHeader(head.headers, controlHeader);
      if (token === undefined || !sameToken(token, options.controlToken)) throw noControlToken();
      const { operation, id } = find(operations, head.method, path);
      const answer = await operation({ request, response, id, query: url.searchParams });
      if (answer !== answered) send(response, 200, answer ?? {});
    } catch (error) {
      if (!(error instanceof ControlRefused))
        options.log.error('control request failed', { path: path.split('/')[1], error: describeError(error) });
      const refused = error instanceof ControlRefused ? error : operationFailed();
      sendRefusal(response, { status: refused.status, body: new TextEncoder().encode(JSON.stringify(refused)) });
    }
  };
}

function operationsOf(options: ControlOptions): Operations {
  const { workspaces, keys, hub, pipeline } = options;
  const known = (id: string): Workspace => {
    const workspace = workspaces.get(id);
    if (workspace === undefined) throw noSuchWorkspace();
    return workspace;
  };
  const workspaceIn = (query: URLSearchParams): string => known(query.get('workspace') ?? '').id;
  return {
    'GET /info': () => options.info(),
    'GET /events': ({ response, query }) => {
      hub.subscribe(response, query.has('workspace') ? workspaceIn(query) : undefined);
      return answered;
    },
    'POST /drain': ({ response }) => {
      send(response, 202, {});
      options.drain();
      return answered;
    },
    'POST /workspaces': async ({ request }) => {
      const { userConfig, keep = false, ...rest } = await readControlBody(request, registration);
      return options.register({ ...rest, keep, ...(userConfig === undefined ? {} : { userConfig }) });
    },
    'POST /workspaces/:id/rotate': ({ id }) => {
      const workspace = workspaces.rotate(id);
      if (workspace === undefined) throw noSuchWorkspace();
      return options.registered(workspace);
    },
    'PUT /keys': async ({ request }) => {
      const body = await readControlBody(request, putKeys);
      keys.put(known(body.workspaceId).id, body.keys);
      pipeline.keysChanged(body.workspaceId);
    },
    'PUT /upstreams': async ({ request }) => {
      const body = await readControlBody(request, putUpstreams);
      if (workspaces.confirmUpstreams(body.workspaceId, body.baseUrls) === undefined) throw noSuchWorkspace();
      pipeline.workspaceChanged(body.workspaceId);
    },
    'GET /config': ({ query }) => pipeline.configStatus(workspaceIn(query)),
    'POST /limits/raise': async ({ request }): Promise<RaisedLimit> => {
      const body = await readControlBody(request, raiseLimit);
      known(body.workspaceId);
      return pipeline.raiseLimit(body);
    },
    'GET /routes': ({ query }) => pipeline.routes(workspaceIn(query)),
    'GET /spend': ({ query }) =>
      options.ledger.spend({
        workspaceId: workspaceIn(query),
        fromMs: numberIn(query, 'from'),
        toMs: numberIn(query, 'to'),
        lastCalls: Math.min(1000, numberIn(query, 'last')),
      }),
    'GET /overview': ({ query }) => options.overview(overviewRequest(query, workspaceIn(query))),
    'GET /export': async ({ response, query }) => {
      const format = query.get('format') ?? '';
      if (!isExportFormat(format)) throw invalidRequest('format');
      const pieces = options.exportCalls(callFilter(query, workspaceIn(query)), format);
      response.writeHead(200, { 'content-type': exportTypes[format], 'cache-control': 'no-store' });
      await pipe(Readable.from(pieces), response);
      return answered;
    },
    'POST /reconcile': async ({ request }) => {
      const body = await readControlBody(request, reconcileInvoice);
      known(body.workspaceId);
      return pipeline.reconciliations.reconcile(body);
    },
    'GET /reconciliations': () => ({ reports: pipeline.reconciliations.kept() }),
    ...cacheControl(pipeline, (id) => known(id).id),
    ...batchControl(pipeline.batch, (id) => known(id).id),
  };
}

/** Matches segment by segment; `:id` stands for any one. */
function find(operations: Operations, method: string, path: string): { operation: Operation; id: string } {
  const segments = path.split('/');
  for (const [route, operation] of Object.entries(operations)) {
    const [routeMethod, routePath = ''] = route.split(' ');
    const pattern = routePath.split('/');
    if (routeMethod !== method || pattern.length !== segments.length) continue;
    if (!pattern.every((part, index) => part === ':id' || part === segments[index])) continue;
    return { operation, id: segments[pattern.indexOf(':id')] ?? '' };
  }
  throw noSuchOperation();
}

const exportTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  focus: 'text/csv; charset=utf-8',
};

function callFilter(query: URLSearchParams, workspaceId: string): CallFilter {
  return { workspaceId, fromMs: numberIn(query, 'from'), toMs: numberIn(query, 'to'), ...spendFilter(query) };
}

function spendFilter(query: URLSearchParams): SpendFilter {
  const narrowed = dimensions.flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(narrowed);
}

export function overviewRequest(query: URLSearchParams, workspaceId: string): OverviewRequest {
  const [period, by] = [query.get('period'), query.get('by')];
  if (!isSpendPeriod(period)) throw invalidRequest('period');
  if (!isDimension(by)) throw invalidRequest('by');
  return { workspaceId, period, by, filter: spendFilter(query) };
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
