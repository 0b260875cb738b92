import type { JobRecord } from './jobRecord.ts';
import { messagesEndpoint } from './requestRow.ts';

const dayMs = 24 * 3_600_000;

/** Long enough for a weekend. */
export const warnBeforeMs = 5 * dayMs;

/**
 * When the provider deletes the results: Anthropic 29 days after the batch was created, OpenAI 30 days after its output
 * file was; a batch whose end is not known may have ended at once.
 */
export function resultsUntilMs({ endpoint, createdAtMs, endedAtMs }: JobRecord): number {
  if (endpoint === messagesEndpoint) return createdAtMs + 29 * dayMs;
  return (endedAtMs ?? createdAtMs) + 30 * dayMs;
}
