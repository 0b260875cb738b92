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

export function unknownCoding(): Refusal {
  const message = 'The content-encoding of the request body is not one that Tollgate reads (gzip, deflate, br, zstd).';
  return { status: 415, type: invalid, code: 'unsupported_content_encoding', message };
}

export function badCompression(maxBytes: number): Refusal {
  const limit = `${Math.floor(maxBytes / 1024 / 1024)} MB`;
  const message = `The request body is not of the content-encoding that it names, or larger than ${limit} when unpacked. Send it without content-encoding.`;
  return { status: 400, type: invalid, code: 'invalid_content_encoding', message };
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
  const message = `No target of the alias "${alias}" speaks the ${dialect} API that this client uses, and requests to this endpoint are not translated. Add a target of an ${dialect} provider to the alias in tollgate.jsonc, or call it with the other SDK.`;
  return { status: 400, type: invalid, code: 'alias_of_other_dialect', message, param: 'model' };
}

/** @param reason what is the matter with the field, as the end of a sentence about it */
export function untranslatable(provider: string, field: string, reason: string): Refusal {
  const message = `The alias leads to ${provider}, which speaks another API than this client, and "${field}" cannot be sent there: it ${reason}. Leave it out, or add a target that speaks the client's API to the alias in tollgate.jsonc.`;
  return { status: 400, type: invalid, code: 'untranslatable_field', message, param: field };
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
  | { readonly kind: 'noReference' }
  | { readonly kind: 'secretNotStored'; readonly name: string }
  | { readonly kind: 'envNotSet'; readonly name: string }
  /** The workspace token came in the path, so stored keys are not used. */
  | { readonly kind: 'pathToken' };

/** @param envName what the client's own SDK reads its key from; undefined where the client's key is not for this provider */
export function missingKey(provider: string, missing: MissingKey, envName: string | undefined): Refusal {
  const own =
    envName === undefined
      ? `The alias leads to ${provider}, and the client's own key is only for the provider it was meant for.`
      : `The request has no API key for ${provider}. Set ${envName} for the program.`;
  const message = `${own} ${storedKeyText(provider, missing, envName !== undefined)}`;
  return { status: 401, type: 'authentication_error', code: 'missing_api_key', message };
}

function storedKeyText(provider: string, missing: MissingKey, isSecondWay: boolean): string {
  const or = isSecondWay ? 'Or let Tollgate add one: ' : 'Let Tollgate add one: ';
  switch (missing.kind) {
    case 'noReference':
      return `${or}set providers.${provider}.apiKey in tollgate.jsonc to "secret:${provider}" or "env:NAME".`;
    case 'secretNotStored':
      return `${or}store the key "${missing.name}" with the command “Tollgate: Set Provider Key”; without VS Code set providers.${provider}.apiKey in tollgate.jsonc to "env:NAME".`;
    case 'envNotSet':
      return `${or}set the environment variable ${missing.name} where the Tollgate service starts, and start it again.`;
    case 'pathToken':
      return `${or}stored keys are used when the workspace token comes as a header (x-tollgate-token, or as the client's API key), not in the base URL.`;
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
  const message = `The base URL of ${provider} (${host}) is not allowed: it is plain http beyond this machine, or leads to a link-local address. Use https and the provider's own host, or confirm the address as this workspace's upstream if you trust that network.`;
  return { status: 502, type: 'api_error', code: 'upstream_not_allowed', message, noRetry: true };
}

export function streamBroken(provider: string): Refusal {
  const message = `The stream from ${provider} ended before the answer was complete. What has arrived is only a part.`;
  return { status: 502, type: 'api_error', code: 'stream_incomplete', message };
}

export function answerBroken(provider: string): Refusal {
  const message = `The answer of ${provider} broke off or cannot be read. Try again.`;
  return { status: 502, type: 'api_error', code: 'upstream_broken', message };
}

export function notInCache(): Refusal {
  const message = 'The client asked for a cached answer only (only-if-cached), and there is none.';
  return { status: 504, type: 'api_error', code: 'not_in_cache', message, noRetry: true };
}

export function internalError(callId: string): Refusal {
  const message = `Tollgate failed on this call. Its log has the details under ${callId}.`;
  return { status: 500, type: 'api_error', code: 'internal_error', message };
}
