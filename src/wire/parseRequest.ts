import { isUtf8 } from 'node:buffer';
import type { Dialect } from './dialect.ts';
import { isJsonObject, type JsonValue, parseJson } from './json.ts';
import type { BodyEndpoint, ParsedRequest } from './parsedRequest.ts';
import { asBuffer } from './setMembers.ts';

export type RequestProblem = 'empty' | 'notUtf8' | 'notJson' | 'notAnObject' | 'tooDeep';

/** Deeper than any request a provider accepts; bounds the recursion of everything that walks a body. */
const maxDepth = 64;

/** The dialect a client speaks at an endpoint, whichever provider is behind it. */
export function dialectOf(endpoint: BodyEndpoint): Dialect {
  return endpoint === 'messages' || endpoint === 'messages.count_tokens' ? 'anthropic' : 'openai';
}

/**
 * Reads the body of a parsed endpoint. A body without a `model` reads as model `''`: saying so is the provider's part.
 * @param named the model that the path names; what the body says of one does not count then
 */
export function parseRequest(
  endpoint: BodyEndpoint,
  bytes: Uint8Array,
  named?: string,
): { readonly request: ParsedRequest } | { readonly problem: RequestProblem } {
  if (bytes.byteLength === 0) return { problem: 'empty' };
  if (!isUtf8(bytes)) return { problem: 'notUtf8' };
  const body = parseJson(asBuffer(bytes).toString('utf8'));
  if (body === undefined) return { problem: 'notJson' };
  if (!isJsonObject(body)) return { problem: 'notAnObject' };
  if (isDeeperThan(body, maxDepth)) return { problem: 'tooDeep' };
  const { model, stream } = body;
  return {
    request: {
      endpoint,
      dialect: dialectOf(endpoint),
      model: named ?? (typeof model === 'string' ? model : ''),
      stream: stream === true,
      body,
      bytes,
    },
  };
}

function isDeeperThan(value: JsonValue | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === 'object' && item !== null && isDeeperThan(item, levels - 1)) return true;
  }
  return false;
}
