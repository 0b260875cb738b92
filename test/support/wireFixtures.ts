import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isJsonObject, type JsonObject } from '../../src/wire/json.ts';
import type { BodyEndpoint, ParsedRequest } from '../../src/wire/parsedRequest.ts';
import { parseRequest } from '../../src/wire/parseRequest.ts';

/** A recorded reply or stream, as bytes. */
export function wireFixture(name: string): Buffer {
  return readFileSync(resolve(import.meta.dirname, '../fixtures/wire', name));
}

export function wireJson(name: string): JsonObject {
  const value: unknown = JSON.parse(wireFixture(name).toString('utf8'));
  if (!isJsonObject(value)) throw new Error(`${name} is no object`);
  return value;
}

/** A parsed request with this body. */
export function parsedRequest(endpoint: BodyEndpoint, body: object = {}): ParsedRequest {
  const parsed = parseRequest(endpoint, Buffer.from(JSON.stringify({ model: 'm', ...body })));
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.request;
}
