import type { CacheTicket } from '../cache/answerCache.ts';
import type { AttemptRow } from '../ledger/rows.ts';
import type { JsonObject } from '../wire/json.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { ReplyFacts } from '../wire/replyFacts.ts';
import type { StoredAnswer } from '../wire/storedAnswer.ts';
import { storedAnswerOf } from '../wire/storedAnswerOf.ts';
import { type Billing, endAttempt, type OpenAttempt } from './attemptRow.ts';
import type { Call } from './call.ts';
import type { FlightAnswer, LedFlight } from './flights.ts';
import type { AnswerWatch } from './watchAnswer.ts';

/** Where a complete answer goes besides the client. */
export interface AnswerSinks {
  readonly ticket: CacheTicket | undefined;
  /** Those who wait for the same answer. */
  readonly led: LedFlight | undefined;
  /** Who measures the tier that answered. */
  readonly watch?: Pick<AnswerWatch, 'ended'>;
}

/** Counting tokens is free at every provider that offers it; there is nothing to be billed. */
const free: Billing = { kind: 'notBilled', reason: 'counting tokens is not billed' };

/** How a complete answer is billed; undefined where the provider has not said what it used. */
export function reportedBilling(request: ParsedRequest, { usage }: ReplyFacts): Billing | undefined {
  if (request.endpoint === 'messages.count_tokens') return free;
  if (usage === undefined) return undefined;
  const { usage: partition, doubt } = usage;
  return { kind: 'usage', usage: partition, ...(doubt === undefined ? {} : { estimatedBecause: doubt }) };
}

export interface SharedReply {
  readonly value: JsonObject;
  /** The reply's text, where the provider sent JSON. */
  readonly json?: () => string;
}

/** Keeps a complete answer for those who ask the same later, or are waiting for it now. */
export function shareAnswer(
  call: Call,
  request: ParsedRequest,
  row: AttemptRow,
  sinks: AnswerSinks,
  read: () => SharedReply | undefined,
): void {
  const { ticket, led, watch } = sinks;
  if (ticket === undefined && led === undefined && watch === undefined) return;
  const reply = read();
  if (watch?.ended(reply?.value, row.errorClass) === true) {
    led?.land(undefined);
    return;
  }
  const answer = reply && storedAnswerOf(request.endpoint, reply.value, row.usage, reply.json?.());
  if (answer !== undefined && ticket !== undefined) {
    call.deps.answerCache.store(ticket, answer, row.costPicoUsd, reply?.value);
  }
  led?.land(answer !== undefined && isNatural(answer) ? flightAnswer(answer, row) : undefined);
}

function isNatural({ finish }: StoredAnswer): boolean {
  return finish === 'stop';
}

function flightAnswer(answer: StoredAnswer, { provider, costPicoUsd }: AttemptRow): FlightAnswer {
  return { answer, provider, ...(costPicoUsd === undefined ? {} : { costPicoUsd }) };
}

/** Writes down the attempt that answered. */
export function endAnswered(
  call: Call,
  attempt: OpenAttempt,
  status: number,
  facts: ReplyFacts,
  billing: Billing,
  errorClass?: string,
): AttemptRow {
  return endAttempt(call, attempt, {
    status,
    facts,
    billing,
    ...(errorClass === undefined ? {} : { errorClass }),
  });
}
