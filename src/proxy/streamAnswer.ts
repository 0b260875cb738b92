import { isPlain } from '../wire/contentCoding.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { streamComment, streamErrorEvent } from '../wire/streamNotes.ts';
import { asksForUsage } from './asksForUsage.ts';
import type { OpenAttempt } from './attemptRow.ts';
import { type Call, costSoFar } from './call.ts';
import type { Provider } from './chooseProvider.ts';
import { passCoded } from './codedStream.ts';
import { streamBroken } from './errors.ts';
import type { ProxyResponse } from './exchange.ts';
import { explainHeaders, statusText, usdText } from './explainHeaders.ts';
import type { LedFlight } from './flights.ts';
import { createLiveStream, type StreamEnd, streamOptionsOf } from './liveStream.ts';
import type { OpenedStream } from './openStream.ts';
import { type Passage, plainPassage, translatedPassage } from './passage.ts';
import { headerOf, readResponseHeaders } from './requestHeaders.ts';
import { answerHeaders } from './respond.ts';
import type { AnswerSinks } from './settleAnswer.ts';
import { createStreamSettler, type StreamSettler } from './streamSettler.ts';
import { callersHeaders } from './translation.ts';
import { UpstreamFailed } from './upstreamFailed.ts';

/** A stream on its way to the client. */
interface Passing {
  readonly call: Call;
  readonly request: ParsedRequest;
  readonly attempt: OpenAttempt;
  readonly stream: OpenedStream;
  readonly settler: StreamSettler;
}

/** Passes an event stream on as it comes, reading a copy. */
export function answerStream(
  call: Call,
  request: ParsedRequest,
  attempt: OpenAttempt,
  response: ProxyResponse,
  stream: OpenedStream,
  fallback: string | undefined,
  sinks: AnswerSinks,
): ProxyResponse {
  const { provider, model } = attempt.target;
  const explained = explainHeaders(call, {
    provider: provider.name,
    model: stream.reader.events.facts().model ?? model,
    costed: false,
    ...(fallback === undefined ? {} : { fallback }),
  });
  const settler = createStreamSettler(call, request, attempt, response.status, stream, sinks);
  const passing = { call, request, attempt, stream, settler };
  const coding = headerOf(response.headers, 'content-encoding');
  const passage = passageFor(attempt, provider);
  const body =
    coding !== undefined && !isPlain(coding)
      ? passCoded(stream, settler, coding, () => call.request.signal.aborted)
      : sinks.led === undefined
        ? passEvents(passing, passage)
        : shareEvents(passing, passage, sinks.led);
  const passed = readResponseHeaders(response.headers, 'content-length');
  const headers = answerHeaders(call, attempt.reading === undefined ? passed : callersHeaders(passed), explained);
  return { status: response.status, headers, body };
}

/** Whole events as soon as they are whole; the bytes are the upstream's own but where usage has to be hidden. */
function passEvents(passing: Passing, passage: Passage): AsyncIterable<Uint8Array> {
  const { draw, stop } = sourceOf(passing, passage);
  let isOver = false;

  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (isOver) return { done: true, value: undefined };
    const drawn = await draw();
    if (drawn instanceof Uint8Array) return { done: false, value: drawn };
    isOver = true;
    const value = lastBytes(passing, drawn);
    return value.byteLength > 0 ? { done: false, value } : { done: true, value: undefined };
  };
  const leave = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    isOver = true;
    await stop();
    return { done: true, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: leave }) };
}

/** As `passEvents`, for as long as any of those that share the answer reads it. */
function shareEvents(passing: Passing, passage: Passage, led: LedFlight): AsyncIterable<Uint8Array> {
  const { call, request, attempt, stream } = passing;
  const { draw, stop } = sourceOf(passing, passage);
  const live = createLiveStream(
    {
      endpoint: request.endpoint,
      streamOptions: streamOptionsOf(request.body),
      provider: attempt.target.provider.name,
      model: stream.reader.events.facts().model ?? attempt.target.model,
    },
    draw,
  );
  led.signal.addEventListener('abort', () => void stop(), { once: true });
  led.goLive(live);
  return live.read(
    (end) => lastBytes(passing, end),
    () => {
      // The others read on; the row says that the one who asked did not.
      call.facts.errorClass = 'clientGone';
      led.leave();
    },
  );
}

interface EventSource {
  /** The next whole events, never empty; at the end of the stream, whether it closed or broke, how it ended. */
  draw(): Promise<Uint8Array | StreamEnd>;
  /** The client has gone where the stream is not at its end: what was generated for it is still to be paid. */
  stop(): Promise<void>;
}

function sourceOf({ call, stream, settler }: Passing, passage: Passage): EventSource {
  const begun = [...stream.begun];
  const take = (): Promise<Uint8Array | StreamEnd> =>
    stream.rest.next().then(
      (next) => {
        if (next.done === true) return end();
        stream.reader.push(next.value);
        return passage.pass(next.value);
      },
      (error: unknown) => {
        if (!(error instanceof UpstreamFailed)) throw error;
        call.deps.log.debug(`call ${call.id}: the stream broke (${error.failure} ${error.code ?? ''})`);
        return end();
      },
    );
  const end = (): StreamEnd => {
    const rest = passage.last(stream.reader);
    const { ended, error } = stream.reader.events;
    const isGone = call.request.signal.aborted;
    const row = settler.settle(isGone);
    const errorClass =
      error !== undefined ? 'upstreamError' : ended ? undefined : isGone ? 'clientGone' : 'streamIncomplete';
    return { rest, ...(errorClass === undefined ? {} : { errorClass }), ...(row === undefined ? {} : { row }) };
  };
  return {
    async draw() {
      for (;;) {
        const first = begun.shift();
        const drawn = first === undefined ? await take() : passage.pass(first);
        if (!(drawn instanceof Uint8Array) || drawn.byteLength > 0) return drawn;
      }
    },
    async stop() {
      settler.settle(true);
      await stream.rest.return?.();
    },
  };
}

const nothing = new Uint8Array();

/** How the bytes of an attempt that streams go on to the client. */
export function passageFor({ reading, sent }: OpenAttempt, provider: Provider): Passage {
  return reading === undefined ? plainPassage(asksForUsage(sent, provider) !== undefined) : translatedPassage(reading);
}

/** What ends the client's copy: the cost as a comment, or an error event where the answer is not whole. */
function lastBytes({ call, request, attempt }: Passing, { rest, errorClass, row }: StreamEnd): Uint8Array {
  if (errorClass === 'clientGone') return nothing;
  if (errorClass === 'streamIncomplete')
    return Buffer.concat([rest, streamErrorEvent(request.endpoint, streamBroken(attempt.target.provider.name))]);
  return row === undefined ? rest : Buffer.concat([rest, costComment(call, statusText(row))]);
}

function costComment(call: Call, status: string): Uint8Array {
  const cost = status === 'unpriced' ? {} : { cost_usd: usdText(costSoFar(call)) };
  return streamComment('x-tollgate', { ...cost, cost_status: status, call_id: call.id });
}
