import { streamOptionsWithUsage } from '../wire/includeUsage.ts';
import type { ParsedRequest } from '../wire/parsedRequest.ts';
import type { Provider } from './chooseProvider.ts';
import { providerTraits } from './providerTraits.ts';

/** `stream_options` as JSON text where usage has to be asked for in the client's place. */
export function asksForUsage(request: ParsedRequest, provider: Provider): string | undefined {
  const options = provider.config.dialect === 'openai' ? streamOptionsWithUsage(request) : undefined;
  return options === undefined || providerTraits(provider).reportsUsageAnyway ? undefined : options;
}
