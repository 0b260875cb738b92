import { type ProviderName, presenceVariable, providerVariables } from './providerVariables.ts';

/** A place that gives variables to the user's programs. */
export interface EnvironmentSource {
  readonly kind: 'process' | 'terminalSetting' | 'envFile' | 'launchConfiguration';
  /** What the user knows it by: `.env.local`, the name of a launch configuration, … */
  readonly name: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** A base URL that is set already, and not by us. */
export interface BaseUrlConflict {
  readonly provider: ProviderName;
  readonly variable: string;
  readonly value: string;
  readonly source: { readonly kind: EnvironmentSource['kind']; readonly name: string };
}

/** Our own URLs: the editor may itself have been started from a metered terminal. */
const ownBaseUrl = /^http:\/\/127\.0\.0\.1:\d+\/t\/[^/]+/;

/** The base URLs that are set elsewhere, at most one per provider and source, in the order of the sources. */
export function findConflicts(sources: readonly EnvironmentSource[]): BaseUrlConflict[] {
  return sources.flatMap(({ kind, name, variables }) =>
    providerVariables.flatMap(({ provider, baseUrl }) => {
      const value = variables.get(baseUrl)?.trim();
      if (value === undefined || value === '' || ownBaseUrl.test(value)) return [];
      return [{ provider, variable: baseUrl, value, source: { kind, name } }];
    }),
  );
}

/** Providers for which some source holds a key, so that programs bring their own. */
export function providersWithKey(sources: readonly EnvironmentSource[]): ReadonlySet<ProviderName> {
  const found = new Set<ProviderName>();
  for (const { variables } of sources) {
    // Started from one of our terminals, the editor sees our token as the key.
    const ours = [...variables.values()].flatMap(
      (value) => /^http:\/\/127\.0\.0\.1:\d+\/t\/([^/]+)/.exec(value)?.[1] ?? [],
    );
    for (const { provider, keys } of providerVariables) {
      const brings = keys.some((key) => {
        const value = variables.get(key)?.trim() ?? '';
        return value !== '' && !(variables.has(presenceVariable) && ours.includes(value));
      });
      if (brings) found.add(provider);
    }
  }
  return found;
}

/** The part of a URL that can be shown: never a path or a user part, which can hold secrets. */
export function hostOf(url: string): string {
  return URL.parse(url)?.host || '?';
}
