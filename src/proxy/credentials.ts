import type { RequestPath } from '../wire/requestPath.ts';
import type { Call } from './call.ts';
import type { Provider } from './chooseProvider.ts';
import { type MissingKey, missingKey, type Refusal } from './errors.ts';
import type { HeaderPairs } from './exchange.ts';
import { providerTraits } from './providerTraits.ts';
import { isDemo, isLoopback } from './upstreamUrl.ts';

/** Which key a request to a provider carries. */
export type Credentials =
  /** The client's own headers, untouched. */
  | { readonly kind: 'client'; readonly secret: string }
  /** A stored key in place of whatever the client sent. */
  | {
      readonly kind: 'stored';
      readonly secret: string;
      readonly header: readonly [name: string, value: string];
      readonly isMeant: boolean;
    }
  /** The provider asks for none. */
  | { readonly kind: 'none'; readonly isMeant: boolean }
  | { readonly kind: 'missing'; readonly refusal: Refusal };

const credentialHeaders = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const;
const isCredential: ReadonlySet<string> = new Set(credentialHeaders);

/** What else tells who the client is, in a header or a query: for the provider it was meant for. `idempotency-key` is none. */
const foreignCredential =
  /^openai-(?:organization|project)$|(?:^|[-_])(?:api[-_]?key|auth(?:orization)?|token|secret|cookie)$/i;
const credentialParameter = /^(?:key|sig|signature)$|(?:^|[-_])(?:api[-_]?key|auth(?:orization)?|token|secret)$/i;

/**
 * The client's own key goes to the provider its request is meant for and to nobody else; stored keys are used where the
 * client has none for that provider, and only where it has shown the workspace's token as a header.
 */
export function credentialsFor(call: Call, provider: Provider, meantFor: string): Credentials {
  const isMeant = provider.name === meantFor;
  const own = isMeant ? clientSecret(call) : undefined;
  if (own !== undefined) return { kind: 'client', secret: own };
  const stored = storedKey(call, provider);
  if (typeof stored === 'string')
    return { kind: 'stored', secret: stored, header: keyHeader(provider, stored), isMeant };
  // A local model server, or the demo, needs no key; whoever else is asked without one would refuse by himself.
  if (isDemo(provider.baseUrl) || isLoopback(provider.baseUrl)) return { kind: 'none', isMeant };
  const envName = provider.config.dialect === 'anthropic' ? 'ANTHROPIC_API_KEY' : 'OPENAI_API_KEY';
  const refusal = missingKey(provider.name, stored, isMeant ? envName : undefined);
  return { kind: 'missing', refusal };
}

function clientSecret(call: Call): string | undefined {
  for (const name of credentialHeaders) {
    const value = call.headers.values.get(name);
    if (value !== undefined) return `${name}:${value}`;
  }
  return undefined;
}

function storedKey(call: Call, provider: Provider): string | MissingKey {
  const { apiKey } = provider.config;
  if (apiKey === undefined) return { kind: 'noReference' };
  if (!call.request.tokenInHeader) return { kind: 'pathToken' };
  const key = call.deps.keyOf(call.request.workspaceId, apiKey);
  if (key !== undefined && key !== '') return key;
  return { kind: apiKey.kind === 'env' ? 'envNotSet' : 'secretNotStored', name: apiKey.name };
}

function keyHeader(provider: Provider, secret: string): readonly [string, string] {
  if (provider.config.dialect === 'anthropic') return ['x-api-key', secret];
  const { keyHeader } = providerTraits(provider);
  return keyHeader === 'api-key' ? [keyHeader, secret] : [keyHeader, `Bearer ${secret}`];
}

/** The request's headers as this provider gets them. */
export function headersFor(call: Call, provider: Provider, credentials: Credentials): HeaderPairs {
  const { forward, foreign } = call.headers;
  // Behind a confirmed base URL there may be the very gateway whose headers these are.
  const pairs = provider.isConfirmed && foreign.length > 0 ? [...forward, ...foreign] : forward;
  if (credentials.kind === 'client') return pairs;
  const isMeant = credentials.kind === 'missing' || credentials.isMeant;
  const bare = pairs.filter(
    ([name]) => !isCredential.has(name.toLowerCase()) && (isMeant || !foreignCredential.test(name)),
  );
  return credentials.kind === 'stored' ? [...bare, credentials.header] : bare;
}

/** The request's path as this provider gets it: a key may stand in the query too (Google's `?key=`). */
export function pathFor(path: RequestPath, credentials: Credentials): RequestPath {
  if (path.query === '' || !('isMeant' in credentials) || credentials.isMeant) return path;
  const kept = path.query
    .slice(1)
    .split('&')
    .filter((pair) => ![...new URLSearchParams(pair).keys()].some((name) => credentialParameter.test(name)));
  return { ...path, query: kept.length === 0 ? '' : `?${kept.join('&')}` };
}
