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
  const body =
    coding === undefined || isPlain(coding)
      ? passEvents(passing, passageFor(attempt, provider))
      : passCoded(stream, settler, coding, () => call.request.signal.aborted);
  const passed = readResponseHeaders(response.headers, 'content-length');
  const headers = answerHeaders(call, attempt.reading === undefined ? passed : callersHeaders(passed), explained);
  return { status: response.status, headers, body };
}

/** Whole events as soon as they are whole; the bytes are the upstream's own but where usage has to be hidden. */
function passEvents(passing: Passing, passage: Passage): AsyncIterable<Uint8Array> {
  const { stream, settler } = passing;
  const begun = [...stream.begun];
  let isOver = false;

  const pull = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    while (!isOver) {
      const value = begun.length > 0 ? passage.pass(begun.shift() ?? nothing) : await take();
      if (value.byteLength > 0) return { done: false, value };
    }
    return { done: true, value: undefined };
  };
  /** The next piece for the client; the last one at the end of the stream, whether it closed or broke. */
  const take = (): Promise<Uint8Array> =>
    stream.rest.next().then(
      (next) => {
        if (next.done === true) return end();
        stream.reader.push(next.value);
        return passage.pass(next.value);
      },
      (error: unknown) => {
        if (!(error instanceof UpstreamFailed)) throw error;
        const { deps, id } = passing.call;
        deps.log.debug(`call ${id}: the stream broke (${error.failure} ${error.code ?? ''})`);
        return end();
      },
    );
  const end = (): Uint8Array => {
    isOver = true;
    return lastBytes(passing, passage);
  };
  // The client has gone where the stream is not at its end: what was generated for it is still to be paid.
  const stop = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    isOver = true;
    settler.settle(true);
    await stream.rest.return?.();
    return { done: true, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next: pull, return: stop }) };
}

const nothing = new Uint8Array();

function passageFor({ reading, sent }: OpenAttempt, provider: Provider): Passage {
  return reading === undefined ? plainPassage(asksForUsage(sent, provider) !== undefined) : translatedPassage(reading);
}

/** What ends the client's copy: the cost as a comment, or an error event where the answer is not whole. */
function lastBytes({ call, request, attempt, stream, settler }: Passing, passage: Passage): Uint8Array {
  const last = passage.last(stream.reader);
  const { ended, error } = stream.reader.events;
  const isGone = call.request.signal.aborted;
  const row = settler.settle(isGone);
  if (ended || error !== undefined)
    return row === undefined ? last : Buffer.concat([last, costComment(call, statusText(row))]);
  const broken = streamErrorEvent(request.endpoint, streamBroken(attempt.target.provider.name));
  return isGone ? nothing : Buffer.concat([last, broken]);
}

function costComment(call: Call, status: string): Uint8Array {
  const cost = status === 'unpriced' ? {} : { cost_usd: usdText(costSoFar(call)) };
  return streamComment('x-tollgate', { ...cost, cost_status: status, call_id: call.id });
}
