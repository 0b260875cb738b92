import type { AliasConfig, Config, FallbackConfig, ProviderConfig } from './config.ts';

const dayMs = 86_400_000;

/** Base URLs as the vendors' own SDKs take them. A stored key has the provider's name. */
const providers = {
  openai: openAiCompatible('openai', 'https://api.openai.com/v1'),
  anthropic: {
    dialect: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    apiKey: { kind: 'secret', name: 'anthropic' },
  },
  google: openAiCompatible('google', 'https://generativelanguage.googleapis.com/v1beta/openai'),
  mistral: openAiCompatible('mistral', 'https://api.mistral.ai/v1'),
  groq: openAiCompatible('groq', 'https://api.groq.com/openai/v1'),
  deepseek: openAiCompatible('deepseek', 'https://api.deepseek.com/v1'),
  xai: openAiCompatible('xai', 'https://api.x.ai/v1'),
  openrouter: openAiCompatible('openrouter', 'https://openrouter.ai/api/v1'),
  ollama: { dialect: 'openai', baseUrl: 'http://127.0.0.1:11434/v1' },
} as const satisfies Record<string, ProviderConfig>;

function openAiCompatible<Name extends string>(name: Name, baseUrl: string) {
  return { dialect: 'openai', baseUrl, apiKey: { kind: 'secret', name } } as const;
}

/** For a provider of the user's own that gives no base URL. */
export const defaultStorePrefix = 'tollgate';

export const defaultBaseUrls: Readonly<Record<ProviderConfig['dialect'], string>> = {
  openai: providers.openai.baseUrl,
  anthropic: providers.anthropic.baseUrl,
};

export const defaultFallback: FallbackConfig = {
  on: ['overload', 'server', 'context'],
  maxAttempts: 3,
  // What the vendors' SDKs wait: a long answer that is not streamed begins only when it is complete.
  deadlineMs: 600_000,
};

export const defaultOverflow: AliasConfig['onOverflow'] = 'error';

export const defaultBudget = { warnAt: [0.8], onExceed: 'block' } as const;

/**
 * What holds where nothing is written. The exact cache replays by itself only what asked for determinism, because a
 * replay silently collapses sampling; the semantic one only watches.
 */
export const defaultConfig: Config = {
  providers,
  aliases: {},
  tiers: [],
  router: { models: ['auto'], sticky: 'turn', stickyMs: 3_600_000, classifier: { mode: 'rules', timeoutMs: 2000 } },
  routes: [],
  cache: {
    scope: 'session',
    exact: { mode: 'auto', ttlMs: dayMs, maxBytes: 134_217_728 },
    semantic: { mode: 'shadow', embedder: 'lexical', ttlMs: dayMs },
    store: { kind: 'sqlite' },
  },
  budgets: [],
  attribution: { tags: [], pii: 'hash' },
  prices: { unpriced: 'warn', overrides: {} },
  reconcile: { toleranceRatio: 0.02, timezone: 'UTC' },
};
