import type { Dialect } from '../wire/dialect.ts';
import { errorBody } from '../wire/errorBody.ts';
import { type Call, clientClosed, closeCall } from './call.ts';
import type { Refusal } from './errors.ts';
import type { HeaderPairs, ProxyResponse } from './exchange.ts';
import { explainHeaders, plainCacheHeader } from './explainHeaders.ts';
import { headerOf, readResponseHeaders } from './requestHeaders.ts';
import type { FailedAttempt } from './sendAttempt.ts';

/** Answers in the provider's place, in the caller's dialect, and closes the call. */
export function refuse(call: Call, dialect: Dialect, refusal: Refusal): ProxyResponse {
  call.facts.errorClass ??= refusal.code;
  closeCall(call, refusal.status);
  const body = errorBody(dialect, refusal.status, refusal);
  const headers: HeaderPairs = [
    ['content-type', 'application/json'],
    ['content-length', String(body.byteLength)],
    ['x-tollgate-error-origin', 'proxy'],
    ...noRetry(refusal.noRetry === true || call.attempts.length > 1),
    ...explainHeaders(call, { costed: true }),
  ];
  return { status: refusal.status, headers, body };
}

/** Both SDKs obey it. Sent where trying again would repeat what Tollgate has already tried. */
export function noRetry(isUseless: boolean): HeaderPairs {
  return isUseless ? [['x-should-retry', 'false']] : [];
}

/** Headers of an upstream's answer with ours after them. */
export function answerHeaders(call: Call, upstream: HeaderPairs, explained: HeaderPairs): HeaderPairs {
  const cache = call.facts.metered && headerOf(upstream, 'x-cache') === undefined ? [plainCacheHeader(call)] : [];
  return [...upstream, ...explained, ...cache];
}

/** What is left when no target has answered: the last upstream's own error to the byte, else ours. */
export function passFailure(call: Call, { failure, reply }: FailedAttempt): ProxyResponse | Refusal {
  call.facts.errorClass ??= failure;
  if (failure === 'clientGone') {
    closeCall(call, clientClosed);
    return { status: clientClosed, headers: [], body: new Uint8Array() };
  }
  if ('message' in reply) return reply;
  closeCall(call, reply.status);
  const explained = explainHeaders(call, { provider: call.attempts.at(-1)?.provider ?? '', costed: true });
  return {
    status: reply.status,
    headers: [
      ...answerHeaders(call, readResponseHeaders(reply.headers), explained),
      ['x-tollgate-error-origin', 'upstream'],
      ...noRetry(call.attempts.length > 1),
    ],
    body: reply.bytes,
  };
}
