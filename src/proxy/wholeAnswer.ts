import { decodeBody } from '../wire/contentCoding.ts';
import { isJsonObject, type JsonObject, parseJson } from '../wire/json.ts';
import { jsonMembers } from '../wire/jsonMembers.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { type ReplyFacts, readReply } from '../wire/replyFacts.ts';
import { asBuffer } from '../wire/setMembers.ts';
import type { OpenAttempt } from './attemptRow.ts';
import { type Call, closeCall } from './call.ts';
import { estimateBilling } from './estimateUsage.ts';
import type { ProxyResponse } from './exchange.ts';
import { explainHeaders } from './explainHeaders.ts';
import { headerOf, readResponseHeaders } from './requestHeaders.ts';
import { answerHeaders } from './respond.ts';
import type { WholeReply } from './sendAttempt.ts';
import { type AnswerSinks, endAnswered, reportedBilling, shareAnswer } from './settleAnswer.ts';

interface ReadReply {
  readonly facts: ReplyFacts;
  readonly value: JsonObject;
  readonly json: () => string;
}

/** Passes a whole answer on to the byte, and writes down what it says about itself. */
export async function answerWhole(
  call: Call,
  request: ParsedRequest,
  attempt: OpenAttempt,
  reply: WholeReply,
  fallback: string | undefined,
  sinks: AnswerSinks,
): Promise<ProxyResponse> {
  const read = await readWhole(request, reply);
  const facts = read?.facts ?? {};
  const billing = reportedBilling(request, facts);
  const finish = (known: NonNullable<typeof billing>): void => {
    const row = endAnswered(call, request, attempt, reply.status, facts, known);
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
      estimateBilling(call, request, attempt.target, facts, read?.json() ?? '', 'the provider sent no usage')
        .then(finish)
        .finally(() => sinks.land?.(undefined)),
    );
  return {
    status: reply.status,
    headers: answerHeaders(call, readResponseHeaders(reply.headers), explained),
    body: reply.bytes,
  };
}

/** Undefined where the answer is no JSON object: it is passed on all the same. */
async function readWhole(request: ParsedRequest, reply: WholeReply): Promise<ReadReply | undefined> {
  const plain = await decodeBody(reply.bytes, headerOf(reply.headers, 'content-encoding'));
  if (plain === undefined) return undefined;
  const bytes = asBuffer(plain);
  const json = (): string => bytes.toString('utf8');
  const value = request.endpoint === 'embeddings' ? embeddingsHead(bytes) : parseJson(json());
  if (!isJsonObject(value)) return undefined;
  const { finish: _finish, ...facts } = readReply(request.endpoint, value);
  return { facts, value, json };
}

/** Vectors are most of such a reply and say nothing about it, so only what stands beside them is parsed. */
function embeddingsHead(bytes: Buffer): JsonObject | undefined {
  const span = jsonMembers(bytes);
  if (span === undefined) return undefined;
  const members = span.members.map(({ key, valueStart, valueEnd }) => {
    if (key !== 'data') return [key, parseJson(bytes.toString('utf8', valueStart, valueEnd))] as const;
    return [key, valueEnd - valueStart > '[]'.length ? [0] : []] as const;
  });
  return Object.fromEntries(members);
}
