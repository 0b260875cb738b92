import { isJsonObject } from '../wire/json.ts';
import {
  attempting,
  type BatchesOptions,
  downloadIdleMs,
  longTimeoutMs,
  maxPages,
  pageSize,
  reading,
  requestTimeoutMs,
} from './batchClient.ts';
import type { Answer, BatchProvider, BatchTrace, FoundBatch, ProviderBatch } from './batchProvider.ts';
import { jobMark } from './customIds.ts';
import type { SdkError } from './providerFailure.ts';
import { readLines } from './readLines.ts';
import { readMessageBatch } from './readMessageBatch.ts';
import { messagesEndpoint } from './requestRow.ts';
import { parseResultLine } from './resultLine.ts';
import { unlessSilent } from './unlessSilent.ts';

/** As the proxy asks: later versions refuse sampling parameters. */
const apiVersion = '2023-06-01';

const batchesPath = '/v1/messages/batches';

/**
 * Anthropic's Message Batches by the `@anthropic-ai/sdk` package, without its own retries. The body of a creation and the
 * results go through as they are, for they may be hundreds of megabytes; the results always come from our base URL, never
 * from the batch's `results_url`, which would take the key to whatever host it names.
 */
export async function createAnthropicBatches(options: BatchesOptions): Promise<BatchProvider> {
  const sdk = await import('@anthropic-ai/sdk');
  const client = new sdk.Anthropic({
    baseURL: options.baseUrl,
    apiKey: options.apiKey,
    authToken: null,
    fetch: options.fetch,
    maxRetries: 0,
    timeout: requestTimeoutMs,
    logLevel: 'off',
    defaultHeaders: { 'anthropic-version': apiVersion, 'x-api-key': options.apiKey, authorization: null },
  });
  const { signal } = options;

  const attempt = attempting((error): error is SdkError => error instanceof sdk.APIError, options);
  const batchOf = async (request: () => Promise<unknown>): Promise<Answer<ProviderBatch>> =>
    reading(await attempt(request), readMessageBatch, 'a message batch');
  const json = { 'content-type': 'application/json' };
  const content = (batchId: string): Promise<Answer<AsyncIterable<Uint8Array>>> =>
    attempt(async () => {
      const path = `${batchesPath}/${encodeURIComponent(batchId)}/results`;
      const { body } = await client
        .get(path, { headers: { accept: 'application/binary' }, signal, __binaryResponse: true })
        .asResponse();
      return unlessSilent(body, downloadIdleMs, options.startTimer);
    });
  const isOf = async (batchId: string, jobId: string): Promise<Answer<boolean>> => {
    const results = await content(batchId);
    if (!results.ok) return results;
    return attempt(async () => {
      for await (const { line } of readLines(results.value))
        return parseResultLine(line)?.customId.startsWith(jobMark(jobId)) === true;
      return false;
    });
  };
  const pages = async function* (): AsyncGenerator<readonly ProviderBatch[]> {
    let count = 0;
    const first = await client.messages.batches.list({ limit: pageSize }, { signal });
    for await (const page of first.iterPages()) {
      yield page.data.map(readMessageBatch).filter((batch) => batch !== undefined);
      count += 1;
      if (count >= maxPages) throw new Error('the listing has no end');
    }
  };

  return {
    unmarked: {
      newest: () =>
        attempt(async () => {
          const page = await client.messages.batches.list({ limit: pageSize }, { signal });
          return page.data.flatMap((batch) => readMessageBatch(batch)?.id ?? []);
        }),
      isOf,
    },
    create: async ({ content: requests }) => {
      const body = await requests();
      return batchOf(() => client.post(batchesPath, { body, headers: json, signal, timeout: longTimeoutMs }));
    },
    find: async (trace) => {
      const candidates = await attempt(() => collect(pages(), trace));
      return candidates.ok ? decide(candidates.value, trace, isOf) : candidates;
    },
    retrieve: (batchId) => batchOf(() => client.messages.batches.retrieve(batchId, undefined, { signal })),
    cancel: (batchId) => batchOf(() => client.messages.batches.cancel(batchId, undefined, { signal })),
    content,
    runOne: async (_endpoint, body) => {
      const answer = await attempt(() =>
        client.post<unknown>(messagesEndpoint, { body, headers: json, signal, timeout: longTimeoutMs }),
      );
      return reading(answer, (value) => (isJsonObject(value) ? value : undefined), 'a JSON object');
    },
  };
}

/** Batches that may be the job's, newest first: of its size, and not there before it was created. */
async function collect(
  pages: AsyncIterable<readonly ProviderBatch[]>,
  { seenIds, exceptIds, size }: BatchTrace,
): Promise<readonly ProviderBatch[]> {
  const candidates: ProviderBatch[] = [];
  for await (const batches of pages) {
    for (const batch of batches) {
      const isOther = seenIds.includes(batch.id) || exceptIds.includes(batch.id);
      if (!isOther && (batch.size === undefined || batch.size === size)) candidates.push(batch);
    }
    if (batches.some(({ id }) => seenIds.includes(id))) break;
  }
  return candidates;
}

/**
 * An ended batch is known by the ids in its results. One that runs may be the job's: the oldest is taken, which was
 * created soonest after we looked, until it has ended and can be asked.
 */
async function decide(
  candidates: readonly ProviderBatch[],
  { jobId }: BatchTrace,
  isOf: (batchId: string, jobId: string) => Promise<Answer<boolean>>,
): Promise<Answer<FoundBatch | undefined>> {
  let running: ProviderBatch | undefined;
  for (const batch of candidates) {
    if (batch.outputFileId === undefined) {
      running = batch;
      continue;
    }
    const own = await isOf(batch.id, jobId);
    // Results that are gone are of long ago.
    if (!own.ok && own.failure.kind !== 'notFound') return own;
    if (own.ok && own.value) return { ok: true, value: { batch, isCertain: true } };
  }
  return { ok: true, value: running === undefined ? undefined : { batch: running, isCertain: false } };
}
