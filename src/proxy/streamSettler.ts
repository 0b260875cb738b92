import type { AttemptRow } from '../ledger/rows.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { translateReply } from '../wire/translate/translateReply.ts';
import type { Billing, OpenAttempt } from './attemptRow.ts';
import { type Call, clientClosed, closeCall } from './call.ts';
import { estimateBilling } from './estimateUsage.ts';
import type { OpenedStream } from './openStream.ts';
import { type AnswerSinks, endAnswered, reportedBilling, shareAnswer } from './settleAnswer.ts';

/** Writes a stream down when it is over, however it ended. */
export interface StreamSettler {
  /**
   * The first call counts. The row, where the cost is known at once; else it is counted in the background.
   * @param isGone the client has gone, so that a stream without its end did not break
   */
  settle(isGone: boolean): AttemptRow | undefined;
}

export function createStreamSettler(
  call: Call,
  request: ParsedRequest,
  attempt: OpenAttempt,
  status: number,
  { reader }: OpenedStream,
  sinks: AnswerSinks,
): StreamSettler {
  const { events } = reader;
  let settled = false;

  const finish = (billing: Billing, callStatus: number, errorClass: string | undefined): AttemptRow => {
    const row = endAnswered(call, attempt, status, events.facts(), billing, errorClass);
    if (errorClass !== undefined) call.facts.errorClass ??= errorClass;
    closeCall(call, callStatus);
    shareAnswer(call, request, row, sinks, () => {
      const reply = errorClass === undefined ? events.reply() : undefined;
      const value = reply && attempt.reading !== undefined ? translateReply(reply, attempt.reading) : reply;
      return value && { value };
    });
    return row;
  };

  return {
    settle(isGone) {
      if (settled) return undefined;
      settled = true;
      const facts = events.facts();
      const errorClass = endedBy(reader, isGone);
      const billing = errorClass === undefined ? reportedBilling(attempt.sent, facts) : undefined;
      // Others may have read to the end what this client has left.
      const hasLeft = errorClass === 'clientGone' || call.facts.errorClass === 'clientGone';
      const callStatus = hasLeft ? clientClosed : status;
      if (billing !== undefined) return finish(billing, callStatus, errorClass);
      const because = reasonFor(errorClass);
      const counted = estimateBilling(call, attempt.sent, attempt.target, facts, events.generatedText(), because);
      call.background(
        counted
          .then((estimate) => {
            finish(estimate, callStatus, errorClass);
          })
          .finally(() => sinks.led?.land(undefined)),
      );
      return undefined;
    },
  };
}

/** Undefined for a stream that reached its end. */
function endedBy({ events }: OpenedStream['reader'], isGone: boolean): string | undefined {
  if (events.error !== undefined) return 'upstreamError';
  if (events.ended) return undefined;
  return isGone ? 'clientGone' : 'streamIncomplete';
}

function reasonFor(errorClass: string | undefined): string {
  if (errorClass === 'clientGone') return 'the client went away; output counted as far as it had come';
  if (errorClass === undefined) return 'the provider sent no usage';
  return 'the stream broke; output counted as far as it had come';
}
