import { isJsonObject, type JsonObject, numberAt, objectAt, parseJson, stringAt } from '../wire/json.ts';
import { cleanDetail } from './providerFailure.ts';

/** One line of an output or error file. */
export interface ResultLine {
  readonly customId: string;
  /** HTTP status of the one request; 0 = it was not run. */
  readonly status: number;
  /** The answer's body, also that of a refusal. */
  readonly body: JsonObject | undefined;
  /** Absent exactly when there is an answer. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

export const expiredCode = 'batch_expired';
export const cancelledCode = 'batch_cancelled';

/**
 * Reads one line. Failures come in two shapes: a top-level `error` for what was not run, and `error: null` with a status
 * of 400 or more and the error in the body. Only status 200 with a body that is no error is an answer.
 * Anthropic's lines have a `result` of one of four types; an error there has a type, no status.
 * Undefined = unreadable, or without a `custom_id`.
 */
export function parseResultLine(text: string): ResultLine | undefined {
  const parsed = parseJson(text);
  const line = isJsonObject(parsed) ? parsed : undefined;
  const customId = stringAt(line, 'custom_id');
  if (customId === undefined) return undefined;
  const result = objectAt(line, 'result');
  if (result !== undefined) return readMessageResult(customId, result);
  const response = objectAt(line, 'response');
  const status = numberAt(response, 'status_code') ?? 0;
  const body = objectAt(response, 'body');
  const sentence = stringAt(line, 'error');
  const error =
    errorOf(sentence === undefined ? objectAt(line, 'error') : { message: sentence }) ??
    errorOf(objectAt(body, 'error'));
  if (error !== undefined) return { customId, status, body, error };
  if (status !== 200) return { customId, status, body, error: { code: '', message: stringAt(body, 'message') ?? '' } };
  if (body === undefined) return { customId, status, body, error: { code: '', message: 'the answer has no body' } };
  return { customId, status, body, error: undefined };
}

/** The statuses that Anthropic's page on errors gives to its types. */
const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** Only a message that succeeded is billed. */
function readMessageResult(customId: string, result: JsonObject): ResultLine {
  const message = objectAt(result, 'message');
  switch (result.type) {
    case 'succeeded':
      if (message === undefined)
        return { customId, status: 200, body: undefined, error: { code: '', message: 'the answer has no message' } };
      return { customId, status: 200, body: message, error: undefined };
    case 'expired':
      return { customId, status: 0, body: undefined, error: { code: expiredCode, message: '' } };
    case 'canceled':
      return { customId, status: 0, body: undefined, error: { code: cancelledCode, message: '' } };
    default: {
      const outer = objectAt(result, 'error');
      const error = errorOf(objectAt(outer, 'error') ?? outer) ?? { code: String(result.type ?? ''), message: '' };
      return { customId, status: statusOfType[error.code] ?? 500, body: outer, error };
    }
  }
}

function errorOf(error: JsonObject | undefined): { readonly code: string; readonly message: string } | undefined {
  if (error === undefined) return undefined;
  const message = cleanDetail(stringAt(error, 'message') ?? '');
  return { code: stringAt(error, 'code') ?? stringAt(error, 'type') ?? '', message };
}
