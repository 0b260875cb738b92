import { type AttributionRules, readAttribution } from '../attribution/readAttribution.ts';
import type { CacheLookup } from '../cache/answerCache.ts';
import { readDirectives } from '../cache/readDirectives.ts';
import { decodeBody, isKnownCoding, isPlain } from '../wire/contentCoding.ts';
import type { BodyEndpoint, ParsedRequest } from '../wire/parsedRequest.ts';
import { parseRequest } from '../wire/parseRequest.ts';
import { admitCall, admitThere } from './admitCall.ts';
import { answerScope } from './answerScope.ts';
import { askOnce } from './askOnce.ts';
import type { Call } from './call.ts';
import { countHere } from './countHere.ts';
import {
  badBody,
  badCompression,
  bodyTooLarge,
  notInCache,
  otherUpstream,
  piiInMetadata,
  type Refusal,
  unknownCoding,
} from './errors.ts';
import { type CameAnswer, type EscalationParts, escalate } from './escalate.ts';
import type { ProxyResponse } from './exchange.ts';
import type { Flights } from './flights.ts';
import { type CallPlan, planCall } from './plan.ts';
import { readBody } from './readBody.ts';
import { replayFound } from './replay.ts';
import { passFailure } from './respond.ts';
import type { RoutingParts } from './routeCall.ts';
import { runAttempts } from './runAttempts.ts';
import type { AnswerSinks } from './settleAnswer.ts';
import { answerStream } from './streamAnswer.ts';
import type { HealthRecords } from './targetHealth.ts';
import { watchAnswer } from './watchAnswer.ts';
import { answerWhole } from './wholeAnswer.ts';

/** What calls share within one proxy. */
export interface Meter extends HealthRecords, RoutingParts {
  readonly flights: Flights;
  readonly findPii: AttributionRules['findPii'];
}

/** Serves a call whose body is read: limits, then the cache, then the targets. */
export async function serveMetered(
  call: Call,
  endpoint: BodyEndpoint,
  meantFor: string,
  meter: Meter,
): Promise<ProxyResponse | Refusal> {
  const parsed = await readRequest(call, endpoint);
  if ('status' in parsed) return parsed;
  const rejected = attribute(call, parsed, meter);
  if (rejected !== undefined) return rejected;
  const plan = await planCall(call, parsed, meantFor, meter);
  if ('status' in plan) return countedElsewhere(call, parsed) ?? plan;
  const admitted = await admitCall(call, parsed, plan, meantFor);
  if ('status' in admitted) return admitted;
  const answer = await lookUpOrAsk(call, admitted.request, admitted.plan, meter);
  return 'message' in answer || admitted.headers.length === 0
    ? answer
    : { ...answer, headers: [...answer.headers, ...admitted.headers] };
}

/** Counting is all that an alias of models of the other dialect can be asked for without asking them. */
function countedElsewhere(call: Call, request: ParsedRequest): Promise<ProxyResponse> | undefined {
  const first = request.endpoint === 'messages.count_tokens' ? call.facts.alias?.config.targets[0] : undefined;
  return first && countHere(call, request, first);
}

async function readRequest(call: Call, endpoint: BodyEndpoint): Promise<ParsedRequest | Refusal> {
  const { request, deps, headers, facts } = call;
  const coding = headers.values.get('content-encoding');
  if (coding !== undefined && !isPlain(coding) && !isKnownCoding(coding)) return unknownCoding();
  const reading = readBody(request.body, deps.maxBodyBytes);
  const sent = reading instanceof Promise ? await reading : reading;
  if (sent === undefined) return bodyTooLarge(deps.maxBodyBytes);
  const bytes = isPlain(coding) ? sent : await decodeBody(sent, coding, deps.maxBodyBytes);
  if (bytes === undefined) return badCompression(deps.maxBodyBytes);
  if (bytes !== sent) facts.packed = { sent, plain: bytes };
  const parsed = parseRequest(endpoint, bytes, call.path.deployment?.name);
  if ('problem' in parsed) return badBody(parsed.problem);
  const { model, stream, body } = parsed.request;
  if (model !== '') facts.modelRequested = model;
  facts.stream = stream;
  const baseField = ['api_base', 'base_url'].find((field) => typeof body[field] === 'string');
  return baseField === undefined ? parsed.request : otherUpstream(baseField);
}

function attribute(call: Call, request: ParsedRequest, { findPii }: Meter): Refusal | undefined {
  const { config, deps, headers } = call;
  const rules = { config: config.attribution, pseudonymKey: deps.pseudonymKey, findPii };
  const reading = readAttribution({ headers: headers.values, body: request.body }, rules);
  if (reading.kind === 'rejected') return piiInMetadata(reading.found.field, reading.found.kind);
  call.facts.attribution = reading.attribution;
  return undefined;
}

async function lookUpOrAsk(
  call: Call,
  request: ParsedRequest,
  plan: CallPlan,
  meter: Meter,
): Promise<ProxyResponse | Refusal> {
  if (request.endpoint === 'messages.count_tokens') return ask(call, request, plan, meter, noSinks);
  const { directives, namespace } = readDirectives(call.request.headers, request.body);
  const scope = answerScope(call, plan.targets[0], namespace, meter.digest);
  const asking = { callId: call.id, route: call.facts.decision?.rule };
  const lookup = await call.deps.answerCache.lookup(request, scope, directives, call.config.cache, asking);
  call.facts.cache = lookup.outcome;
  if (lookup.reason !== undefined) call.facts.cacheReason = lookup.reason;
  if ('found' in lookup && lookup.found.costPicoUsd !== undefined) call.facts.savedPicoUsd = lookup.found.costPicoUsd;
  if (isHit(lookup)) {
    const replayed = replayFound(call, request, lookup.found, scope.provider);
    if (replayed !== undefined) return replayed;
    call.facts.cache = 'miss';
    delete call.facts.savedPicoUsd;
  }
  if (directives.onlyIfCached) return notInCache();
  if ('watched' in lookup && lookup.watched !== undefined) call.facts.watched = lookup.watched;
  const ticket = 'ticket' in lookup ? lookup.ticket : undefined;
  const flightKey = 'flightKey' in lookup ? lookup.flightKey : undefined;
  if (flightKey === undefined) return ask(call, request, plan, meter, { ticket, led: undefined });
  return askOnce({
    call,
    request,
    flights: meter.flights,
    key: flightKey,
    ask: (asking, led) => ask(asking, request, plan, meter, { ticket, led }),
  });
}

const noSinks: AnswerSinks = { ticket: undefined, led: undefined };

type Hit = Extract<CacheLookup, { outcome: 'hitExact' | 'hitWording' | 'hitSemantic' }>;

function isHit(lookup: CacheLookup): lookup is Hit {
  return lookup.outcome === 'hitExact' || lookup.outcome === 'hitWording' || lookup.outcome === 'hitSemantic';
}

async function ask(
  call: Call,
  request: ParsedRequest,
  plan: CallPlan,
  meter: Meter,
  sinks: AnswerSinks,
): Promise<ProxyResponse | Refusal> {
  const watch = watchAnswer(call, request);
  watch?.asked();
  const answer = await runAttempts(call, request, plan, meter);
  if (answer.kind === 'failed') {
    watch?.failed(answer.failure);
    sinks.led?.land(undefined);
    return passFailure(call, answer);
  }
  if (watch === undefined) return deliver(call, request, answer, sinks);
  const escalated = await escalate(call, request, answer, watch, {
    records: meter,
    admit: admitThere,
    remember: rememberIn(meter),
  });
  if (escalated.kind === 'response') {
    sinks.led?.land(undefined);
    return escalated.response;
  }
  const { watch: last } = escalated;
  const delivered = deliver(call, escalated.request, escalated.answer, last ? { ...sinks, watch: last } : sinks);
  return { ...delivered, headers: [...delivered.headers, ...escalated.headers] };
}

function rememberIn({ router }: Meter): EscalationParts['remember'] {
  return ({ facts: { routing } }, decision) => {
    if (routing !== undefined) router.escalated(routing.question, decision);
  };
}

function deliver(call: Call, request: ParsedRequest, answer: CameAnswer, sinks: AnswerSinks): ProxyResponse {
  if (answer.kind === 'whole')
    return answerWhole(call, request, answer.attempt, answer.reply, answer.read, answer.fallback, sinks);
  return answerStream(call, request, answer.attempt, answer.response, answer.stream, answer.fallback, sinks);
}
