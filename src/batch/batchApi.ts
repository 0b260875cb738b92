import { providerOfUrl } from '../catalog/providerOfUrl.ts';
import type { ProviderConfig } from '../config/config.ts';
import { type BatchEndpoint, messagesEndpoint } from './requestRow.ts';

/** Whose objects and requests a provider's batches are made of. */
export type BatchApi = 'openai' | 'azure' | 'together' | 'mistral' | 'anthropic';

/** APIs that differ from OpenAI's, by what hosts and providers are called. */
const apiOfName: Readonly<Record<string, BatchApi>> = {
  azure: 'azure',
  together: 'together',
  togetherai: 'together',
  mistral: 'mistral',
};

/**
 * The batch API of a provider: what its configuration says, else that of its host, else, at a host that is nobody's, what
 * the provider is called. Undefined = none that we speak: Google's files come and go by another API than its batches.
 */
export function batchApiOf(name: string, provider: ProviderConfig): BatchApi | undefined {
  if (provider.dialect === 'anthropic') return 'anthropic';
  if (provider.batchApi !== undefined) return provider.batchApi;
  if (provider.apiVersion !== undefined) return 'azure';
  const vendor = providerOfUrl(provider.baseUrl) ?? name.toLowerCase();
  if (vendor === 'google' && providerOfUrl(provider.baseUrl) !== undefined) return undefined;
  return Object.hasOwn(apiOfName, vendor) ? apiOfName[vendor] : 'openai';
}

const openAiEndpoints: readonly BatchEndpoint[] = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/embeddings',
  '/v1/completions',
];

/**
 * What can be asked in a batch: docs.mistral.ai/capabilities/batch and docs.together.ai/docs/batch-inference (2026). The
 * others take what OpenAI takes, or say themselves what they do not.
 */
export const endpointsOf: Readonly<Record<BatchApi, readonly BatchEndpoint[]>> = {
  openai: openAiEndpoints,
  azure: openAiEndpoints,
  together: ['/v1/chat/completions'],
  mistral: ['/v1/chat/completions', '/v1/embeddings'],
  anthropic: [messagesEndpoint],
};
