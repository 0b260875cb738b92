import type { AliasConfig, Config, KeyReference, ProviderConfig, RouteConfig, Target } from './config.ts';
import {
  defaultBaseUrls,
  defaultBudget,
  defaultConfig,
  defaultFallback,
  defaultOverflow,
  defaultStorePrefix,
} from './defaultConfig.ts';
import { demoBaseUrl } from './demoBaseUrl.ts';
import type { ConfigFile } from './fileSchema.ts';

type AliasFile = NonNullable<ConfigFile['aliases']>[string];
type ProviderFile = NonNullable<ConfigFile['providers']>[string];
type RouteFile = NonNullable<ConfigFile['routes']>[number];

/** `openai/gpt-4o` → provider and model; the model may hold further slashes. */
export function parseTarget(text: string): Target {
  const slash = text.indexOf('/');
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}

export function parseKeyReference(text: string): KeyReference {
  const colon = text.indexOf(':');
  return { kind: text.startsWith('env:') ? 'env' : 'secret', name: text.slice(colon + 1) };
}

function normalBaseUrl(text: string): string {
  return text === demoBaseUrl ? text : text.replace(/\/+$/, '');
}

/** The stored key of a well-known provider is for that provider: another host gets it only where the file says so. */
function providerConfig(name: string, file: ProviderFile): ProviderConfig {
  const known = Object.hasOwn(defaultConfig.providers, name) ? defaultConfig.providers[name] : undefined;
  const own = known?.dialect === file.dialect ? known : undefined;
  const baseUrl = normalBaseUrl(file.baseUrl ?? own?.baseUrl ?? defaultBaseUrls[file.dialect]);
  const sameHost = own !== undefined && (baseUrl === demoBaseUrl || baseUrl === own.baseUrl);
  const apiKey = file.apiKey === undefined ? (sameHost ? own.apiKey : undefined) : parseKeyReference(file.apiKey);
  const { apiVersion, batchApi } = file;
  return {
    dialect: file.dialect,
    baseUrl,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(batchApi === undefined ? {} : { batchApi }),
  };
}

function aliasConfig(file: AliasFile): AliasConfig {
  const { fallback } = file;
  return {
    targets: file.targets.map(parseTarget),
    ...(file.maxInputTokens === undefined ? {} : { maxInputTokens: file.maxInputTokens }),
    ...(file.maxOutputTokens === undefined ? {} : { maxOutputTokens: file.maxOutputTokens }),
    onOverflow: file.onOverflow ?? defaultOverflow,
    fallback: {
      on: fallback?.on ?? defaultFallback.on,
      maxAttempts: fallback?.maxAttempts ?? defaultFallback.maxAttempts,
      deadlineMs: fallback?.deadlineMs ?? defaultFallback.deadlineMs,
    },
  };
}

function routeConfig(file: RouteFile): RouteConfig {
  return {
    name: file.name,
    match: { ...file.match },
    use: file.use,
    ...(file.maxInputTokens === undefined ? {} : { maxInputTokens: file.maxInputTokens }),
    ...(file.maxOutputTokens === undefined ? {} : { maxOutputTokens: file.maxOutputTokens }),
    ...(file.onOverflow === undefined ? {} : { onOverflow: file.onOverflow }),
    ...(file.escalate === undefined ? {} : { escalate: file.escalate }),
    ...(file.guard === undefined ? {} : { guard: file.guard }),
  };
}

function routerConfig(file: ConfigFile['router']): Config['router'] {
  const { models, sticky, stickyMs, classifier } = defaultConfig.router;
  return {
    models: file?.models ?? models,
    sticky: file?.sticky ?? sticky,
    stickyMs: file?.stickyMs ?? stickyMs,
    classifier: {
      mode: file?.classifier?.mode ?? classifier.mode,
      timeoutMs: file?.classifier?.timeoutMs ?? classifier.timeoutMs,
      ...(file?.classifier?.use === undefined ? {} : { use: file.classifier.use }),
    },
  };
}

function mapNamed<From, To>(named: Readonly<Record<string, From>>, map: (value: From, name: string) => To) {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, map(value, name)] as const));
}

function storeConfig(file: NonNullable<NonNullable<ConfigFile['cache']>['store']>): Config['cache']['store'] {
  if (file.kind === 'redis') return { kind: 'redis', url: file.url, prefix: file.prefix ?? defaultStorePrefix };
  return file.key === undefined ? { kind: 'sqlite' } : { kind: 'sqlite', key: parseKeyReference(file.key) };
}

function cacheConfig(file: ConfigFile['cache'], routes: readonly RouteFile[] = []): Config['cache'] {
  const { scope, exact, semantic, store } = defaultConfig.cache;
  return {
    scope: file?.scope ?? scope,
    exact: {
      mode: file?.exact?.mode ?? exact.mode,
      ttlMs: file?.exact?.ttlMs ?? exact.ttlMs,
      maxBytes: file?.exact?.maxBytes ?? exact.maxBytes,
    },
    semantic: {
      mode: file?.semantic?.mode ?? semantic.mode,
      embedder: file?.semantic?.embedder ?? semantic.embedder,
      ...(file?.semantic?.threshold === undefined ? {} : { threshold: file.semantic.threshold }),
      ttlMs: file?.semantic?.ttlMs ?? semantic.ttlMs,
    },
    store: file?.store === undefined ? store : storeConfig(file.store),
    ...routeModes(routes),
  };
}

function routeModes(routes: readonly RouteFile[]): Pick<Config['cache'], 'routes'> {
  const named = routes.flatMap(({ name, cache }) => {
    if (cache === undefined) return [];
    const { exact, semantic } = cache;
    const modes = { ...(exact === undefined ? {} : { exact }), ...(semantic === undefined ? {} : { semantic }) };
    return [[name, modes] as const];
  });
  return named.length === 0 ? {} : { routes: Object.fromEntries(named) };
}

function priceConfig(file: ConfigFile['prices']): Config['prices'] {
  const overrides = mapNamed(file?.overrides ?? {}, ({ usdPerMTok }) => ({
    usdPerMTok: Object.fromEntries(Object.entries(usdPerMTok).filter(([, usd]) => usd !== undefined)),
  }));
  return { unpriced: file?.unpriced ?? defaultConfig.prices.unpriced, overrides };
}

/** The effective configuration of a merged file: every default filled in, references still unchecked. */
export function fillDefaults(file: ConfigFile): Config {
  const { attribution, reconcile } = defaultConfig;
  return {
    providers: {
      ...defaultConfig.providers,
      ...mapNamed(file.providers ?? {}, (provider, name) => providerConfig(name, provider)),
    },
    aliases: mapNamed(file.aliases ?? {}, aliasConfig),
    tiers: file.tiers ?? defaultConfig.tiers,
    router: routerConfig(file.router),
    routes: (file.routes ?? []).map(routeConfig),
    cache: cacheConfig(file.cache, file.routes),
    budgets: (file.budgets ?? []).map((budget) => ({
      scope: budget.scope,
      limitUsd: budget.limitUsd,
      window: budget.window,
      warnAt: budget.warnAt ?? defaultBudget.warnAt,
      onExceed: budget.onExceed ?? defaultBudget.onExceed,
      ...(budget.downgradeTo === undefined ? {} : { downgradeTo: budget.downgradeTo }),
      ...(budget.shared === true ? { shared: true } : {}),
    })),
    attribution: { tags: file.attribution?.tags ?? attribution.tags, pii: file.attribution?.pii ?? attribution.pii },
    prices: priceConfig(file.prices),
    reconcile: {
      toleranceRatio: file.reconcile?.toleranceRatio ?? reconcile.toleranceRatio,
      timezone: file.reconcile?.timezone ?? reconcile.timezone,
    },
  };
}
