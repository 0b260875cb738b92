import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ProxyRequest, ProxyResponse } from '../../proxy/exchange.ts';
import { readRequestPath } from '../../wire/requestPath.ts';
import { controlPrefix } from '../api.ts';
import { describeError, type Log } from '../log.ts';
import { isLocalCaller, localHosts } from './localCaller.ts';
import { BodyStreamFailed, hasBody, readWholeBody, streamBody } from './readBody.ts';
import {
  badRequest,
  brokenOff,
  forbidden,
  internalFailure,
  notJson,
  type Refusal,
  tooLarge,
  tooMany,
  unauthorized,
} from './refusals.ts';
import { headerValues, type RequestHead, readHead } from './requestHead.ts';
import { sendRefusal, sendResponse } from './sendResponse.ts';
import { type Identified, identify } from './workspaceToken.ts';

export interface ServerLimits {
  /** Largest body of a parsed endpoint. */
  readonly maxBodyBytes: number;
  /** Largest body that is passed through unread. */
  readonly maxStreamBytes: number;
  /** Requests of workspaces that are served at a time. */
  readonly maxOpenRequests: number;
}

export const defaultLimits: ServerLimits = {
  maxBodyBytes: 32 * 1024 * 1024,
  maxStreamBytes: 512 * 1024 * 1024,
  maxOpenRequests: 1024,
};

export interface ServerOptions {
  /** The workspace a token belongs to. */
  readonly workspaceOf: (token: string) => string | undefined;
  readonly handle: (request: ProxyRequest) => Promise<ProxyResponse>;
  /** Answers requests below `/_tollgate/`; the caller is known to be a program on this machine, nothing more. */
  readonly control: (request: IncomingMessage, response: ServerResponse, head: RequestHead) => Promise<void>;
  /** Called when a request of a workspace begins; the result is called when it is over. */
  readonly hold: () => () => void;
  readonly log: Log;
  readonly limits?: ServerLimits;
}

/** Long enough for a slow upload of the largest body. */
const requestTimeoutMs = 30 * 60_000;
const headersTimeoutMs = 10_000;
/** How often Node looks for requests that are over their time. */
const checkMs = 5_000;
/** Longer than the idle time of common client pools, so that it is the client that closes. */
const keepAliveMs = 75_000;
const maxHeaderBytes = 32 * 1024;

/**
 * The HTTP server of the service, not yet listening. Decides who may ask before a byte of the body is read, and adapts
 * sockets to `ProxyRequest` and `ProxyResponse`.
 */
export function createHttpServer(options: ServerOptions): Server {
  const { log, limits = defaultLimits } = options;
  let hosts: ReadonlySet<string> = new Set();
  let open = 0;

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const head = readHead(request);
    const isControl = head.target.startsWith(`${controlPrefix}/`);
    if (!isLocalCaller(head.headers, hosts, isControl)) return sendRefusal(response, forbidden);
    if (!head.target.startsWith('/')) return sendRefusal(response, badRequest);
    if (headerValues(head.headers, 'upgrade').some((protocol) => /websocket/i.test(protocol)))
      return sendRefusal(response, forbidden);
    if (isControl) return options.control(request, response, head);
    const identified = identify(head.target, head.headers, options.workspaceOf);
    if (identified === undefined) return sendRefusal(response, unauthorized);
    if (open >= limits.maxOpenRequests) return sendRefusal(response, tooMany);
    open += 1;
    // Held until the client has everything and the proxy has nothing left to do, such as writing the call's row.
    const release = options.hold();
    const closed = new Promise((resolve) => response.once('close', resolve));
    try {
      await serve(request, response, head, identified);
    } catch (error) {
      refuseFailed(response, error);
    }
    await closed;
    open -= 1;
    release();
  };

  const serve = async (
    request: IncomingMessage,
    response: ServerResponse,
    { method }: RequestHead,
    { workspaceId, prefix, path, headers, tokenInHeader }: Identified,
  ): Promise<void> => {
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    const body = await takeBody(request, response, readRequestPath(method, path).endpoint !== undefined);
    if ('status' in body) return sendRefusal(response, body);
    const answer = await options.handle({
      method,
      path,
      headers,
      body: body.content,
      signal: gone.signal,
      workspaceId,
      baseUrl: `http://${request.headers.host ?? ''}${prefix}`,
      tokenInHeader,
    });
    await sendResponse(response, answer, (error) => log.warn('response cut', { error: describeError(error) }));
  };

  const takeBody = async (
    request: IncomingMessage,
    response: ServerResponse,
    parsed: boolean,
  ): Promise<Refusal | { content: ProxyRequest['body'] }> => {
    if (!hasBody(request)) return { content: new Uint8Array() };
    if (parsed && !isJson(request.headers['content-type'])) return notJson;
    const limit = parsed ? limits.maxBodyBytes : limits.maxStreamBytes;
    if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge(limit);
    if (request.headers.expect !== undefined) response.writeContinue();
    if (!parsed) return { content: streamBody(request, limit) };
    const read = await readWholeBody(request, limit);
    if (read.kind === 'whole') return { content: read.bytes };
    return read.kind === 'tooLarge' ? tooLarge(limit) : brokenOff;
  };

  const refuseFailed = (response: ServerResponse, error: unknown): void => {
    const failed = error instanceof BodyStreamFailed ? error.kind : 'internal';
    if (failed === 'internal') log.error('request failed', { error: describeError(error) });
    if (failed === 'tooLarge') sendRefusal(response, tooLarge(limits.maxStreamBytes));
    else sendRefusal(response, failed === 'brokenOff' ? brokenOff : internalFailure);
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    route(request, response).catch((error: unknown) => refuseFailed(response, error));
  };

  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: checkMs,
    keepAliveTimeout: keepAliveMs,
    maxHeaderSize: maxHeaderBytes,
    // Refused by us, with the same answer as a wrong one.
    requireHostHeader: false,
  });
  // Node would leave out what comes after the two thousandth; their size is limited already.
  server.maxHeadersCount = 0;
  server.on('request', answer);
  // Without this Node would invite the body before anybody has looked at the head.
  server.on('checkContinue', answer);
  server.on('listening', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) hosts = localHosts(address.port);
  });
  return server;
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType?.trim() ?? '');
}
