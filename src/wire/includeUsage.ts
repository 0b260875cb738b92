import { objectAt } from './json.ts';
import type { ParsedRequest } from './parsedRequest.ts';

/**
 * The value of `stream_options` with usage asked for, as JSON text; undefined where the client asks itself, or where the
 * endpoint has no such option. Without it a streamed OpenAI completion says nothing about what it is billed at.
 */
export function streamOptionsWithUsage({ endpoint, stream, body }: ParsedRequest): string | undefined {
  if (!stream || (endpoint !== 'chat.completions' && endpoint !== 'completions')) return undefined;
  const options = objectAt(body, 'stream_options');
  if (options?.include_usage === true) return undefined;
  return JSON.stringify({ ...options, include_usage: true });
}
