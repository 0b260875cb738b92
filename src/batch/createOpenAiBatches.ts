import { isJsonObject, type JsonObject } from '../wire/json.ts';
import type { Answer, BatchProvider, BatchTrace, ProviderBatch, ProviderFailure } from './batchProvider.ts';
import { jobMetadataKey } from './batchProvider.ts';
import { failureOf, notOfThisApi, unreadable } from './providerFailure.ts';
import { readBatch } from './readBatch.ts';
import { openAiEndpoints } from './requestRow.ts';
import { type StartTimer, unlessSilent } from './unlessSilent.ts';

export interface OpenAiBatchesOptions {
  /** As the SDK takes it, with `/v1`. */
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
const uploadTimeoutMs = 10 * 60_000;
const downloadIdleMs = 120_000;
const pageSize = 100;
/** 20,000 batches; OpenAI takes 2,000 an hour. */
const maxPages = 200;
/** Clocks differ: a batch may look older than the request that made it. */
const clockSlackMs = 24 * 3_600_000;

/** Azure's hosts take a key in a header of their own. */
function keyHeaders({ baseUrl, apiKey }: OpenAiBatchesOptions): Record<string, string | null> {
  const isAzure = /^https:\/\/[\w-]+\.(?:openai\.azure|services\.ai\.azure|cognitiveservices\.azure)\.com\//.test(
    baseUrl,
  );
  return isAzure ? { 'api-key': apiKey, authorization: null } : {};
}

/** Rows of a listing that are not newest first do not tell where to stop. */
function isBefore(batches: readonly ProviderBatch[], timeMs: number): boolean {
  const created = batches.map(({ createdAtMs }) => createdAtMs ?? Number.POSITIVE_INFINITY);
  return created.length > 0 && created.every((ms, index) => ms < timeMs && ms <= (created[index - 1] ?? ms));
}

/** The OpenAI-shaped batch API by the `openai` package, without its own retries: a repeated create is a second batch. */
export async function createOpenAiBatches(options: OpenAiBatchesOptions): Promise<BatchProvider> {
  const sdk = await import('openai');
  const client = new sdk.OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey,
    fetch: options.fetch,
    maxRetries: 0,
    timeout: requestTimeoutMs,
    logLevel: 'off',
    // The environment of the service is not that of the workspace.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    defaultHeaders: keyHeaders(options),
  });
  const { signal } = options;

  const attempt = async <T>(request: () => Promise<T>): Promise<Answer<T>> => {
    try {
      return { ok: true, value: await request() };
    } catch (error) {
      if (signal.aborted) throw error;
      const failure: ProviderFailure =
        error instanceof sdk.APIError
          ? failureOf(error, options.now())
          : unreadable(error instanceof Error ? error.name : 'no answer');
      return { ok: false, failure };
    }
  };
  const batchOf = async (request: () => Promise<unknown>): Promise<Answer<ProviderBatch>> => {
    const answer = await attempt(request);
    if (!answer.ok) return answer;
    const batch = readBatch(answer.value);
    return batch === undefined ? { ok: false, failure: unreadable('not a batch object') } : { ok: true, value: batch };
  };

  const objectOf = async (request: () => Promise<unknown>): Promise<Answer<JsonObject>> => {
    const answer = await attempt(request);
    if (!answer.ok) return answer;
    return isJsonObject(answer.value)
      ? { ok: true, value: answer.value }
      : { ok: false, failure: unreadable('not a JSON object') };
  };

  return {
    upload: async (content, fileName) => {
      const file = new File([content], fileName, { type: 'application/jsonl' });
      const answer = await attempt(() =>
        client.files.create({ file, purpose: 'batch' }, { timeout: uploadTimeoutMs, signal }),
      );
      if (!answer.ok) return answer;
      const id: unknown = answer.value.id;
      return typeof id === 'string' && id !== ''
        ? { ok: true, value: id }
        : { ok: false, failure: unreadable('not a file object') };
    },
    create: async ({ jobId, inputFileId, endpoint }) => {
      const place = openAiEndpoints.find((known) => known === endpoint);
      if (inputFileId === undefined || place === undefined) return { ok: false, failure: notOfThisApi(endpoint) };
      return batchOf(() =>
        client.batches.create(
          {
            input_file_id: inputFileId,
            endpoint: place,
            completion_window: '24h',
            metadata: { [jobMetadataKey]: jobId },
          },
          { signal },
        ),
      );
    },
    find: (trace) =>
      attempt(async () => {
        const pages = (await client.batches.list({ limit: pageSize }, { signal })).iterPages();
        let count = 0;
        for await (const page of pages) {
          const batches = page.data.map(readBatch).filter((batch) => batch !== undefined);
          const found = batches.find((batch) => isOf(batch, trace));
          if (found !== undefined) return { batch: found, isCertain: true };
          if (isBefore(batches, trace.submittedAtMs - clockSlackMs)) return undefined;
          count += 1;
          if (count >= maxPages) throw new Error('the listing has no end');
        }
        return undefined;
      }),
    retrieve: (batchId) => batchOf(() => client.batches.retrieve(batchId, { signal })),
    cancel: (batchId) => batchOf(() => client.batches.cancel(batchId, { signal })),
    content: (fileId) =>
      attempt(async () => {
        const { body } = await client.files.content(fileId, { signal });
        return unlessSilent(body, downloadIdleMs, options.startTimer);
      }),
    runOne: (endpoint, body) =>
      objectOf(() =>
        client.post(endpoint.replace(/^\/v1/, ''), {
          body,
          headers: { 'content-type': 'application/json' },
          signal,
          timeout: uploadTimeoutMs,
        }),
      ),
  };
}

function isOf({ id, jobId, inputFileId }: ProviderBatch, trace: BatchTrace): boolean {
  if (trace.exceptIds.includes(id)) return false;
  return jobId === trace.jobId || (inputFileId !== undefined && inputFileId === trace.inputFileId);
}
