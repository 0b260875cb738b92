import type { UsdPerMTok } from '../catalog/price.ts';

/** A key by reference; never the key itself. `secret` is in the editor's SecretStorage, `env` in the service's environment. */
export interface KeyReference {
  readonly kind: 'secret' | 'env';
  readonly name: string;
}

export interface ProviderConfig {
  readonly dialect: 'openai' | 'anthropic';
  /** What the vendor's own SDK takes: OpenAI with `/v1`, Anthropic without. `demo:` is the built-in demo provider. */
  readonly baseUrl: string;
  readonly apiKey?: KeyReference;
  /** Azure OpenAI's dated API, where the model is a deployment in the path; absent = its v1 API, or no Azure. */
  readonly apiVersion?: string;
  /** Whose batch API it has, where host and name do not tell. */
  readonly batchApi?: 'openai' | 'azure' | 'together' | 'mistral';
}

/** A model of a configured provider. Written `provider/model`. */
export interface Target {
  readonly provider: string;
  readonly model: string;
}

export type FailureClass = 'connect' | 'overload' | 'server' | 'context' | 'policy' | 'quota' | 'auth';

export interface FallbackConfig {
  readonly on: readonly FailureClass[];
  readonly maxAttempts: number;
  readonly deadlineMs: number;
}

export interface AliasConfig {
  readonly targets: readonly Target[];
  readonly maxInputTokens?: number;
  readonly maxOutputTokens?: number;
  readonly onOverflow: 'error' | 'truncate' | 'largerTarget';
  readonly fallback: FallbackConfig;
}

/** How the tier of a call is found that no route fits. `model` asks the alias `use` where the rules are in doubt. */
export interface ClassifierConfig {
  readonly mode: 'off' | 'rules' | 'model';
  readonly use?: string;
  /** How long the alias may take; then the rules decide. */
  readonly timeoutMs: number;
}

export interface RouterConfig {
  /** Model names that ask for routing instead of naming a model. */
  readonly models: readonly string[];
  /** What keeps its tier: a turn (an instruction and the tool calls it leads to), a conversation, or nothing. */
  readonly sticky: 'off' | 'turn' | 'session';
  /** A conversation that has been silent for this long is decided anew: by then its cached prefix is gone. */
  readonly stickyMs: number;
  readonly classifier: ClassifierConfig;
}

export interface RouteConfig {
  readonly name: string;
  readonly match: Readonly<Record<string, unknown>>;
  readonly use: string;
  /** Beside those of the alias: the lower holds. */
  readonly maxInputTokens?: number;
  readonly maxOutputTokens?: number;
  /** In place of the alias's. */
  readonly onOverflow?: AliasConfig['onOverflow'];
  readonly escalate?: { readonly to: string; readonly on: readonly string[] };
  readonly guard?: { readonly maxErrorRate: number; readonly minCalls: number; readonly windowMs: number };
}

/** `auto`: `on` for requests that ask for determinism (temperature 0 or a seed), `shadow` for the rest. */
export type CacheMode = 'off' | 'shadow' | 'on' | 'auto';

export interface CacheConfig {
  readonly scope: 'session' | 'workspace' | 'team';
  readonly exact: { readonly mode: CacheMode; readonly ttlMs: number; readonly maxBytes: number };
  readonly semantic: {
    readonly mode: Exclude<CacheMode, 'auto'>;
    readonly embedder: string;
    /** Cosine from which questions share an answer; absent = what the embedder was calibrated to. */
    readonly threshold?: number;
    readonly ttlMs: number;
  };
  readonly store:
    | { readonly kind: 'sqlite'; readonly key?: KeyReference }
    | { readonly kind: 'redis'; readonly url: string; readonly prefix: string };
  /** Modes of calls that take a route, by its name; absent = those above. */
  readonly routes?: Readonly<Record<string, RouteCacheModes>>;
}

export interface RouteCacheModes {
  readonly exact?: CacheMode;
  readonly semantic?: CacheConfig['semantic']['mode'];
}

export interface SpendingLimit {
  readonly scope: string;
  readonly limitUsd: number;
  readonly window: 'session' | 'day' | 'week' | 'month';
  readonly warnAt: readonly number[];
  readonly onExceed: 'warn' | 'downgrade' | 'block';
  /** The alias that calls go down to; absent = the next lower tier. */
  readonly downgradeTo?: string;
  /** Counted over everybody who names the same shared store. */
  readonly shared?: boolean;
}

export interface PriceOverride {
  readonly usdPerMTok: UsdPerMTok;
}

/** One workspace's effective configuration: every default filled in, every layer merged. Made by `resolveConfig`. */
export interface Config {
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  readonly aliases: Readonly<Record<string, AliasConfig>>;
  /** Aliases from the cheapest to the best. */
  readonly tiers: readonly string[];
  readonly router: RouterConfig;
  readonly routes: readonly RouteConfig[];
  readonly cache: CacheConfig;
  readonly budgets: readonly SpendingLimit[];
  readonly attribution: { readonly tags: readonly string[]; readonly pii: 'hash' | 'drop' | 'reject' };
  readonly prices: {
    readonly unpriced: 'warn' | 'block' | 'estimate';
    readonly overrides: Readonly<Record<string, PriceOverride>>;
  };
  readonly reconcile: { readonly toleranceRatio: number; readonly timezone: string };
}

/** Something wrong in a config file, placed where it stands. Offsets are UTF-16. */
export interface ConfigProblem {
  readonly code: 'syntax' | 'unknownKey' | 'value' | 'secretInFile' | 'reference' | 'notAllowedHere' | 'version';
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly start: number;
  readonly end: number;
}

export const configFileName = 'tollgate.jsonc';
export const localConfigFileName = 'tollgate.local.jsonc';
