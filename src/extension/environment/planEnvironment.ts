import type { RegisteredWorkspace } from '../../service/api.ts';
import type { BaseUrlConflict } from './environmentSources.ts';
import { type ProviderName, presenceVariable, providerVariables } from './providerVariables.ts';

export interface EnvironmentInput {
  readonly workspace: RegisteredWorkspace;
  readonly conflicts: readonly BaseUrlConflict[];
  /** Base URLs that the user made the provider's upstream: they are known to the service and may be replaced. */
  readonly confirmedUpstreams: Readonly<Partial<Record<ProviderName, string>>>;
  readonly providersWithKey: ReadonlySet<ProviderName>;
  /** Providers whose key the user gave Tollgate to keep. */
  readonly providersWithStoredKey: ReadonlySet<ProviderName>;
  /** `x-tollgate-…` headers that tell whose calls these are. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface EnvironmentPlan {
  /** Set whatever was there before. */
  readonly replace: ReadonlyMap<string, string>;
  /** Added to the end of what is there. */
  readonly append: ReadonlyMap<string, string>;
  /** Left as they are: calls to these addresses are not metered. */
  readonly notMetered: readonly BaseUrlConflict[];
}

/** What a workspace's terminals, tasks and debug sessions are given. Never replaces a base URL the user did not confirm. */
export function planEnvironment(input: EnvironmentInput): EnvironmentPlan {
  const notMetered = input.conflicts.filter(({ provider, value }) => input.confirmedUpstreams[provider] !== value);
  const left = new Set(notMetered.map(({ provider }) => provider));
  const replace = new Map<string, string>();
  const append = new Map<string, string>();
  for (const { provider, baseUrl, key, customHeaders } of providerVariables) {
    if (left.has(provider)) continue;
    replace.set(baseUrl, input.workspace.baseUrls[provider]);
    if (getsToken(provider, input)) replace.set(key, input.workspace.token);
    append.set(customHeaders, headerLines(input.headers));
  }
  if (replace.size > 0) replace.set(presenceVariable, '1');
  return { replace, append, notMetered };
}

/** Our token stands in for a key only where there is none: it can reach no provider, so it must never hide a real one. */
function getsToken(provider: ProviderName, input: EnvironmentInput): boolean {
  if (input.providersWithKey.has(provider)) return false;
  return input.workspace.demo || input.providersWithStoredKey.has(provider);
}

/**
 * Each header on a line of its own. Starts with a line break, because it is added to lines that may be there already;
 * the SDKs skip lines without a colon.
 */
function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `\n${name}: ${value}`)
    .join('');
}
