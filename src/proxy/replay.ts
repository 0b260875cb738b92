import type { Found } from '../cache/answerCache.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { replayAnswer } from '../wire/replayAnswer.ts';
import type { StoredAnswer } from '../wire/storedAnswer.ts';
import { type Call, closeCall } from './call.ts';
import type { ProxyResponse } from './exchange.ts';
import { explainHeaders, plainCacheHeader } from './explainHeaders.ts';
import type { FlightAnswer } from './flights.ts';

/** Serves a kept answer; undefined where it cannot be told in the form that is asked for. */
export function replayFound(
  call: Call,
  request: ParsedRequest,
  found: Found,
  provider: string,
): ProxyResponse | undefined {
  const body = replayAnswer(found.answer, request);
  if (body === undefined) return undefined;
  const notes = [`age=${Math.floor(found.ageMs / 1000)}`, `entry=${found.entryId}`];
  if (found.similarity !== undefined) notes.unshift(`sim=${found.similarity.toFixed(3)}`);
  call.facts.cacheNotes = notes;
  return replayed(call, request, found.answer, provider, body);
}

/** Serves the answer another call has just got for the same question. */
export function replayFlight(call: Call, request: ParsedRequest, landed: FlightAnswer): ProxyResponse | undefined {
  const body = replayAnswer(landed.answer, request);
  if (body === undefined) return undefined;
  call.facts.cache = 'joined';
  call.facts.cacheReason = 'in-flight';
  if (landed.costPicoUsd !== undefined) call.facts.savedPicoUsd = landed.costPicoUsd;
  return replayed(call, request, landed.answer, landed.provider, body);
}

function replayed(
  call: Call,
  request: ParsedRequest,
  answer: StoredAnswer,
  provider: string,
  body: Uint8Array,
): ProxyResponse {
  call.facts.model = `${provider}/${answer.model}`;
  closeCall(call, 200);
  return {
    status: 200,
    headers: [
      ['content-type', request.stream ? 'text/event-stream; charset=utf-8' : 'application/json'],
      ...(request.stream ? [] : ([['content-length', String(body.byteLength)]] as const)),
      ...explainHeaders(call, { provider, model: answer.model, costed: true }),
      plainCacheHeader(call),
    ],
    body,
  };
}
