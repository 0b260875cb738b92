import type { Attribution } from '../attribution/attribution.ts';
import type { Config } from '../config/config.ts';
import type { RouteDecision } from '../routing/routeDecision.ts';
import type { JsonObject } from '../wire/json.ts';
import { parseRequest } from '../wire/parseRequest.ts';
import type { RequestPath } from '../wire/requestPath.ts';
import type { TranslatedEndpoint } from '../wire/translate/reading.ts';
import { endAttempt } from './attemptRow.ts';
import { type Call, closeCall, openCall } from './call.ts';
import type { EscalationParts } from './escalate.ts';
import { estimateBilling } from './estimateUsage.ts';
import { planDecided } from './plan.ts';
import { readRequestHeaders } from './requestHeaders.ts';
import { type CallAnswer, runAttempts } from './runAttempts.ts';
import { endAnswered, reportedBilling } from './settleAnswer.ts';

/** Something that Tollgate itself asks a model because of a client's call. It is a call with a row and limits of its own. */
export interface OwnQuestion {
  /** What its row has for a route, so that its spend is told apart. */
  readonly purpose: string;
  readonly alias: string;
  readonly endpoint: TranslatedEndpoint;
  /** Without `model`, not streamed. */
  readonly body: JsonObject;
  readonly attribution: Attribution;
  readonly config: Config;
  readonly meantFor: string;
  /** Ends the question; it carries the timeout. */
  readonly signal: AbortSignal;
}

export type OwnAnswer =
  | { readonly kind: 'answered'; readonly reply: JsonObject }
  | { readonly kind: 'failed'; readonly because: 'limit' | 'timeout' | 'noAnswer' };

export type OwnCallParts = Pick<EscalationParts, 'records' | 'admit'>;

const paths: Readonly<Record<TranslatedEndpoint, string>> = {
  'chat.completions': '/chat/completions',
  messages: '/messages',
  responses: '/responses',
};

/** What belongs to the client's own request and to no other. */
const clientsOwn =
  /^(?:content-encoding|idempotency-key|accept|accept-encoding|x-tollgate-.*|x-stainless-retry-count)$/i;

/** Asks; never throws for what can be expected. What was never sent has no row. */
export async function askOwn(parent: Call, question: OwnQuestion, parts: OwnCallParts): Promise<OwnAnswer> {
  const { purpose, alias, endpoint, meantFor, signal } = question;
  const bytes = Buffer.from(JSON.stringify({ ...question.body, model: alias }));
  const parsed = parseRequest(endpoint, bytes);
  if ('problem' in parsed) throw new Error(`a question of our own is ${parsed.problem}`);
  const call = openOwn(parent, question, bytes);
  const decision: RouteDecision = { rule: purpose, alias, reason: 'match', isProbe: false, notes: [] };
  const plan = planDecided(call, parsed.request, meantFor, decision);
  if ('status' in plan) return failed('noAnswer');
  call.facts.decision = decision;
  const admitted = await parts.admit(call, parsed.request, plan);
  if ('status' in admitted) return failed('limit');
  // An answer that has to be shorter than the client's own would be held against the model.
  if (admitted.headers.some(([name]) => name === 'x-tollgate-output-limit')) {
    call.facts.settle?.(0);
    return failed('limit');
  }
  const answer = await runAttempts(call, admitted.request, admitted.plan, parts.records);
  const reply = await written(call, answer);
  if (reply !== undefined) return { kind: 'answered', reply };
  return failed(signal.aborted ? 'timeout' : 'noAnswer');
}

function failed(because: Extract<OwnAnswer, { kind: 'failed' }>['because']): OwnAnswer {
  return { kind: 'failed', because };
}

function openOwn(parent: Call, { endpoint, attribution, config, signal, alias }: OwnQuestion, body: Uint8Array): Call {
  const headers = parent.request.headers.filter(([name]) => !clientsOwn.test(name));
  const path: RequestPath = { provider: undefined, rest: paths[endpoint], versioned: true, query: '', endpoint };
  const request = { ...parent.request, method: 'POST', path: `/v1${path.rest}`, headers, body, signal };
  const call = { ...openCall(parent.deps, request, path, readRequestHeaders(headers), parent.background), config };
  call.facts.attribution = attribution;
  call.facts.modelRequested = alias;
  return call;
}

/** Writes the call down with its attempts. Undefined where no answer came. */
async function written(call: Call, answer: CallAnswer): Promise<JsonObject | undefined> {
  if (answer.kind === 'failed') {
    call.facts.errorClass = call.request.signal.aborted ? 'timeout' : answer.failure;
    closeCall(call, answer.reply.status);
    return undefined;
  }
  const { attempt } = answer;
  if (answer.kind === 'stream') {
    await answer.stream.rest.return?.();
    const billing = {
      kind: 'unknown',
      reason: 'a stream came that was not asked for; the provider may bill it',
    } as const;
    endAttempt(call, attempt, { status: answer.response.status, errorClass: 'server', billing });
    closeCall(call, answer.response.status);
    return undefined;
  }
  const { reply, read } = answer;
  const facts = read?.facts ?? {};
  const because = 'the provider sent no usage';
  const billing =
    reportedBilling(attempt.sent, facts) ??
    (await estimateBilling(call, attempt.sent, attempt.target, facts, read?.json() ?? '', because));
  endAnswered(call, attempt, reply.status, facts, billing);
  closeCall(call, reply.status);
  return read?.value;
}
