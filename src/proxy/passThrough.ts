import type { AttemptRow } from '../ledger/rows.ts';
import { decodeBody } from '../wire/contentCoding.ts';
import { asBuffer } from '../wire/setMembers.ts';
import { type Call, clientClosed, closeCall } from './call.ts';
import type { Provider } from './chooseProvider.ts';
import { credentialsFor, headersFor } from './credentials.ts';
import { answerBroken, type Refusal } from './errors.ts';
import type { HeaderPairs, ProxyResponse } from './exchange.ts';
import { explainHeaders } from './explainHeaders.ts';
import { mayHoldResultsUrl, withOwnResultsUrl } from './ownResultsUrl.ts';
import { readBody } from './readBody.ts';
import { headerOf, readResponseHeaders, uncompressed } from './requestHeaders.ts';
import { UpstreamFailed } from './upstreamFailed.ts';
import { upstreamRefusal } from './upstreamRefusal.ts';
import { isDemo, upstreamUrl } from './upstreamUrl.ts';

/** Stands where a model would: what was passed through unread is shown as such. */
const unmeteredModel = '(not metered)';

/** Sends a request on unread, both bodies as streams, and counts it as a call that was not metered. */
export async function passThrough(call: Call, provider: Provider, meantFor: string): Promise<ProxyResponse | Refusal> {
  const credentials = credentialsFor(call, provider, meantFor);
  if (credentials.kind === 'missing') return credentials.refusal;
  const { clock, timeouts, demoUpstream, upstream } = call.deps;
  const startedAtMs = clock.now();
  const sentAt = clock.monotonicMs();
  const send = isDemo(provider.baseUrl) ? demoUpstream : upstream;
  const end = (status: number, firstByteAtMs: number | undefined, errorClass?: string): void => {
    call.attempts.push(row(call, provider, status, startedAtMs, firstByteAtMs, errorClass));
    if (errorClass !== undefined) call.facts.errorClass ??= errorClass;
  };
  const isBatch = mayHoldResultsUrl(provider, call.path);
  const headers = withLength(call, headersFor(call, provider, credentials));
  try {
    const response = await send({
      method: call.request.method,
      url: upstreamUrl(provider.config, provider.baseUrl, call.path),
      headers: isBatch ? uncompressed(headers) : headers,
      body: bodyOf(call),
      signal: call.request.signal,
      timeouts: { firstByteMs: timeouts.firstByteMs, idleMs: timeouts.idleMs },
    });
    call.facts.upstreamMs += clock.monotonicMs() - sentAt;
    const firstByteAtMs = clock.now();
    const explained = explainHeaders(call, { provider: provider.name, costed: false });
    if (isBatch) {
      const body = await ownBatch(call, response);
      end(response.status, firstByteAtMs, body === undefined ? 'reset' : undefined);
      if (body === undefined) return answerBroken(provider.name);
      closeCall(call, response.status);
      const length = ['content-length', String(body.byteLength)] as const;
      return { status: response.status, headers: [...bodyless(response.headers), ...explained, length], body };
    }
    return {
      status: response.status,
      headers: [...readResponseHeaders(response.headers), ...explained],
      body: watched(call, response, (errorClass) => end(response.status, firstByteAtMs, errorClass)),
    };
  } catch (error) {
    if (!(error instanceof UpstreamFailed)) throw error;
    call.facts.upstreamMs += clock.monotonicMs() - sentAt;
    end(0, undefined, error.failure);
    return upstreamRefusal(provider, error, timeouts.firstByteMs);
  }
}

/** A batch's answer is small, a list of them too. */
const maxBatchBytes = 64 * 1024 * 1024;

/** The whole answer, leading nobody past this proxy; undefined where it cannot be read. */
async function ownBatch(call: Call, { headers, body }: ProxyResponse): Promise<Buffer | undefined> {
  const bytes = await readBody(body, maxBatchBytes);
  const plain = bytes && (await decodeBody(bytes, headerOf(headers, 'content-encoding')));
  return plain && withOwnResultsUrl(asBuffer(plain), call);
}

/** Headers of an answer whose body is another now. */
function bodyless(headers: HeaderPairs): HeaderPairs {
  return readResponseHeaders(headers, 'content-length').filter(([name]) => name.toLowerCase() !== 'content-encoding');
}

/** A streamed body keeps the length the client announced, so that it does not become chunked on the way. */
function withLength(call: Call, headers: HeaderPairs): HeaderPairs {
  const length = call.headers.values.get('content-length');
  return length === undefined || call.request.body instanceof Uint8Array
    ? headers
    : [...headers, ['content-length', length]];
}

function bodyOf({ request }: Call): Uint8Array | AsyncIterable<Uint8Array> | undefined {
  const { body } = request;
  return body instanceof Uint8Array && body.byteLength === 0 ? undefined : body;
}

/** The body as it comes; the call is closed when it is over. A broken one is cut for the client too. */
function watched(
  call: Call,
  { status, body }: ProxyResponse,
  end: (errorClass?: string) => void,
): Uint8Array | AsyncIterable<Uint8Array> {
  let isOver = false;
  const close = (callStatus: number, errorClass?: string): void => {
    if (isOver) return;
    isOver = true;
    end(errorClass);
    closeCall(call, callStatus);
  };
  if (body instanceof Uint8Array) {
    close(status);
    return body;
  }
  const source = body[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const next = await source.next();
          if (next.done === true) close(status);
          return next;
        } catch (error) {
          close(
            call.request.signal.aborted ? clientClosed : 502,
            error instanceof UpstreamFailed ? error.failure : 'internal',
          );
          throw error;
        }
      },
      async return() {
        close(clientClosed, 'clientGone');
        await source.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}

function row(
  call: Call,
  provider: Provider,
  status: number,
  startedAtMs: number,
  firstByteAtMs: number | undefined,
  errorClass: string | undefined,
): AttemptRow {
  return {
    id: call.deps.newId(),
    callId: call.id,
    index: 0,
    provider: provider.name,
    model: unmeteredModel,
    demo: isDemo(provider.baseUrl),
    serviceTier: 'standard',
    startedAtMs,
    ...(firstByteAtMs === undefined ? {} : { firstByteAtMs }),
    endedAtMs: call.deps.clock.now(),
    status,
    ...(errorClass === undefined ? {} : { errorClass }),
    usage: {},
    costStatus: 'unpriced',
    costReason: 'passed through unread',
  };
}
