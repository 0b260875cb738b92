import type { Job } from '../batch/job.ts';
import { spendingMessage, unpricedMessage } from '../budget/errors.ts';
import type { SpendingEvent } from '../budget/spendingLimits.ts';
import type { GuardEvent } from '../routing/tierReport.ts';
import type { ControlError, Notice } from './api.ts';
import { isRaisable } from './limitStandings.ts';

/** A control request that is not carried out; answered with `status` and the `ControlError` shape. */
export class ControlRefused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ControlRefused';
    this.status = status;
    this.code = code;
  }

  toJSON(): ControlError {
    return { error: { code: this.code, message: this.message } };
  }
}

export function noControlToken(): ControlRefused {
  return new ControlRefused(401, 'unauthorized', 'This needs the control token in the x-tollgate-control header.');
}

export function noSuchOperation(): ControlRefused {
  return new ControlRefused(404, 'noSuchOperation', 'There is no such operation. Is the client of another version?');
}

export function invalidRequest(field: string): ControlRefused {
  return new ControlRefused(400, 'invalidRequest', `The request's “${field}” is missing or wrong.`);
}

export function notJsonRequest(): ControlRefused {
  return new ControlRefused(415, 'notJson', 'Send a JSON body with content-type: application/json.');
}

export function requestTooLarge(): ControlRefused {
  return new ControlRefused(413, 'tooLarge', 'The request is larger than 4 MB.');
}

export function noSuchWorkspace(): ControlRefused {
  return new ControlRefused(404, 'noSuchWorkspace', 'The service does not know this workspace. Register it again.');
}

export function noSuchEmbedder(name: string): ControlRefused {
  return new ControlRefused(
    404,
    'noSuchEmbedder',
    `There is no embedder “${name}” here. Write lexical, onnx:MODEL of a model that is installed (“Tollgate: Download Embedding Model…”), or provider/model of an OpenAI-compatible provider in tollgate.jsonc.`,
  );
}

export function limitNotRaised(): ControlRefused {
  return new ControlRefused(
    409,
    'limitNotRaised',
    'This limit cannot be raised here: it is no longer configured as it was, is shared by a team, or is not below the new amount. Change "budgets" in tollgate.jsonc or your user settings.',
  );
}

export function noSuchPair(): ControlRefused {
  return new ControlRefused(
    404,
    'noSuchPair',
    'The service no longer has this answer. Reload the list: it holds the last 400 since the service started.',
  );
}

export function embedderNotAsked(name: string, cause: unknown): ControlRefused {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ControlRefused(
    502,
    'embedderFailed',
    `The embedder “${name}” gives no vectors (${reason}). See that its model is installed, or its provider reachable and its key set, and try again.`,
  );
}

export const ownBaseUrl =
  "The provider's base URL is that of Tollgate itself. Set the provider's own in tollgate.jsonc.";

export const batchBaseUrlRefused =
  "The provider's base URL leads to a link-local address. Set the provider's own in tollgate.jsonc.";

/** @param reason `unknownPlan`, `unknownJob`, `emptyPlan`, `stillRunning`, `overLimit` */
export function batchRefused(reason: string, message: string): ControlRefused {
  const status = reason.startsWith('unknown') ? 404 : reason === 'overLimit' ? 402 : 409;
  return new ControlRefused(status, reason, message);
}

/** @param reason that of `ReportUnavailable`, or `noReports` */
export function reconcileRefused(reason: string, message: string): ControlRefused {
  return new ControlRefused(422, reason, message);
}

export function batchExpiring(
  { id, provider, model }: Pick<Job, 'id' | 'provider' | 'model'>,
  untilMs: number,
): Notice {
  const date = new Date(untilMs).toISOString().slice(0, 10);
  return {
    id: `batch-expiring:${id}`,
    severity: 'warning',
    message: `${provider} deletes the results of a batch job (${model}) on ${date}, and they are not here yet. See what keeps them in the Batch Jobs view.`,
  };
}

export function operationFailed(): ControlRefused {
  return new ControlRefused(
    500,
    'internal',
    'The service failed inside. Its log says more (“Tollgate: Show Service Log”).',
  );
}

/** Why a service could not be started, in words for the user. */
export class ServiceStartFailed extends Error {
  readonly reason: 'alreadyRunning' | 'locked' | 'portTaken' | 'badPort';

  constructor(reason: ServiceStartFailed['reason'], message: string) {
    super(message);
    this.name = 'ServiceStartFailed';
    this.reason = reason;
  }
}

export function alreadyRunning(folder: string, pid: number, port: number): ServiceStartFailed {
  return new ServiceStartFailed(
    'alreadyRunning',
    `A Tollgate service (process ${pid}, port ${port}) already runs on ${folder}. Use it, or give this one a folder of its own with --data.`,
  );
}

export function homeLocked(folder: string): ServiceStartFailed {
  return new ServiceStartFailed(
    'locked',
    `Another process holds ${folder} and does not answer. End that process (its id is in service.json there), or use another folder with --data.`,
  );
}

export function portTaken(port: number): ServiceStartFailed {
  return new ServiceStartFailed(
    'portTaken',
    `Port ${port} is taken by another program. Choose another with --port, or leave --port out.`,
  );
}

export function badPort(port: number): ServiceStartFailed {
  return new ServiceStartFailed(
    'badPort',
    `Port ${port} cannot be used: choose one from 1024 to 65535 that browsers and fetch do not refuse (6000 and 6665 to 6669 are refused, for example).`,
  );
}

export function databaseMovedAside(movedAside: string): Notice {
  return {
    id: 'databaseMovedAside',
    severity: 'warning',
    message: `The database was damaged. It was moved to ${movedAside} and a new one begun: earlier spending, cached answers and batch jobs are not shown any more.`,
  };
}

export function identityMovedAside(movedAside: string): Notice {
  return {
    id: 'identityMovedAside',
    severity: 'warning',
    message: `The file with Tollgate's tokens was damaged and moved to ${movedAside}. Open new terminals: those that are open have tokens that are no longer valid.`,
  };
}

export function portChanged(wanted: number, got: number): Notice {
  return {
    id: 'portChanged',
    severity: 'warning',
    message: `Port ${wanted} is now used by another program, so Tollgate listens at ${got}. Open new terminals: those that are open still point to ${wanted}.`,
  };
}

export function rowsNotWritten(message: string, rowsDropped: number): Notice {
  const lost = rowsDropped > 0 ? ` ${rowsDropped} calls could not be kept and are missing from the totals.` : '';
  return { id: 'ledger', severity: 'error', message: `Calls are not being recorded. ${message}${lost}` };
}

export function spendingUnreadable(message: string): Notice {
  return { id: 'spending', severity: 'error', message: `Spending cannot be shown. ${message}` };
}

export function cacheProblem(message: string): Notice {
  return { id: 'cache', severity: 'warning', message };
}

export function encoderNotice(message: string): Notice {
  return { id: 'encoder', severity: 'warning', message };
}

/** That it is away, or back: what is said last replaces what was said before. */
export function sharedCacheNotice(severity: 'info' | 'warning', message: string): Notice {
  return { id: 'sharedCache', severity, message };
}

/** One per limit: what is said last replaces what was said before. */
export function spendingNotice(event: SpendingEvent): Notice {
  const { scope, window, limit } = event.state;
  return {
    id: `budget:${scope}:${window}`,
    severity: 'warning',
    message: spendingMessage(event),
    limit: {
      configured: { scope: limit.scope, window: limit.window, limitUsd: limit.limitUsd },
      raisable: isRaisable(event.state),
    },
  };
}

/** Said once per move; the next move of the same route replaces it. */
export function routeMoved({ rule, direction, from, to, calls, failed, errorRate }: GuardEvent): Notice {
  const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
  const interval = `95 % interval ${percent(errorRate.low)} to ${percent(errorRate.high)}`;
  const figures = `${failed} of ${calls} answers failed (${percent(errorRate.share)}, ${interval})`;
  const message =
    direction === 'up'
      ? `The route "${rule}" was moved from ${from} to ${to}: ${figures}. It is tried at ${from} again from time to time; the panel shows what failed.`
      : `The route "${rule}" is back at ${to}: in a sample of its calls there ${figures}.`;
  return { id: `route:${rule}`, severity: direction === 'up' ? 'warning' : 'info', message };
}

/** Whether the limits of a team are kept by its store, or by this machine alone. */
export function sharedLimitsNotice(isAway: boolean): Notice {
  return isAway
    ? {
        id: 'sharedLimits',
        severity: 'warning',
        message:
          'The store of the team’s spending limits does not answer. Until it does, this machine keeps them by what it has spent itself and last heard of the others; check "cache.store" in tollgate.jsonc.',
      }
    : {
        id: 'sharedLimits',
        severity: 'info',
        message: 'The store of the team’s spending limits answers again; what was spent meanwhile has been told to it.',
      };
}

export function unpricedUnderLimit(model: string): Notice {
  return { id: `unpriced:${model}`, severity: 'warning', message: unpricedMessage(model) };
}
