/** An answer of the server itself: decided before a request reaches the proxy, and the same for every request. */
export interface Refusal {
  readonly status: number;
  readonly body: Uint8Array;
  /** Another time it may be answered. */
  readonly mayRetry?: boolean;
}

/**
 * One shape that both dialects' SDKs can read: Anthropic looks for `type: error` and `error.type`, OpenAI for
 * `error.message` and `error.code`. Nothing of the request is in it.
 */
function refusal(status: number, type: string, code: string, message: string): Refusal {
  const text = JSON.stringify({ type: 'error', error: { type, code, message, param: null } });
  return { status, body: new TextEncoder().encode(text) };
}

/** A page in a browser, a rebound name, or a proxy in between: not a program on this machine. */
export const forbidden = refusal(
  403,
  'permission_error',
  'tollgate_forbidden',
  'Tollgate answers only programs on this machine that call 127.0.0.1 or localhost, never web pages.',
);

export const unauthorized = refusal(
  401,
  'authentication_error',
  'tollgate_unauthorized',
  'This needs the token of a workspace. Open a new terminal in the workspace so that it has the present one, or set the base URL again.',
);

export const badRequest = refusal(
  400,
  'invalid_request_error',
  'tollgate_bad_request',
  'The request is not one that Tollgate can read. Use a path that begins with a slash.',
);

export const notJson = refusal(
  415,
  'invalid_request_error',
  'tollgate_not_json',
  'This endpoint takes JSON. Send content-type: application/json.',
);

export const brokenOff = refusal(
  400,
  'invalid_request_error',
  'tollgate_body_broken_off',
  'The body ended before its announced length. Send it again.',
);

export const internalFailure = refusal(
  500,
  'api_error',
  'tollgate_internal',
  "Tollgate failed inside. The service's log says more (“Tollgate: Show Service Log”).",
);

export const tooMany: Refusal = {
  ...refusal(
    503,
    'overloaded_error',
    'tollgate_too_many_requests',
    'Tollgate is serving as many requests as it takes at a time. Let some of them end, and send this one again.',
  ),
  mayRetry: true,
};

/** @param maxBytes the limit that was passed */
export function tooLarge(maxBytes: number): Refusal {
  const megabytes = Math.floor(maxBytes / (1024 * 1024));
  return refusal(
    413,
    'request_too_large',
    'tollgate_body_too_large',
    `The body is larger than ${megabytes} MB. Send less at a time, or upload files through the provider's files endpoint.`,
  );
}
