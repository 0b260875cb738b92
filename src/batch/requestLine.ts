import type { PreparedRequest } from './preparedRequest.ts';
import { type BatchEndpoint, messagesEndpoint } from './requestRow.ts';

/**
 * What is sent of a job is written to disk as it is planned: for OpenAI-shaped providers the lines of the file that is
 * uploaded, for Anthropic the very body of the creating request, one request to a line.
 */
export function batchBodyStart(endpoint: BatchEndpoint): string {
  return endpoint === messagesEndpoint ? '{"requests":[\n' : '';
}

export function batchBodyEnd(endpoint: BatchEndpoint): string {
  return endpoint === messagesEndpoint ? '\n]}\n' : '';
}

/** One request with its id, of characters that need no escape. */
export function lineOf(
  id: string,
  { endpoint, bodyJson, target }: Pick<PreparedRequest, 'endpoint' | 'bodyJson' | 'target'>,
  isFirst: boolean,
): string {
  if (endpoint === messagesEndpoint) return `${isFirst ? '' : ',\n'}{"custom_id":"${id}","params":${bodyJson}}`;
  if (target.api === 'mistral') return `{"custom_id":"${id}","body":${bodyJson}}\n`;
  return `{"custom_id":"${id}","method":"POST","url":"${endpoint}","body":${bodyJson}}\n`;
}
