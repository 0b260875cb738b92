import type { ChatTarget } from '../wire/translate/writeChatRequest.ts';
import type { Provider } from './chooseProvider.ts';
import { isAzure } from './upstreamUrl.ts';

/** How a provider differs from what its dialect says. */
export interface ProviderTraits extends Pick<ChatTarget, 'maxTokensField' | 'nineCharacterIds' | 'takesUser'> {
  /** Usage comes with every stream, and asking for it is refused. */
  readonly reportsUsageAnyway: boolean;
  readonly hasResponses: boolean;
  /** Where a stored key goes, in providers of the OpenAI dialect. */
  readonly keyHeader: 'authorization' | 'api-key';
}

const plain: ProviderTraits = {
  maxTokensField: 'max_tokens',
  nineCharacterIds: false,
  takesUser: true,
  reportsUsageAnyway: false,
  hasResponses: true,
  keyHeader: 'authorization',
};

const openai: ProviderTraits = { ...plain, maxTokensField: 'max_completion_tokens' };
const azure: ProviderTraits = { ...openai, keyHeader: 'api-key' };
const chatOnly: ProviderTraits = { ...plain, hasResponses: false };

/** By host, whatever the provider is called; a server that is not listed here is taken by its dialect's word. */
const ofHost: Readonly<Record<string, ProviderTraits>> = {
  'api.openai.com': openai,
  // docs.mistral.ai/api, 2026-08: unknown fields are refused.
  'api.mistral.ai': { ...chatOnly, nineCharacterIds: true, takesUser: false, reportsUsageAnyway: true },
  'api.deepseek.com': chatOnly,
  'generativelanguage.googleapis.com': chatOnly,
};

export function providerTraits({ baseUrl }: Pick<Provider, 'baseUrl'>): ProviderTraits {
  if (isAzure(baseUrl)) return azure;
  const host = URL.parse(baseUrl)?.hostname ?? '';
  return (Object.hasOwn(ofHost, host) ? ofHost[host] : undefined) ?? plain;
}
