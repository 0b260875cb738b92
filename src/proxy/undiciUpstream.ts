import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { HeaderPairs, ProxyResponse, Upstream, UpstreamRequest } from './exchange.ts';
import { guardedLookup, isForbiddenHost } from './guardedLookup.ts';
import { createResponseBody, type ResponseBody } from './responseBody.ts';
import { UpstreamFailed, type UpstreamFailure } from './upstreamFailed.ts';
import { isLoopback } from './upstreamUrl.ts';

export interface UndiciOptions {
  readonly connectTimeoutMs: number;
  /** Connections kept to one provider at a time. */
  readonly maxConnections: number;
  /** Whether the user's own settings set this base URL, so that plain http beyond this machine is meant. */
  readonly allowsPlainHttp: (url: URL) => boolean;
  /** How names are resolved; the system's way by default. */
  readonly lookup?: LookupFunction;
}

export interface ClosableUpstream {
  readonly send: Upstream;
  /** Ends every connection; requests in flight fail. */
  close(): Promise<void>;
}

/** The real upstream: pooled HTTP/1.1 connections, bodies as they are on the wire, no redirects, no retries. */
export function createUndiciUpstream(options: UndiciOptions): ClosableUpstream {
  const agent = new Agent({
    connect: { timeout: options.connectTimeoutMs, lookup: guardedLookup(options.lookup ?? lookup) },
    connections: options.maxConnections,
    allowH2: false,
    pipelining: 1,
  });
  const originOf = createOriginReader(options);
  return {
    close: () => agent.destroy(),
    send: (request) =>
      new Promise((resolve, reject) => {
        // The path as it was given: URL would change its spelling.
        const pathStart = request.url.indexOf('/', request.url.indexOf('//') + 2);
        const origin = originOf(pathStart < 0 ? request.url : request.url.slice(0, pathStart));
        if (origin === undefined) return reject(new UpstreamFailed('forbidden', 'the base URL is not allowed'));
        const path = pathStart < 0 ? '/' : request.url.slice(pathStart);
        return agent.dispatch(dispatchOptions(request, origin, path), createHandler(request, resolve, reject));
      }),
  };
}

/** Origins that are safe whatever the settings say are few, and looked at once. */
function createOriginReader(options: UndiciOptions): (text: string) => string | undefined {
  const safe = new Map<string, string>();
  return (text) => {
    const known = safe.get(text);
    if (known !== undefined) return known;
    const url = URL.parse(text);
    if (url === null || isForbiddenHost(url.hostname)) return undefined;
    const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(text));
    if (isSafe) safe.set(text, url.origin);
    return isSafe || (url.protocol === 'http:' && options.allowsPlainHttp(url)) ? url.origin : undefined;
  };
}

function dispatchOptions(request: UpstreamRequest, origin: string, path: string): Dispatcher.DispatchOptions {
  const options: Dispatcher.DispatchOptions = {
    origin,
    path,
    method: request.method,
    headers: request.headers.flat(),
    headersTimeout: request.timeouts.firstByteMs,
    bodyTimeout: request.timeouts.idleMs,
  };
  if (request.body === undefined) return options;
  // undici takes any async iterable as a body, which its types do not say.
  return Object.assign(options, { body: request.body });
}

function createHandler(
  request: UpstreamRequest,
  resolve: (response: ProxyResponse) => void,
  reject: (error: UpstreamFailed) => void,
): Dispatcher.DispatchHandler {
  const { signal } = request;
  let body: ResponseBody | undefined;
  let stop: (() => void) | undefined;
  const end = (): void => {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  };
  return {
    onRequestStart(controller) {
      stop = () => controller.abort(new UpstreamFailed('aborted', 'the client went away'));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    },
    onResponseStart(controller, status) {
      if (status < 200) return;
      body = createResponseBody({
        pause: () => controller.pause(),
        resume: () => controller.resume(),
        abort: () => controller.abort(new UpstreamFailed('aborted', 'the answer is no longer wanted')),
      });
      resolve({ status, headers: headerPairs(controller.rawHeaders), body });
    },
    onResponseData(_controller, chunk) {
      body?.push(chunk);
    },
    onResponseEnd() {
      end();
      body?.end();
    },
    onResponseError(_controller, error) {
      end();
      const failed = failureOf(error);
      if (body === undefined) reject(failed);
      else body.fail(failed);
    },
  };
}

function headerPairs(raw: Dispatcher.DispatchController['rawHeaders']): HeaderPairs {
  const pairs: [string, string][] = [];
  if (!Array.isArray(raw)) return pairs;
  for (let index = 0; index + 1 < raw.length; index += 2) pairs.push([latin1(raw[index]), latin1(raw[index + 1])]);
  return pairs;
}

/** Header bytes beyond ASCII are kept as they are, one character each. */
function latin1(value: Buffer | string | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '');
}

const refused = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
]);

const timedOut = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

function failureOf(error: Error): UpstreamFailed {
  if (error instanceof UpstreamFailed) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return new UpstreamFailed(kindOf(code), `upstream failed: ${code ?? error.name}`, code);
}

function kindOf(code: string | undefined): UpstreamFailure {
  if (code === undefined) return 'reset';
  if (refused.has(code) || /CERT|SIGNATURE|SELF_SIGNED|ERR_TLS|ERR_SSL/.test(code)) return 'refused';
  if (timedOut.has(code)) return 'timeout';
  return code === 'UND_ERR_ABORTED' ? 'aborted' : 'reset';
}
