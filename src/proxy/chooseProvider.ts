import type { Config, ProviderConfig } from '../config/config.ts';
import type { RequestPath } from '../wire/requestPath.ts';
import type { Call } from './call.ts';
import { type Refusal, unknownProvider } from './errors.ts';

/** A provider as this workspace has it: where its requests go, and how it is spoken to. */
export interface Provider {
  readonly name: string;
  readonly config: ProviderConfig;
  /** The configured base URL, or the one the user confirmed in its place. */
  readonly baseUrl: string;
  /** The base URL was set elsewhere and confirmed by the user: another gateway may be behind it. */
  readonly isConfirmed: boolean;
}

/** The provider a request is meant for: named in the path, else told by its dialect. */
export function requestedProvider(path: RequestPath, headers: ReadonlyMap<string, string>): string {
  if (path.provider !== undefined) return path.provider;
  const isAnthropic =
    path.rest === '/messages' || path.rest.startsWith('/messages/') || headers.has('anthropic-version');
  return isAnthropic ? 'anthropic' : 'openai';
}

/** A provider by name; a refusal where the configuration has none. */
export function providerOf(call: Call, name: string): Provider | Refusal {
  const config = ownProvider(call.config, name);
  if (config === undefined) return unknownProvider(name, Object.keys(call.config.providers));
  const confirmed = call.deps.confirmedUpstream(call.request.workspaceId, name);
  return { name, config, baseUrl: confirmed ?? config.baseUrl, isConfirmed: confirmed !== undefined };
}

function ownProvider(config: Config, name: string): ProviderConfig | undefined {
  return Object.hasOwn(config.providers, name) ? config.providers[name] : undefined;
}
