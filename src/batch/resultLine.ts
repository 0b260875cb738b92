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

/**
 * Reads one line. Failures come in two shapes: a top-level `error` for what was not run, and `error: null` with a status
 * of 400 or more and the error in the body. Only status 200 with a body that is no error is an answer.
 * Undefined = unreadable, or without a `custom_id`.
 */
export function parseResultLine(text: string): ResultLine | undefined {
  const parsed = parseJson(text);
  const line = isJsonObject(parsed) ? parsed : undefined;
  const customId = stringAt(line, 'custom_id');
  if (customId === undefined) return undefined;
  const response = objectAt(line, 'response');
  const status = numberAt(response, 'status_code') ?? 0;
  const body = objectAt(response, 'body');
  const error = errorOf(objectAt(line, 'error')) ?? errorOf(objectAt(body, 'error'));
  if (error !== undefined) return { customId, status, body, error };
  if (status !== 200) return { customId, status, body, error: { code: '', message: stringAt(body, 'message') ?? '' } };
  if (body === undefined) return { customId, status, body, error: { code: '', message: 'the answer has no body' } };
  return { customId, status, body, error: undefined };
}

function errorOf(error: JsonObject | undefined): { readonly code: string; readonly message: string } | undefined {
  if (error === undefined) return undefined;
  const message = cleanDetail(stringAt(error, 'message') ?? '');
  return { code: stringAt(error, 'code') ?? stringAt(error, 'type') ?? '', message };
}
