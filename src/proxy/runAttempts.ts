import type { FallbackConfig } from '../config/config.ts';
import { type AttemptBudget, createAttemptBudget } from '../routing/attemptBudget.ts';
import { type AttemptFailure, failureClassOf } from '../routing/failureClass.ts';
import { retryAfterMs } from '../routing/retryAfter.ts';
import { retryWaitMs } from '../routing/retryWait.ts';
import { isPlain } from '../wire/contentCoding.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { ReplyFacts } from '../wire/replyFacts.ts';
import { endAttempt, type OpenAttempt } from './attemptRow.ts';
import type { Call } from './call.ts';
import { answerBroken, streamBroken } from './errors.ts';
import type { ProxyResponse } from './exchange.ts';
import { awaitContent, type OpenedStream, openStream } from './openStream.ts';
import type { CallPlan, PlannedTarget } from './plan.ts';
import { readBody } from './readBody.ts';
import { type ReadReply, readReplyBody } from './readReplyBody.ts';
import { attemptsAsked, headerOf } from './requestHeaders.ts';
import { type AttemptResult, type FailedAttempt, sendAttempt, type WholeReply } from './sendAttempt.ts';
import { type HealthRecords, healthOf } from './targetHealth.ts';
import { callersReply, type Outgoing, prepare } from './translation.ts';
import { UpstreamFailed } from './upstreamFailed.ts';

export type CallAnswer =
  | {
      readonly kind: 'whole';
      readonly attempt: OpenAttempt;
      readonly reply: WholeReply;
      /** Undefined where the provider answers with something else than JSON. */
      readonly read: ReadReply | undefined;
      readonly fallback?: string;
    }
  | {
      readonly kind: 'stream';
      readonly attempt: OpenAttempt;
      readonly response: ProxyResponse;
      readonly stream: OpenedStream;
      readonly fallback?: string;
    }
  | FailedAttempt;

type Answered = Exclude<AttemptResult, FailedAttempt>;
type MayContinue = (failure: AttemptFailure) => boolean;

/** Larger JSON answers than any provider's. */
const maxReplyBytes = 256 * 1024 * 1024;

/**
 * Asks the targets in order until one answers or the budget is spent. Before the first content event only: afterwards
 * the client has part of an answer, and another one would repeat it.
 */
export async function runAttempts(
  call: Call,
  request: ParsedRequest,
  plan: CallPlan,
  records: HealthRecords,
): Promise<CallAnswer> {
  const { clock, timeouts } = call.deps;
  const budget = createAttemptBudget(lowered(plan.fallback, call), call.startedMonotonicMs);
  const health = healthOf(call, askable(plan), records);
  const { targets, passedOver } = health;
  let fallback = passedOver && leftFor(passedOver, 'cooling');
  let failed: FailedAttempt | undefined;
  let refused: FailedAttempt | undefined;
  let made = 0;
  for (const [index, target] of targets.entries()) {
    const outgoing = prepare(call, request, target);
    if ('message' in outgoing) {
      refused ??= { kind: 'failed', failure: 'client', reply: outgoing };
      continue;
    }
    const left = targets.length - index - 1;
    for (let tries = 1; ; tries += 1) {
      const nth = ++made;
      const isLast = left === 0 || nth >= budget.maxAttempts;
      const firstByteMs = budget.firstByteMs(firstByteLimit(call, timeouts.firstByteMs), isLast, clock.monotonicMs());
      const mayContinue: MayContinue = (failure) => {
        const nowMs = clock.monotonicMs();
        return (
          budget.mayContinue(failure, nth, left, nowMs) || (tries === 1 && budget.mayRepeat(failure, nth, left, nowMs))
        );
      };
      health.asked(target);
      const outcome = await attemptTarget(call, outgoing, target, firstByteMs, mayContinue);
      if (outcome.kind !== 'failed') health.answered(target);
      if (outcome.kind !== 'failed') return fallback === undefined ? outcome : { ...outcome, fallback };
      failed = outcome;
      health.failed(target, outcome);
      if (outcome.failure === 'clientGone' || call.request.signal.aborted) return outcome;
      const repeats = budget.mayRepeat(outcome.failure, nth, left, clock.monotonicMs());
      if (!repeats || !(await waitToRepeat(call, outcome, tries, left, budget))) break;
      if (call.request.signal.aborted) return outcome;
    }
    if (failed === undefined || failed.failure === 'clientGone') break;
    if (!budget.mayContinue(failed.failure, made, left, clock.monotonicMs())) return failed;
    fallback ??= leftFor(target, failed.failure);
  }
  const last = failed ?? refused;
  if (last === undefined) throw new Error('a plan without targets was run');
  return last;
}

/** Whether the same target is to be asked once more, after it has been left alone for as long as it asked for. */
async function waitToRepeat(
  call: Call,
  { failure, reply }: FailedAttempt,
  tries: number,
  left: number,
  budget: AttemptBudget,
): Promise<boolean> {
  if (failure === 'clientGone') return false;
  const { clock, random } = call.deps;
  const headers = 'headers' in reply ? reply.headers : [];
  const waitMs = retryWaitMs(
    {
      failure,
      tries,
      retryAfterMs: retryAfterMs((name) => headerOf(headers, name), clock.now()),
      left,
      remainingMs: budget.remainingMs(clock.monotonicMs()),
    },
    random,
  );
  if (waitMs === undefined) return false;
  const waitedFrom = clock.monotonicMs();
  await clock.wait(waitMs, call.request.signal);
  call.facts.upstreamMs += clock.monotonicMs() - waitedFrom;
  return true;
}

function leftFor({ provider, model }: PlannedTarget, reason: string): string {
  return `from=${provider.name}/${model};class=${reason}`;
}

/** Who cannot be asked for want of a key must not hide what went wrong with those that were: only the first may say so. */
function askable({ targets: [first, ...others] }: CallPlan): readonly PlannedTarget[] {
  return [first, ...others.filter(({ credentials }) => credentials.kind !== 'missing')];
}

/** A client may ask for fewer attempts, never for more. */
function lowered(fallback: FallbackConfig, { headers }: Call): FallbackConfig {
  const asked = attemptsAsked(headers);
  return asked !== undefined && asked < fallback.maxAttempts ? { ...fallback, maxAttempts: asked } : fallback;
}

/** A client may only shorten: by our header, by the foreign ones, or by what its SDK will wait anyway. */
function firstByteLimit(call: Call, configuredMs: number): number {
  const { values } = call.headers;
  const asked = [
    milliseconds(values.get('x-tollgate-timeout-ms'), 1),
    milliseconds(values.get('x-portkey-request-timeout'), 1),
    milliseconds(values.get('x-litellm-timeout'), 1000),
    milliseconds(values.get('x-stainless-timeout'), 1000),
  ];
  return Math.min(configuredMs, ...asked);
}

function milliseconds(value: string | undefined, unit: number): number {
  const number = Number(value);
  return value !== undefined && number > 0 ? number * unit : Number.POSITIVE_INFINITY;
}

async function attemptTarget(
  call: Call,
  outgoing: Outgoing,
  target: PlannedTarget,
  firstByteMs: number,
  mayContinue: MayContinue,
): Promise<CallAnswer> {
  const result = await sendAttempt(call, outgoing, target, firstByteMs);
  if (result.kind === 'failed') return result;
  const { attempt, response } = result;
  const waitedFrom = call.deps.clock.monotonicMs();
  try {
    if (isEventStream(response)) return await startStream(call, result, mayContinue);
    const bytes = await readBody(response.body, maxReplyBytes);
    if (bytes === undefined) return brokenAnswer(call, attempt, response.status, 'the answer is too large');
    const reply = { status: response.status, headers: response.headers, bytes };
    const read = await readReplyBody(attempt.sent, reply);
    if (read === 'malformed')
      return brokenAnswer(call, attempt, response.status, 'the answer is not the JSON that it says it is');
    if (attempt.reading === undefined) return { kind: 'whole', attempt, reply, read };
    const translated = callersReply(reply, read, attempt.reading);
    if (translated === undefined)
      return brokenAnswer(call, attempt, response.status, 'the answer is none of the provider’s dialect', read?.facts);
    return { kind: 'whole', attempt, reply: translated.reply, read: translated.read };
  } catch (error) {
    if (!(error instanceof UpstreamFailed)) throw error;
    return brokenAnswer(call, attempt, response.status, 'the answer broke off; the provider may bill it');
  } finally {
    call.facts.upstreamMs += call.deps.clock.monotonicMs() - waitedFrom;
  }
}

/** Nobody will read the rest. */
async function closeBody({ body }: ProxyResponse): Promise<void> {
  if (!(body instanceof Uint8Array)) await body[Symbol.asyncIterator]().return?.();
}

function isEventStream({ headers }: ProxyResponse): boolean {
  return headerOf(headers, 'content-type')?.toLowerCase().startsWith('text/event-stream') === true;
}

async function startStream(call: Call, { attempt, response }: Answered, mayContinue: MayContinue): Promise<CallAnswer> {
  const isReadable = isPlain(headerOf(response.headers, 'content-encoding'));
  if (attempt.reading !== undefined && !isReadable) {
    await closeBody(response);
    return brokenAnswer(call, attempt, response.status, 'the stream is compressed, though it was not to be');
  }
  const stream = openStream(attempt.sent, response);
  if (!isReadable || !canEverContinue(mayContinue)) return { kind: 'stream', attempt, response, stream };
  const start = await awaitContent(stream);
  const failure = failureClassOf(200, stream.reader.events.error);
  if (!start.broken || !mayContinue(failure)) return { kind: 'stream', attempt, response, stream: start.stream };
  await stream.rest.return?.();
  endAttempt(call, attempt, {
    status: response.status,
    errorClass: failure,
    facts: stream.reader.events.facts(),
    billing: { kind: 'unknown', reason: 'the stream broke before any content; the provider may bill its input' },
  });
  return { kind: 'failed', failure, reply: streamBroken(attempt.target.provider.name) };
}

/** The classes a stream can fail by before its content. */
function canEverContinue(mayContinue: MayContinue): boolean {
  return mayContinue('overload') || mayContinue('server') || mayContinue('quota') || mayContinue('context');
}

function brokenAnswer(
  call: Call,
  attempt: OpenAttempt,
  status: number,
  reason: string,
  facts?: ReplyFacts,
): FailedAttempt {
  const isGone = call.request.signal.aborted;
  const usage = facts?.usage?.usage;
  endAttempt(call, attempt, {
    status,
    errorClass: isGone ? 'clientGone' : 'reset',
    ...(facts === undefined ? {} : { facts }),
    billing: usage === undefined ? { kind: 'unknown', reason } : { kind: 'usage', usage },
  });
  const failure = isGone ? 'clientGone' : 'server';
  return { kind: 'failed', failure, reply: answerBroken(attempt.target.provider.name) };
}
