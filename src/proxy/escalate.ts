import type { RouteConfig } from '../config/config.ts';
import type { AnswerFault } from '../routing/answerFault.ts';
import type { RouteDecision } from '../routing/routeDecision.ts';
import { isPlain } from '../wire/contentCoding.ts';
import type { JsonObject } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { ReplyFacts } from '../wire/replyFacts.ts';
import { translateReply } from '../wire/translate/translateReply.ts';
import { endAttempt } from './attemptRow.ts';
import { type Call, type CallFacts, closeCall, costSoFar } from './call.ts';
import type { Refusal } from './errors.ts';
import { estimateBilling } from './estimateUsage.ts';
import type { HeaderPairs, ProxyResponse } from './exchange.ts';
import { explainHeaders } from './explainHeaders.ts';
import { holdStream } from './holdStream.ts';
import { type CallPlan, planDecided } from './plan.ts';
import { attemptsAsked, headerOf, readResponseHeaders } from './requestHeaders.ts';
import { answerHeaders } from './respond.ts';
import { type CallAnswer, runAttempts } from './runAttempts.ts';
import { reportedBilling } from './settleAnswer.ts';
import { passageFor } from './streamAnswer.ts';
import type { HealthRecords } from './targetHealth.ts';
import { callersHeaders } from './translation.ts';
import { type AnswerWatch, watchAnswer } from './watchAnswer.ts';

export type CameAnswer = Exclude<CallAnswer, { kind: 'failed' }>;

/** What asking a better tier needs of the pipeline. */
export interface EscalationParts {
  readonly records: HealthRecords;
  /** Limits, asked again: the better tier costs more, and has limits of its own. */
  readonly admit: (
    call: Call,
    request: ParsedRequest,
    plan: CallPlan,
  ) => Promise<{ readonly request: ParsedRequest; readonly plan: CallPlan; readonly headers: HeaderPairs } | Refusal>;
  /** The conversation goes on at the better tier. */
  readonly remember: (call: Call, decision: RouteDecision) => void;
}

export type Escalated =
  | {
      readonly kind: 'answer';
      readonly answer: CameAnswer;
      readonly request: ParsedRequest;
      readonly watch: AnswerWatch | undefined;
      readonly headers: HeaderPairs;
    }
  /** The first answer, already written down: the better tier could not be asked, or did not answer. */
  | { readonly kind: 'response'; readonly response: ProxyResponse };

/**
 * Checks an answer whose route says so, and asks the better tier where it fails. A stream is held until it is checked:
 * after its first content event the client would have part of an answer, and another one would repeat it.
 */
export async function escalate(
  call: Call,
  request: ParsedRequest,
  came: CameAnswer,
  watch: AnswerWatch,
  parts: EscalationParts,
): Promise<Escalated> {
  const stays = (answer: CameAnswer): Escalated => ({ kind: 'answer', answer, request, watch, headers: [] });
  const { decision, routing } = call.facts;
  const wanted = escalationOf(call);
  if (wanted === undefined || decision === undefined || routing === undefined || !isReadable(came)) return stays(came);
  const answer = came.kind === 'stream' ? { ...came, stream: await holdStream(call, came.stream) } : came;
  if (answer.kind === 'stream') call.facts.decision = { ...decision, notes: [...decision.notes, 'stream=held'] };
  const reply = replyOf(answer);
  const faults = reply === undefined ? [] : watch.check(reply);
  const because = faults.find((fault) => wanted.on.includes(fault));
  if (because === undefined) return stays(answer);
  await endFaulty(call, answer, because);
  watch.record([...faults, 'escalated']);
  const next: RouteDecision = {
    ...decision,
    alias: wanted.to,
    reason: 'escalated',
    isProbe: false,
    notes: [`from=${decision.alias}`, `because=${because}`],
  };
  const better = await askBetter(call, next, parts);
  if (better === undefined) return { kind: 'response', response: firstAnswer(call, answer) };
  parts.remember(call, next);
  return better;
}

type EscalateConfig = NonNullable<RouteConfig['escalate']>;

/** Undefined where the route has nothing better, or the client wants no further attempt. */
function escalationOf({ facts, config, headers, attempts }: Call): EscalateConfig | undefined {
  const wanted = facts.decision?.route?.escalate;
  const alias = facts.alias?.name;
  if (wanted === undefined || alias === undefined || wanted.to === alias) return undefined;
  const { tiers } = config;
  if (tiers.includes(alias) && tiers.includes(wanted.to) && tiers.indexOf(wanted.to) < tiers.indexOf(alias))
    return undefined;
  const asked = attemptsAsked(headers);
  return asked !== undefined && attempts.length + 2 > asked ? undefined : wanted;
}

function isReadable(answer: CameAnswer): boolean {
  return answer.kind === 'whole' || isPlain(headerOf(answer.response.headers, 'content-encoding'));
}

/** In the client's dialect; undefined for a stream that broke, or holds what cannot be put together. */
function replyOf(answer: CameAnswer): JsonObject | undefined {
  if (answer.kind === 'whole') return answer.read?.value;
  const { events } = answer.stream.reader;
  const reply = events.ended && events.error === undefined ? events.reply() : undefined;
  const { reading } = answer.attempt;
  return reply && reading !== undefined ? translateReply(reply, reading) : reply;
}

async function endFaulty(call: Call, answer: CameAnswer, errorClass: AnswerFault): Promise<void> {
  const { attempt } = answer;
  const facts: ReplyFacts = answer.kind === 'whole' ? (answer.read?.facts ?? {}) : answer.stream.reader.events.facts();
  const output = answer.kind === 'whole' ? (answer.read?.json() ?? '') : answer.stream.reader.events.generatedText();
  const status = answer.kind === 'whole' ? answer.reply.status : answer.response.status;
  const billing =
    reportedBilling(attempt.sent, facts) ??
    (await estimateBilling(call, attempt.sent, attempt.target, facts, output, 'the provider sent no usage'));
  endAttempt(call, attempt, { status, errorClass, facts, billing });
}

/** Undefined where it is not allowed, or does not answer either; the call then is what it was before. */
async function askBetter(
  call: Call,
  decision: RouteDecision,
  { admit, records }: EscalationParts,
): Promise<Escalated | undefined> {
  const { facts } = call;
  const before: Partial<CallFacts> = { ...facts };
  const spent = costSoFar(call);
  const giveUp = (): undefined => {
    Object.assign(facts, before);
    return undefined;
  };
  const { routing } = facts;
  const plan = routing && (await planDecided(call, routing.request, routing.meantFor, decision));
  if (routing === undefined || plan === undefined || 'status' in plan) return giveUp();
  delete facts.settle;
  const admitted = await admit(call, routing.request, plan);
  if ('status' in admitted) return giveUp();
  const second = settleOf(call);
  facts.settle = (picoUsd) => {
    before.settle?.(spent);
    second?.(picoUsd - spent);
  };
  const watch = watchAnswer(call, admitted.request);
  const answer = await runAttempts(call, admitted.request, admitted.plan, records);
  if (answer.kind !== 'failed')
    return { kind: 'answer', answer, request: admitted.request, watch, headers: admitted.headers };
  watch?.failed(answer.failure);
  const joined = facts.settle;
  giveUp();
  facts.settle = joined;
  return undefined;
}

function settleOf({ facts }: Call): CallFacts['settle'] {
  return facts.settle;
}

/** An answer with a fault is better than an error. */
function firstAnswer(call: Call, answer: CameAnswer): ProxyResponse {
  const { provider, model } = answer.attempt.target;
  const note = (facts: ReplyFacts): HeaderPairs =>
    explainHeaders(call, {
      provider: provider.name,
      model: facts.model ?? model,
      costed: true,
      extra: [['x-tollgate-escalation', 'failed']],
    });
  if (answer.kind === 'whole') {
    const { status, headers, bytes } = answer.reply;
    closeCall(call, status);
    const explained = note(answer.read?.facts ?? {});
    return { status, headers: answerHeaders(call, readResponseHeaders(headers), explained), body: bytes };
  }
  const { response, stream, attempt } = answer;
  const passage = passageFor(attempt, provider);
  const body = Buffer.concat([...stream.begun.map((chunk) => passage.pass(chunk)), passage.last(stream.reader)]);
  closeCall(call, response.status);
  const passed = readResponseHeaders(response.headers, 'content-length');
  const headers = attempt.reading === undefined ? passed : callersHeaders(passed);
  return { status: response.status, headers: answerHeaders(call, headers, note(stream.reader.events.facts())), body };
}
