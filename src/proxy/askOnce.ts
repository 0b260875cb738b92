import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { streamErrorEvent } from '../wire/streamNotes.ts';
import { type Call, clientClosed, closeCall } from './call.ts';
import { type Refusal, streamBroken } from './errors.ts';
import type { ProxyResponse } from './exchange.ts';
import { explainHeaders, plainCacheHeader } from './explainHeaders.ts';
import type { Flight, Flights, LedFlight } from './flights.ts';
import { type LiveStream, type StreamEnd, streamOptionsOf } from './liveStream.ts';
import { replayFlight } from './replay.ts';

export interface Asking {
  readonly call: Call;
  readonly request: ParsedRequest;
  readonly flights: Flights;
  readonly key: string;
  /** Asks the targets; `led` is what others may join, absent where nobody does. */
  readonly ask: (call: Call, led: LedFlight | undefined) => Promise<ProxyResponse | Refusal>;
}

/** Takes part in the answer to the same question in flight, or asks it and lets others take part. */
export async function askOnce(asking: Asking): Promise<ProxyResponse | Refusal> {
  const { call, flights, key, ask } = asking;
  const flight = flights.join(key);
  if (flight !== undefined) {
    // The one that asked has failed, or its answer is not for sharing: each asks for itself.
    return (await join(asking, flight)) ?? ask(call, undefined);
  }
  const led = flights.lead(key);
  call.request.signal.addEventListener('abort', led.leave, { once: true });
  try {
    // The upstream is to go on for as long as anybody wants the answer.
    const answer = await ask({ ...call, request: { ...call.request, signal: led.signal } }, led);
    if ('message' in answer) led.land(undefined);
    return answer;
  } catch (error) {
    led.land(undefined);
    throw error;
  }
}

async function join({ call, request }: Asking, flight: Flight): Promise<ProxyResponse | undefined> {
  const { clock } = call.deps;
  const waitedFrom = clock.monotonicMs();
  const leave = flight.stay();
  call.request.signal.addEventListener('abort', leave, { once: true });
  const waited = (): void => {
    call.facts.upstreamMs += clock.monotonicMs() - waitedFrom;
  };
  const live = request.stream ? await flight.live : undefined;
  if (live !== undefined && isSame(live, request)) {
    waited();
    return takePart(call, request, live, leave);
  }
  const landed = await flight.landed;
  waited();
  leave();
  return landed && replayFlight(call, request, landed);
}

function isSame(live: LiveStream, request: ParsedRequest): boolean {
  return live.endpoint === request.endpoint && live.streamOptions === streamOptionsOf(request.body);
}

/** Serves a stream that another call has asked for, from its beginning. */
function takePart(call: Call, request: ParsedRequest, live: LiveStream, leave: () => void): ProxyResponse {
  const { provider, model } = live;
  call.facts.cache = 'joined';
  call.facts.cacheReason = 'in-flight';
  call.facts.model = `${provider}/${model}`;
  const headers = explainHeaders(call, { provider, model, costed: true });
  const last = ({ rest, errorClass, row }: StreamEnd): Uint8Array => {
    if (errorClass !== undefined) call.facts.errorClass = errorClass;
    if (row?.costPicoUsd !== undefined) call.facts.savedPicoUsd = row.costPicoUsd;
    closeCall(call, 200);
    leave();
    return errorClass === 'streamIncomplete'
      ? Buffer.concat([rest, streamErrorEvent(request.endpoint, streamBroken(provider))])
      : rest;
  };
  const onLeft = (): void => {
    call.facts.errorClass = 'clientGone';
    closeCall(call, clientClosed);
    leave();
  };
  return {
    status: 200,
    headers: [['content-type', 'text/event-stream; charset=utf-8'], ...headers, plainCacheHeader(call)],
    body: live.read(last, onLeft),
  };
}
