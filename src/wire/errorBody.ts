import type { Dialect } from './dialect.ts';

/** What an error says, before it is put into a dialect. */
export interface WireError {
  /** OpenAI's `error.type`. */
  readonly type: string;
  /** OpenAI's `error.code`; machine-readable. */
  readonly code: string;
  readonly message: string;
  /** The field at fault. */
  readonly param?: string;
}

/** Anthropic knows only these types; clients switch on them. */
const anthropicTypeOfStatus: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  415: 'invalid_request_error',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** The error object a client of this dialect expects, as a value. */
export function errorValue(dialect: Dialect, status: number, error: WireError): object {
  if (dialect === 'anthropic')
    return {
      type: 'error',
      error: { type: anthropicTypeOfStatus[status] ?? 'api_error', message: error.message },
    };
  return { error: { message: error.message, type: error.type, param: error.param ?? null, code: error.code } };
}

export function errorBody(dialect: Dialect, status: number, error: WireError): Uint8Array {
  return Buffer.from(JSON.stringify(errorValue(dialect, status, error)), 'utf8');
}
