import type { JsonObject } from '../json.ts';
import type { ParsedRequest } from '../parsedRequest.ts';
import { dialectOf } from '../parseRequest.ts';
import type { Conversation } from './conversation.ts';
import { Findings, type TranslationProblem } from './fields.ts';
import { readChatRequest } from './readChatRequest.ts';
import type { TranslatedEndpoint, TranslationTarget } from './reading.ts';
import { readMessagesRequest } from './readMessagesRequest.ts';
import { readResponsesRequest } from './readResponsesRequest.ts';
import { writeChatRequest } from './writeChatRequest.ts';
import { writeMessagesRequest } from './writeMessagesRequest.ts';

export interface Translation {
  /** What is sent: of the target's endpoint and dialect. */
  readonly request: ParsedRequest;
  /** Fields that were left out because they change nothing about the answer, as paths without indexes. */
  readonly dropped: readonly string[];
}

/** Writes a client's request for a target that speaks another dialect, or says which field cannot be sent. */
export function translateRequest(
  request: ParsedRequest,
  endpoint: TranslatedEndpoint,
  target: TranslationTarget,
): Translation | TranslationProblem {
  const findings = new Findings();
  const conversation = readRequest(endpoint, request.body, findings);
  const { stream } = request;
  const body =
    target.endpoint === 'messages'
      ? writeMessagesRequest(conversation, { ...target, stream }, findings)
      : writeChatRequest(conversation, { ...target, stream }, findings);
  if (findings.problem !== undefined) return findings.problem;
  const bytes = Buffer.from(JSON.stringify(body), 'utf8');
  const { endpoint: sent, model } = target;
  const written: ParsedRequest = { endpoint: sent, dialect: dialectOf(sent), model, stream, body, bytes };
  return { request: written, dropped: findings.dropped };
}

function readRequest(endpoint: TranslatedEndpoint, body: JsonObject, findings: Findings): Conversation {
  if (endpoint === 'messages') return readMessagesRequest(body, findings);
  return endpoint === 'responses' ? readResponsesRequest(body, findings) : readChatRequest(body, findings);
}
