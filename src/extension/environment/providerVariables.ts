/** The environment variables of a vendor's own SDKs. Both families read them in Node and in Python. */
export interface ProviderVariables {
  /** Also the key of `PutUpstreams.baseUrls`. */
  readonly provider: 'openai' | 'anthropic';
  readonly baseUrl: string;
  /** Set to our token where the user has no key: the one that both of the vendor's SDKs send as a header. */
  readonly key: string;
  /** Any of these means that the program brings a key of its own. */
  readonly keys: readonly string[];
  /** `Name: value` lines, sent with every request. */
  readonly customHeaders: string;
}

export const providerVariables: readonly ProviderVariables[] = [
  {
    provider: 'openai',
    baseUrl: 'OPENAI_BASE_URL',
    key: 'OPENAI_API_KEY',
    keys: ['OPENAI_API_KEY'],
    customHeaders: 'OPENAI_CUSTOM_HEADERS',
  },
  {
    provider: 'anthropic',
    baseUrl: 'ANTHROPIC_BASE_URL',
    key: 'ANTHROPIC_AUTH_TOKEN',
    keys: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
    customHeaders: 'ANTHROPIC_CUSTOM_HEADERS',
  },
];

export type ProviderName = ProviderVariables['provider'];

/** Tells programs, and the generated model map, that their calls come through Tollgate. */
export const presenceVariable = 'TOLLGATE';
