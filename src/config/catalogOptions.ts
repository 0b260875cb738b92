import type { CatalogOptions } from '../catalog/loadCatalog.ts';
import { canonicalProvider } from '../catalog/modelName.ts';
import { providerOfUrl } from '../catalog/providerOfUrl.ts';
import type { Config } from './config.ts';

/**
 * What a configuration says of prices: the user's own, and which provider is behind a name of the user's (`openai-eu`,
 * `work`): the one at the host of its base URL. Undefined where it says nothing that the shipped catalogue does not.
 */
export function catalogOptions({
  prices,
  providers,
}: Pick<Config, 'prices' | 'providers'>): CatalogOptions | undefined {
  const providerNames = new Map<string, string>();
  for (const [name, { baseUrl }] of Object.entries(providers)) {
    const provider = providerOfUrl(baseUrl);
    if (provider !== undefined && provider !== canonicalProvider(name)) providerNames.set(name, provider);
  }
  const { overrides } = prices;
  if (providerNames.size === 0 && Object.keys(overrides).length === 0) return undefined;
  return { overrides, providerNames };
}
