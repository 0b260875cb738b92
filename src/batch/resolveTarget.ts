import type { Catalog } from '../catalog/catalog.ts';
import type { Price } from '../catalog/price.ts';
import type { AliasConfig, Config, ProviderConfig } from '../config/config.ts';
import { demoBaseUrl } from '../config/demoBaseUrl.ts';
import { type BatchApi, batchApiOf } from './batchApi.ts';
import { refusals } from './errors.ts';
import { type Refusal, refused } from './promptFile.ts';

/** Where a request goes and what is known of its model. */
export interface BatchTarget {
  readonly kind: 'target';
  readonly provider: string;
  /** The provider's own name of the model. */
  readonly model: string;
  readonly baseUrl: string;
  readonly demo: boolean;
  readonly api: BatchApi;
  readonly alias: string | undefined;
  readonly limits: Pick<AliasConfig, 'maxInputTokens' | 'maxOutputTokens'>;
  readonly price: Price | undefined;
  readonly tokenizer: string | undefined;
  readonly contextTokens: number | undefined;
  /** The longest answer of the model. */
  readonly maxOutputTokens: number | undefined;
}

/**
 * Resolves what a prompt file names: an alias to its first target, `provider/model`, or a bare id that belongs to the
 * provider that sells it. An unknown bare id goes to `openai`, where one is configured.
 */
export function resolveTarget(named: string, config: Config, catalog: Catalog): BatchTarget | Refusal {
  const alias = Object.hasOwn(config.aliases, named) ? config.aliases[named] : undefined;
  if (alias !== undefined) {
    const target = alias.targets[0];
    if (target === undefined) return refused(refusals.aliasWithoutTarget(named));
    const { maxInputTokens, maxOutputTokens } = alias;
    const limits = {
      ...(maxInputTokens === undefined ? {} : { maxInputTokens }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    };
    return targetOf(target.provider, target.model, named, limits, config, catalog);
  }
  if (!/^[\w@./:+-]+$/.test(named)) return refused(refusals.notAModelId(named));
  const slash = named.indexOf('/');
  const prefix = slash < 0 ? undefined : named.slice(0, slash);
  if (prefix !== undefined && Object.hasOwn(config.providers, prefix))
    return targetOf(prefix, named.slice(slash + 1), undefined, {}, config, catalog);
  const found = catalog.lookup(named);
  const provider = found.kind === 'known' ? found.model.provider : (prefix ?? 'openai');
  return targetOf(provider, named, undefined, {}, config, catalog);
}

function targetOf(
  provider: string,
  model: string,
  alias: string | undefined,
  limits: BatchTarget['limits'],
  config: Config,
  catalog: Catalog,
): BatchTarget | Refusal {
  const configured = Object.hasOwn(config.providers, provider) ? config.providers[provider] : undefined;
  if (configured === undefined) return refused(refusals.unknownProvider(alias ?? model, provider));
  const api = batchApiOf(provider, configured);
  if (api === undefined) return refused(refusals.noBatchApi(alias ?? model, provider));
  const found = catalog.lookup(model, provider);
  const isDemoProvider = isDemo(configured);
  if (isDemoProvider && configured.dialect === 'anthropic')
    return refused(refusals.demoDialect(alias ?? model, provider));
  // The demo provider answers in the name of models that others sell.
  const named = found.kind === 'unknown' && isDemoProvider ? catalog.lookup(model) : found;
  const known = named.kind === 'known' ? named.model : undefined;
  return {
    kind: 'target',
    provider,
    model,
    baseUrl: configured.baseUrl,
    demo: isDemoProvider,
    api,
    alias,
    limits,
    price: known?.price,
    tokenizer: known?.tokenizer,
    contextTokens: known?.contextTokens,
    maxOutputTokens: known?.maxOutputTokens,
  };
}

function isDemo(provider: ProviderConfig): boolean {
  return provider.baseUrl.startsWith(demoBaseUrl);
}
