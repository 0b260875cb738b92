import { isJsonObject, type JsonObject } from '../wire/json.ts';
import type { Answer, BatchProvider, BatchTrace, FoundBatch, ProviderBatch } from './batchProvider.ts';
import { jobMark } from './customIds.ts';
import { failureOf, unreadable } from './providerFailure.ts';
import { readLines } from './readLines.ts';
import { readMessageBatch } from './readMessageBatch.ts';
import { messagesEndpoint } from './requestRow.ts';
import { parseResultLine } from './resultLine.ts';
import { type StartTimer, unlessSilent } from './unlessSilent.ts';

export interface AnthropicBatchesOptions {
  /** As the SDK takes it, without `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  readonly startTimer: StartTimer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborts whatever is under way; aborted requests reject. */
  readonly signal: AbortSignal;
}

const requestTimeoutMs = 60_000;
const createTimeoutMs = 10 * 60_000;
const downloadIdleMs = 120_000;
const pageSize = 100;
const maxPages = 200;

/** As the proxy asks: later versions refuse sampling parameters. */
const apiVersion = '2023-06-01';

const batchesPath = '/v1/messages/batches';

/**
 * Anthropic's Message Batches by the `@anthropic-ai/sdk` package, without its own retries. The body of a creation and the
 * results go through as they are, for they may be hundreds of megabytes; the results always come from our base URL, never
 * from the batch's `results_url`, which would take the key to whatever host it names.
 */
export async function createAnthropicBatches(options: AnthropicBatchesOptions): Promise<BatchProvider> {
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

  const attempt = async <T>(request: () => Promise<T>): Promise<Answer<T>> => {
    try {
      return { ok: true, value: await request() };
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof sdk.APIError) return { ok: false, failure: failureOf(error, options.now()) };
      return { ok: false, failure: unreadable(error instanceof Error ? error.name : 'no answer') };
    }
  };
  const batchOf = async (request: () => Promise<unknown>): Promise<Answer<ProviderBatch>> => {
    const answer = await attempt(request);
    if (!answer.ok) return answer;
    const batch = readMessageBatch(answer.value);
    return batch === undefined ? { ok: false, failure: unreadable('not a message batch') } : { ok: true, value: batch };
  };
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
      return batchOf(() => client.post(batchesPath, { body, headers: json, signal, timeout: createTimeoutMs }));
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
        client.post(messagesEndpoint, { body, headers: json, signal, timeout: createTimeoutMs }),
      );
      if (!answer.ok) return answer;
      const reply: unknown = answer.value;
      return isJsonObject(reply) ? okay(reply) : { ok: false, failure: unreadable('not a JSON object') };
    },
  };
}

function okay(value: JsonObject): Answer<JsonObject> {
  return { ok: true, value };
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
