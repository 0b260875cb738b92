import { decodeBody } from '../wire/contentCoding.ts';
import { isJsonObject, type JsonObject, parseJson } from '../wire/json.ts';
import { jsonMembers } from '../wire/jsonMembers.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import { type ReplyFacts, readReply } from '../wire/replyFacts.ts';
import { asBuffer } from '../wire/setMembers.ts';
import { headerOf } from './requestHeaders.ts';
import type { WholeReply } from './sendAttempt.ts';

/** A whole JSON reply, read beside the bytes that are passed on. */
export interface ReadReply {
  readonly facts: ReplyFacts;
  readonly value: JsonObject;
  readonly json: () => string;
}

/** `malformed` where it says that it is JSON and is not; undefined where it is something else than a JSON object. */
export async function readReplyBody(
  request: ParsedRequest,
  reply: WholeReply,
): Promise<ReadReply | 'malformed' | undefined> {
  const plain = await decodeBody(reply.bytes, headerOf(reply.headers, 'content-encoding'));
  if (plain === undefined) return undefined;
  const bytes = asBuffer(plain);
  const json = (): string => bytes.toString('utf8');
  const value = request.endpoint === 'embeddings' ? embeddingsHead(bytes) : parseJson(json());
  if (value === undefined) return saysJson(reply) ? 'malformed' : undefined;
  if (!isJsonObject(value)) return undefined;
  const { finish: _finish, ...facts } = readReply(request.endpoint, value);
  return { facts, value, json };
}

function saysJson({ headers }: WholeReply): boolean {
  return headerOf(headers, 'content-type')?.toLowerCase().startsWith('application/json') === true;
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
