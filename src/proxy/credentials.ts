import type { KeyReference } from '../config/config.ts';
import type { Call } from './call.ts';
import type { Provider } from './chooseProvider.ts';
import type { MissingKey } from './errors.ts';
import type { HeaderPairs } from './exchange.ts';
import { isLoopback } from './upstreamUrl.ts';

/** Which key a request to a provider carries. */
export type Credentials =
  /** The client's own headers, untouched. */
  | { readonly kind: 'client'; readonly secret: string }
  /** A stored key in place of whatever the client sent. */
  | { readonly kind: 'stored'; readonly secret: string; readonly header: readonly [name: string, value: string] }
  /** The provider asks for none. */
  | { readonly kind: 'none' }
  | { readonly kind: 'missing'; readonly missing: MissingKey };

const credentialHeaders = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const;
const isCredential: ReadonlySet<string> = new Set(credentialHeaders);

/**
 * The client's own key goes to the provider its request is meant for and to nobody else; stored keys are used where the
 * client has none for that provider, and only where it has shown the workspace's token as a header.
 */
export function credentialsFor(call: Call, provider: Provider, meantFor: string): Credentials {
  const own = provider.name === meantFor ? clientSecret(call) : undefined;
  if (own !== undefined) return { kind: 'client', secret: own };
  const { apiKey } = provider.config;
  if (apiKey === undefined) return withoutReference(provider, meantFor);
  if (!call.request.tokenInHeader) return openOr(provider, { kind: 'pathToken', provider: provider.name });
  const secret = call.deps.keyOf(call.request.workspaceId, apiKey);
  if (secret === undefined || secret === '') return openOr(provider, keyNotFound(provider.name, apiKey));
  return { kind: 'stored', secret, header: keyHeader(provider, secret) };
}

function clientSecret(call: Call): string | undefined {
  for (const name of credentialHeaders) {
    const value = call.headers.values.get(name);
    if (value !== undefined) return `${name}:${value}`;
  }
  return undefined;
}

/** A local model server, or the demo, needs no key; whatever else is asked without one would answer 401 itself. */
function openOr(provider: Provider, missing: MissingKey): Credentials {
  return isOpen(provider) ? { kind: 'none' } : { kind: 'missing', missing };
}

function isOpen({ baseUrl }: Provider): boolean {
  return baseUrl.startsWith('demo:') || isLoopback(baseUrl);
}

function withoutReference(provider: Provider, meantFor: string): Credentials {
  const { name, config } = provider;
  if (name !== meantFor) return openOr(provider, { kind: 'otherProvider', provider: name });
  const envName = config.dialect === 'anthropic' ? 'ANTHROPIC_API_KEY' : 'OPENAI_API_KEY';
  return openOr(provider, { kind: 'noKey', provider: name, envName });
}

function keyNotFound(provider: string, { kind, name }: KeyReference): MissingKey {
  return kind === 'env' ? { kind: 'envNotSet', provider, name } : { kind: 'secretNotStored', provider, name };
}

function keyHeader(provider: Provider, secret: string): readonly [string, string] {
  return provider.config.dialect === 'anthropic' ? ['x-api-key', secret] : ['authorization', `Bearer ${secret}`];
}

/** The request's headers as this provider gets them. */
export function headersFor(call: Call, provider: Provider, credentials: Credentials): HeaderPairs {
  const { forward, foreign } = call.headers;
  // Behind a confirmed base URL there may be the very gateway whose headers these are.
  const pairs = provider.isConfirmed && foreign.length > 0 ? [...forward, ...foreign] : forward;
  if (credentials.kind === 'client') return pairs;
  const bare = pairs.filter(([name]) => !isCredential.has(name.toLowerCase()));
  return credentials.kind === 'stored' ? [...bare, credentials.header] : bare;
}
