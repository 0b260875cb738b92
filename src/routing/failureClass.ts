import type { FailureClass } from '../config/config.ts';
import { type JsonObject, objectAt, stringAt } from '../wire/json.ts';

/** `client`: the request itself is at fault; no other target would do better. */
export type AttemptFailure = FailureClass | 'client';

/** Error codes and types of both dialects that say more than the status does. */
const byCode: Readonly<Record<string, AttemptFailure>> = {
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  enforced_spend_limit_reached: 'quota',
  billing_error: 'quota',
  context_length_exceeded: 'context',
  content_policy_violation: 'policy',
  content_filter: 'policy',
  overloaded_error: 'overload',
  rate_limit_error: 'overload',
  rate_limit_exceeded: 'overload',
  api_error: 'server',
  server_error: 'server',
  timeout_error: 'server',
};

/** Anthropic has no code for it, only these words. */
const contextWords = /prompt is too long|exceeds? (?:the )?(?:maximum )?context|context (?:window|length|limit)/i;

/**
 * What kind of failure an upstream's error is, and so whether another target may do better.
 * @param status 300 or more; 200 for an error event inside a stream
 * @param body the error reply or event as JSON, where it is JSON
 */
export function failureClassOf(status: number, body: JsonObject | undefined): AttemptFailure {
  const error = objectAt(body, 'error') ?? body;
  const named = nameIn(error);
  if (named === 'quota' || named === 'context' || named === 'policy') return named;
  if (status === 400 && contextWords.test(stringAt(error, 'message') ?? '')) return 'context';
  return byStatus(status) ?? named ?? 'server';
}

function nameIn(error: JsonObject | undefined): AttemptFailure | undefined {
  const details = objectAt(error, 'details');
  const words = [stringAt(details, 'error_code'), stringAt(error, 'code'), stringAt(error, 'type')];
  const word = words.find((candidate) => candidate !== undefined && Object.hasOwn(byCode, candidate));
  return word === undefined ? undefined : byCode[word];
}

function byStatus(status: number): AttemptFailure | undefined {
  if (status < 300) return undefined;
  if (status < 400) return 'client';
  if (status === 429 || status === 503 || status === 529) return 'overload';
  if (status === 402) return 'quota';
  if (status === 401 || status === 403) return 'auth';
  return status >= 500 || status === 408 ? 'server' : 'client';
}
