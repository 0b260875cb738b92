import { streamOptionsWithUsage } from '../wire/includeUsage.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { Provider } from './chooseProvider.ts';
import { hostOf } from './upstreamUrl.ts';

/** Mistral refuses fields it does not know, and reports usage in every stream (docs.mistral.ai/api, 2026-08). */
const reportsAnyway = new Set(['api.mistral.ai']);

/** `stream_options` as JSON text where usage has to be asked for in the client's place. */
export function asksForUsage(request: ParsedRequest, provider: Provider): string | undefined {
  const options = provider.config.dialect === 'openai' ? streamOptionsWithUsage(request) : undefined;
  return options === undefined || reportsAnyway.has(hostOf(provider.baseUrl)) ? undefined : options;
}
