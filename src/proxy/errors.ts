import type { WireError } from '../wire/errorBody.ts';
import type { RequestProblem } from '../wire/parseRequest.ts';

/** An answer of ours in place of a provider's. Messages are for the user and name the remedy; never a key or a prompt. */
export interface Refusal extends WireError {
  readonly status: number;
  /** A retry of the client would only repeat what has been done, or meet the same answer. */
  readonly noRetry?: boolean;
}

const invalid = 'invalid_request_error';

const bodyProblems: Readonly<Record<RequestProblem, string>> = {
  empty: 'The request has no body. Send the parameters as JSON.',
  notUtf8: 'The request body is not UTF-8. JSON has to be UTF-8 (RFC 8259).',
  notJson: 'The request body is not JSON. Check for trailing commas and unescaped quotes.',
  notAnObject: 'The request body is JSON, but no object. Send one object with the parameters.',
  tooDeep: 'The request body is nested too deeply to be a request. Flatten it.',
};

export function badBody(problem: RequestProblem): Refusal {
  return { status: 400, type: invalid, code: 'invalid_body', message: bodyProblems[problem] };
}

export function bodyTooLarge(maxBytes: number): Refusal {
  const limit = `${Math.floor(maxBytes / 1024 / 1024)} MB`;
  const message = `The request body is larger than ${limit}. Send less, or upload large files to the provider and refer to them.`;
  return { status: 413, type: invalid, code: 'request_too_large', message };
}

export function compressedBody(): Refusal {
  const message = 'Tollgate does not read compressed request bodies. Send the body without content-encoding.';
  return { status: 415, type: invalid, code: 'unsupported_content_encoding', message };
}

export function badPath(): Refusal {
  const message = 'The path has "." or ".." segments. Send it in its plain form.';
  return { status: 400, type: invalid, code: 'invalid_path', message };
}

export function contradictoryHeader(header: string): Refusal {
  const message = `The header ${header} came twice with different values. Send it once.`;
  return { status: 400, type: invalid, code: 'contradictory_header', message, param: header };
}

export function otherUpstream(field: string): Refusal {
  const message = `"${field}" names another upstream, and a request cannot choose one. Add a provider with that baseUrl to tollgate.jsonc and use /p/<provider>/ or an alias.`;
  return { status: 400, type: invalid, code: 'upstream_not_allowed', message, param: field };
}

export function unknownProvider(name: string, known: readonly string[]): Refusal {
  const message = `There is no provider "${name}". Configured: ${known.join(', ')}. Add it under "providers" in tollgate.jsonc.`;
  return { status: 404, type: invalid, code: 'provider_not_found', message };
}

export function aliasOfOtherDialect(alias: string, dialect: string): Refusal {
  const message = `No target of the alias "${alias}" speaks the ${dialect} API that this client uses, and Tollgate does not translate between APIs. Add a target of an ${dialect} provider to the alias in tollgate.jsonc, or call it with the other SDK.`;
  return { status: 400, type: invalid, code: 'alias_of_other_dialect', message, param: 'model' };
}

export function noRoute(): Refusal {
  const message =
    'The model is "auto", but no route matches this request. Add a route without "match" as the last one in tollgate.jsonc, or send x-tollgate-task.';
  return { status: 400, type: invalid, code: 'no_route', message, param: 'model' };
}

export function routeToUnknownAlias(route: string, alias: string): Refusal {
  const message = `The route "${route}" uses the alias "${alias}", which is not in tollgate.jsonc. Add it under "aliases".`;
  return { status: 404, type: invalid, code: 'model_not_found', message, param: 'model' };
}

export function piiInMetadata(field: string, kind: string): Refusal {
  const message = `The metadata field "${field}" looks like personal or secret data (${kind}), and attribution.pii is "reject" in this workspace. Send an opaque id, or set it to "hash" or "drop".`;
  return { status: 400, type: invalid, code: 'pii_in_metadata', message, param: field };
}

/** Why there is no key to send. */
export type MissingKey =
  | { readonly kind: 'noKey'; readonly provider: string; readonly envName: string }
  | { readonly kind: 'secretNotStored'; readonly provider: string; readonly name: string }
  | { readonly kind: 'envNotSet'; readonly provider: string; readonly name: string }
  | { readonly kind: 'pathToken'; readonly provider: string }
  | { readonly kind: 'otherProvider'; readonly provider: string };

export function missingKey(missing: MissingKey): Refusal {
  return { status: 401, type: 'authentication_error', code: 'missing_api_key', message: missingKeyText(missing) };
}

function missingKeyText(missing: MissingKey): string {
  const { provider } = missing;
  switch (missing.kind) {
    case 'noKey':
      return `The request has no API key for ${provider}. Set ${missing.envName} for the program, or give Tollgate one: "apiKey": "secret:${provider}" under providers.${provider} in tollgate.jsonc and the command "Tollgate: Set Provider Key".`;
    case 'secretNotStored':
      return `The key "secret:${missing.name}" of ${provider} is not stored. Run the command "Tollgate: Set Provider Key"; without VS Code use "env:NAME" in tollgate.jsonc.`;
    case 'envNotSet':
      return `The environment variable ${missing.name}, which holds the key of ${provider}, is not set where the Tollgate service runs. Set it there and start the service again.`;
    case 'pathToken':
      return `Stored keys are not used for a base URL that contains the workspace token. To reach ${provider} with its stored key, send the token as a header (x-tollgate-token, or as the client's API key).`;
    case 'otherProvider':
      return `The alias leads to ${provider}, and the client's own key is only for the provider it was meant for. Set "apiKey" under providers.${provider} in tollgate.jsonc.`;
  }
}

export function upstreamUnreachable(provider: string, host: string, code: string | undefined): Refusal {
  const detail = code === undefined ? '' : ` (${code})`;
  const message = `${provider} could not be reached at ${host}${detail}. Check the network and providers.${provider}.baseUrl.`;
  return { status: 502, type: 'api_error', code: 'upstream_unreachable', message };
}

export function upstreamTimedOut(provider: string, seconds: number): Refusal {
  const message = `${provider} did not answer within ${seconds} s. Try again, raise "deadlineMs" of the alias, or use streaming.`;
  return { status: 504, type: 'timeout', code: 'upstream_timeout', message };
}

export function upstreamForbidden(provider: string, host: string): Refusal {
  const message = `The base URL of ${provider} (${host}) is plain http and not on this machine. Use https, or set it in your user settings if you trust that network.`;
  return { status: 502, type: 'api_error', code: 'upstream_not_allowed', message, noRetry: true };
}

export function streamBroken(provider: string): Refusal {
  const message = `The stream from ${provider} ended before the answer was complete. What has arrived is only a part.`;
  return { status: 502, type: 'api_error', code: 'stream_incomplete', message };
}

export function notInCache(): Refusal {
  const message = 'The client asked for a cached answer only (only-if-cached), and there is none.';
  return { status: 504, type: 'api_error', code: 'not_in_cache', message, noRetry: true };
}

export function internalError(callId: string): Refusal {
  const message = `Tollgate failed on this call. Its log has the details under ${callId}.`;
  return { status: 500, type: 'api_error', code: 'internal_error', message };
}
