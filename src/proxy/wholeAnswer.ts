import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { OpenAttempt } from './attemptRow.ts';
import { type Call, closeCall } from './call.ts';
import { estimateBilling } from './estimateUsage.ts';
import type { ProxyResponse } from './exchange.ts';
import { explainHeaders } from './explainHeaders.ts';
import type { ReadReply } from './readReplyBody.ts';
import { readResponseHeaders } from './requestHeaders.ts';
import { answerHeaders } from './respond.ts';
import type { WholeReply } from './sendAttempt.ts';
import { type AnswerSinks, endAnswered, reportedBilling, shareAnswer } from './settleAnswer.ts';

/** Passes a whole answer on to the byte, and writes down what it says about itself. */
export function answerWhole(
  call: Call,
  request: ParsedRequest,
  attempt: OpenAttempt,
  reply: WholeReply,
  read: ReadReply | undefined,
  fallback: string | undefined,
  sinks: AnswerSinks,
): ProxyResponse {
  const facts = read?.facts ?? {};
  const billing = reportedBilling(attempt.sent, facts);
  const finish = (known: NonNullable<typeof billing>): void => {
    const row = endAnswered(call, attempt, reply.status, facts, known);
    closeCall(call, reply.status);
    shareAnswer(call, request, row, sinks, () => read);
  };
  const isCosted = billing !== undefined;
  if (isCosted) finish(billing);
  const { provider, model } = attempt.target;
  const explained = explainHeaders(call, {
    provider: provider.name,
    model: facts.model ?? model,
    costed: isCosted,
    ...(fallback === undefined ? {} : { fallback }),
    ...(isCosted ? {} : { extra: [['x-tollgate-cost-status', 'estimated']] }),
  });
  // Counting takes longer than the client should wait for an answer that is already here.
  if (!isCosted)
    call.background(
      estimateBilling(call, attempt.sent, attempt.target, facts, read?.json() ?? '', 'the provider sent no usage')
        .then(finish)
        .finally(() => sinks.led?.land(undefined)),
    );
  return {
    status: reply.status,
    headers: answerHeaders(call, readResponseHeaders(reply.headers), explained),
    body: reply.bytes,
  };
}
