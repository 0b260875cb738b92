import type { AttemptFailure } from '../routing/failureClass.ts';
import { failureClassOf } from '../routing/failureClass.ts';
import { decodeBody } from '../wire/contentCoding.ts';
import { isJsonObject, type JsonObject, parseJson } from '../wire/json.ts';
import { setMembers } from '../wire/setMembers.ts';
import { asksForUsage } from './asksForUsage.ts';
import { endAttempt, type OpenAttempt, openAttempt } from './attemptRow.ts';
import type { Call } from './call.ts';
import { headersFor, pathFor } from './credentials.ts';
import type { Refusal } from './errors.ts';
import type { HeaderPairs, ProxyResponse } from './exchange.ts';
import type { PlannedTarget } from './plan.ts';
import { readBody } from './readBody.ts';
import { headerOf, uncompressed } from './requestHeaders.ts';
import { callersError, type Outgoing, translatedHeaders } from './translation.ts';
import { UpstreamFailed } from './upstreamFailed.ts';
import { upstreamRefusal } from './upstreamRefusal.ts';
import { isDemo, upstreamUrl } from './upstreamUrl.ts';

/** A whole reply that is passed on to the byte. */
export interface WholeReply {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly bytes: Uint8Array;
}

/** What came of one request to an upstream, before its body has been looked at where it succeeded. */
export type AttemptResult =
  | { readonly kind: 'answered'; readonly attempt: OpenAttempt; readonly response: ProxyResponse }
  | FailedAttempt;

export interface FailedAttempt {
  readonly kind: 'failed';
  readonly failure: AttemptFailure | 'clientGone';
  /** The upstream's own error, to be passed on; else ours. */
  readonly reply: WholeReply | Refusal;
}

/** Error bodies are small; what is larger is not one. */
const maxErrorBytes = 8 * 1024 * 1024;

/** Asks one target. A failure has been written down when this resolves; a success is written by who reads it. */
export async function sendAttempt(
  call: Call,
  prepared: Outgoing,
  target: PlannedTarget,
  firstByteMs: number,
): Promise<AttemptResult> {
  if (target.credentials.kind === 'missing')
    return { kind: 'failed', failure: 'auth', reply: target.credentials.refusal };
  const { clock, timeouts } = call.deps;
  const attempt = openAttempt(call, target, prepared);
  const { baseUrl } = target.provider;
  const sentAt = clock.monotonicMs();
  const send = isDemo(baseUrl) ? call.deps.demoUpstream : call.deps.upstream;
  try {
    const { headers, body } = outgoing(call, prepared, target);
    const response = await send({
      method: call.request.method,
      url: upstreamUrl(target.provider.config, baseUrl, pathFor(prepared.path, target.credentials), target.model),
      headers,
      body,
      signal: call.request.signal,
      timeouts: { firstByteMs, idleMs: timeouts.idleMs },
    });
    attempt.firstByteAtMs = clock.now();
    if (response.status < 300) return { kind: 'answered', attempt, response };
    return await failedReply(call, attempt, response);
  } catch (error) {
    if (!(error instanceof UpstreamFailed)) throw error;
    return failedConnection(call, attempt, error, firstByteMs);
  } finally {
    call.facts.upstreamMs += clock.monotonicMs() - sentAt;
  }
}

/** The request as this target gets it; the client's own bytes where nothing has to be changed. */
function outgoing(
  call: Call,
  { request, reading }: Outgoing,
  target: PlannedTarget,
): { readonly headers: HeaderPairs; readonly body: Uint8Array } {
  const streamOptions = asksForUsage(request, target.provider);
  const edits: Record<string, string> = {};
  if (target.model !== request.model) edits.model = JSON.stringify(target.model);
  if (streamOptions !== undefined) edits.stream_options = streamOptions;
  const plain = Object.keys(edits).length === 0 ? request.bytes : setMembers(request.bytes, edits);
  if (plain === undefined) throw new Error('a body that was parsed could not be spliced');
  const { packed } = call.facts;
  const body = plain === packed?.plain && !isDemo(target.provider.baseUrl) ? packed.sent : plain;
  const own = headersFor(call, target.provider, target.credentials);
  const fitting = packed === undefined || body === packed.sent ? own : unpacked(own);
  const headers = reading === undefined ? fitting : translatedHeaders(fitting, reading.from);
  // What is taken out of the stream again must not come compressed.
  return { body, headers: streamOptions === undefined ? headers : uncompressed(headers) };
}

/** A body that came compressed and was changed goes on unpacked. */
function unpacked(headers: HeaderPairs): HeaderPairs {
  return headers.filter(([name]) => name.toLowerCase() !== 'content-encoding');
}

async function failedReply(call: Call, attempt: OpenAttempt, response: ProxyResponse): Promise<FailedAttempt> {
  const bytes = (await readBody(response.body, maxErrorBytes)) ?? new Uint8Array();
  const plain = await decodeBody(bytes, headerOf(response.headers, 'content-encoding'));
  const failure = failureClassOf(response.status, errorIn(plain));
  endAttempt(call, attempt, {
    status: response.status,
    errorClass: failure,
    billing: { kind: 'notBilled', reason: 'the provider answered with an error' },
  });
  return {
    kind: 'failed',
    failure,
    reply: callersError(attempt, { status: response.status, headers: response.headers, bytes }, plain),
  };
}

function errorIn(plain: Uint8Array | undefined): JsonObject | undefined {
  const value = plain === undefined ? undefined : parseJson(Buffer.from(plain).toString('utf8'));
  return isJsonObject(value) ? value : undefined;
}

/** Whether the provider may have begun an answer, and may bill it. */
const unknownBilling = { kind: 'unknown', reason: 'no answer came; the provider may bill it' } as const;
const neverSent = { kind: 'notBilled', reason: 'the provider was not reached' } as const;

function failedConnection(call: Call, attempt: OpenAttempt, error: UpstreamFailed, firstByteMs: number): FailedAttempt {
  const { provider } = attempt.target;
  const isGone = error.failure === 'aborted' && call.request.signal.aborted;
  const failure = isGone ? 'clientGone' : error.failure === 'timeout' ? 'server' : 'connect';
  const wasSent = error.failure !== 'refused' && error.failure !== 'forbidden';
  endAttempt(call, attempt, {
    status: 0,
    errorClass: isGone ? 'clientGone' : error.failure,
    billing: wasSent ? unknownBilling : neverSent,
  });
  return { kind: 'failed', failure, reply: upstreamRefusal(provider, error, firstByteMs) };
}
