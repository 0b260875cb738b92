import type { Dialect } from '../dialect.ts';
import { errorValue, type WireError } from '../errorBody.ts';
import { isJsonObject, type JsonObject, objectAt, parseJson, stringAt } from '../json.ts';

/** What Anthropic's types are called in OpenAI's `error.type` and `error.code`. */
const ofAnthropic: Readonly<Record<string, readonly [type: string, code: string]>> = {
  authentication_error: ['authentication_error', 'invalid_api_key'],
  permission_error: ['permission_error', 'permission_denied'],
  not_found_error: ['invalid_request_error', 'model_not_found'],
  request_too_large: ['invalid_request_error', 'request_too_large'],
  rate_limit_error: ['rate_limit_error', 'rate_limit_exceeded'],
  billing_error: ['insufficient_quota', 'insufficient_quota'],
  overloaded_error: ['server_error', 'overloaded'],
  api_error: ['server_error', 'server_error'],
  timeout_error: ['server_error', 'timeout'],
};

/** Anthropic has no code for it, only these words. */
const tooLong = /prompt is too long|exceed.* context/i;

/** An error object of an upstream as it was meant; undefined where it is none. */
export function readWireError(body: JsonObject | undefined): WireError | undefined {
  const nested = body?.error;
  const error = isJsonObject(nested) ? nested : body;
  const message = typeof nested === 'string' ? nested : stringAt(error, 'message');
  if (message === undefined) return undefined;
  const type = stringAt(error, 'type') ?? 'api_error';
  const param = stringAt(error, 'param');
  const known = Object.hasOwn(ofAnthropic, type) ? ofAnthropic[type] : undefined;
  const code = tooLong.test(message) ? 'context_length_exceeded' : (stringAt(error, 'code') ?? known?.[1] ?? type);
  return { type: known?.[0] ?? type, code, message, ...(param === undefined ? {} : { param }) };
}

/** The body of an upstream's error in the client's dialect; a page that is no JSON says no more than its status. */
export function translateError(bytes: Uint8Array, status: number, to: Dialect): Uint8Array {
  const value = parseJson(Buffer.from(bytes).toString('utf8'));
  const error = readWireError(isJsonObject(value) ? value : undefined);
  const said = error ?? { type: 'api_error', code: 'upstream_error', message: `The provider answered with ${status}.` };
  return Buffer.from(JSON.stringify(errorValue(to, status, said)), 'utf8');
}

/** An error event's object, for the status it would have had. */
export function streamErrorStatus(error: JsonObject | undefined): number {
  const type = stringAt(objectAt(error, 'error') ?? error, 'type');
  if (type === 'overloaded_error') return 529;
  return type === 'rate_limit_error' || type === 'rate_limit_exceeded' ? 429 : 500;
}
