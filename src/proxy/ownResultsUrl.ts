import type { RequestPath } from '../wire/requestPath.ts';
import type { Call } from './call.ts';
import type { Provider } from './chooseProvider.ts';

/** One batch, a list of them, or what creating or cancelling one answers; their results are a path of their own. */
const batchPath = /^\/messages\/batches(?:\/[^/]+(?:\/cancel)?)?$/;

/** Whether an answer may hold a `results_url`: absolute, and followed by Anthropic's SDK with the client's key. */
export function mayHoldResultsUrl({ config }: Provider, { rest }: RequestPath): boolean {
  return config.dialect === 'anthropic' && batchPath.test(rest);
}

const resultsUrl = /("results_url"\s*:\s*")https?:\/\/[^"/]+[^"]*?(\/v1\/messages\/batches\/[^"/?]+\/results)(?=[?"])/g;

/**
 * A batch's answer with every `results_url` leading here, whoever it named: a client that follows it takes its key with
 * it. All other bytes stay as they are.
 */
export function withOwnResultsUrl(bytes: Buffer, { request, path }: Pick<Call, 'request' | 'path'>): Buffer {
  const base = request.baseUrl + (path.provider === undefined ? '' : `/p/${path.provider}`);
  const text = bytes.toString('utf8');
  const own = text.replaceAll(resultsUrl, (_match, lead: string, rest: string) => lead + base + rest);
  return own === text ? bytes : Buffer.from(own, 'utf8');
}
