import { isJsonObject, objectAt, stringAt } from '../wire/json.ts';
import type { ProviderFailure } from './batchProvider.ts';

const transientStatuses = new Set([408, 409, 425, 429]);
const longestDetail = 300;

/** Keys as providers write them into their messages ("Incorrect API key provided: sk-…"). */
const keyShape = /\b(?:sk|gsk|key|pk)[-_][\w*.-]{6,}/gi;

/** What an error of the providers' SDKs says; both are of one make. */
export interface SdkError {
  readonly status: number | undefined;
  readonly message: string;
  readonly headers: Headers | undefined;
  /** The parsed body. */
  readonly error: unknown;
  readonly code?: string | null | undefined;
}

/** An SDK's error as a failure that the caller can act on. */
export function failureOf(error: SdkError, nowMs: number): ProviderFailure {
  const { status } = error;
  const detail = detailOf(error);
  if (status === undefined) return { kind: 'transient', detail, retryAfterMs: undefined, sent: true };
  if (isQueueFull(error)) return { kind: 'queueFull', detail };
  if (status === 401 || status === 403) return { kind: 'auth', status };
  if (status === 404) return { kind: 'notFound' };
  if (transientStatuses.has(status) || status >= 500)
    return {
      kind: 'transient',
      detail: `HTTP ${status}: ${detail}`,
      retryAfterMs: retryAfterMs(error, nowMs),
      sent: status !== 429,
    };
  return { kind: 'rejected', status, detail };
}

/**
 * A full queue of enqueued tokens comes as a failed batch, in some users' logs as HTTP 400 or 429: "Enqueued token limit
 * reached for gpt-4.1 in organization org-… Limit: 900,000 enqueued tokens."
 */
function isQueueFull(error: SdkError): boolean {
  return error.code === queueFullCode || /enqueued token limit/i.test(error.message);
}

export const queueFullCode = 'token_limit_exceeded';

/** The provider's own words, cut short and without anything that looks like a key. */
export function cleanDetail(text: string): string {
  const cleaned = text.replaceAll(keyShape, '[key]').replaceAll(/\s+/g, ' ').trim();
  return cleaned.length > longestDetail ? `${cleaned.slice(0, longestDetail)}…` : cleaned;
}

function detailOf({ error, message }: SdkError): string {
  const body: unknown = error;
  const own = isJsonObject(body)
    ? (stringAt(body, 'message') ?? stringAt(objectAt(body, 'error'), 'message'))
    : undefined;
  return cleanDetail(own ?? message);
}

/** `retry-after-ms`, else `retry-after` in seconds or as a date. */
function retryAfterMs({ headers }: SdkError, nowMs: number): number | undefined {
  const ms = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const asked = headers?.get('retry-after') ?? '';
  const seconds = asked === '' ? Number.NaN : Number(asked);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  const dateMs = Date.parse(asked);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

/** An answer that is none: whether it was acted on is not known. */
export function unreadable(detail: string): ProviderFailure {
  return { kind: 'transient', detail: `unreadable answer (${detail})`, retryAfterMs: undefined, sent: true };
}

/** A request that was planned for an API of another shape. */
export function notOfThisApi(endpoint: string): ProviderFailure {
  return { kind: 'rejected', status: 0, detail: `its batch API takes no requests to ${endpoint}.` };
}
