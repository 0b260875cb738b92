import type { Usage } from '../catalog/usage.ts';
import type { JsonObject } from './json.ts';
import type { BodyEndpoint } from './parsedRequest.ts';
import { readReply } from './replyFacts.ts';
import type { StoredAnswer } from './storedAnswer.ts';

/**
 * A complete 2xx reply in its stored form.
 * @param json the reply's text where the provider sent JSON, so that it is replayed to the byte
 */
export function storedAnswerOf(endpoint: BodyEndpoint, reply: JsonObject, usage: Usage, json?: string): StoredAnswer {
  const { model, finish } = readReply(endpoint, reply);
  return { endpoint, json: json ?? JSON.stringify(reply), model: model ?? '', finish, usage };
}
