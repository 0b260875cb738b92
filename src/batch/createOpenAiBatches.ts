import { arrayAt, isJsonObject } from '../wire/json.ts';
import { type BatchesOptions, pageSize, reading } from './batchClient.ts';
import { type Answer, type BatchProvider, jobMetadataKey, type ProviderBatch } from './batchProvider.ts';
import { findBatch } from './findBatch.ts';
import { openAiFiles } from './openAiFiles.ts';
import { notOfThisApi } from './providerFailure.ts';
import { readBatch } from './readBatch.ts';
import { openAiEndpoints } from './requestRow.ts';

export interface OpenAiBatchesOptions extends BatchesOptions {
  readonly api: 'openai' | 'azure' | 'together';
}

/** The OpenAI-shaped batch API, with what Azure and Together have of their own. */
export async function createOpenAiBatches({ api, ...options }: OpenAiBatchesOptions): Promise<BatchProvider> {
  const isAzure = api === 'azure';
  const { client, attempt, upload, uploadTo, content, runOne } = await openAiFiles(
    isAzure ? { ...options, baseUrl: azureBaseUrl(options.baseUrl) } : options,
    isAzure ? { 'api-key': options.apiKey, authorization: null } : {},
  );
  const { signal } = options;
  const batchOf = async (request: () => Promise<unknown>): Promise<Answer<ProviderBatch>> =>
    reading(await attempt(request), readBatch, 'a batch object');
  const pages = async function* (): AsyncGenerator<readonly ProviderBatch[]> {
    for (let after: string | undefined; ; ) {
      const query = { limit: pageSize, ...(after === undefined ? {} : { after }) };
      const answer = await client.get<unknown>('/batches', { query, signal });
      const rows = Array.isArray(answer) ? answer : arrayAt(isJsonObject(answer) ? answer : {}, 'data');
      const batches = rows.map(readBatch).filter((batch) => batch !== undefined);
      yield batches;
      // Together's listing is one array.
      after = batches.at(-1)?.id;
      if (!isJsonObject(answer) || answer.has_more === false || after === undefined) return;
    }
  };

  return {
    upload: api === 'together' ? uploadToTogether : upload,
    create: async ({ jobId, inputFileId, endpoint }) => {
      const place = openAiEndpoints.find((known) => known === endpoint);
      if (inputFileId === undefined || place === undefined) return { ok: false, failure: notOfThisApi(endpoint) };
      const asked = { input_file_id: inputFileId, endpoint: place, completion_window: '24h' } as const;
      const metadata = { [jobMetadataKey]: jobId };
      // Together has no place for it: its batches are known by their input file.
      return batchOf(() =>
        client.post<unknown>('/batches', { body: api === 'together' ? asked : { ...asked, metadata }, signal }),
      );
    },
    find: (trace) => attempt(() => findBatch(pages(), trace, 'newestFirst')),
    retrieve: (batchId) => batchOf(() => client.batches.retrieve(batchId, { signal })),
    cancel: (batchId) => batchOf(() => client.batches.cancel(batchId, { signal })),
    content,
    runOne,
  };

  /** docs.together.ai/reference/upload-file (2026); servers that are made in its image may have OpenAI's path alone. */
  async function uploadToTogether(file: Blob, fileName: string): Promise<Answer<string>> {
    const fields = { purpose: 'batch-api', file_name: fileName, file_type: 'jsonl' };
    const answer = await uploadTo('/files/upload', file, fileName, fields);
    return !answer.ok && answer.failure.kind === 'notFound' ? uploadTo('/files', file, fileName, fields) : answer;
  }
}

/** The v1 API is OpenAI's under `/openai/v1`; the portal shows the host alone. It is asked also where calls use the dated one. */
function azureBaseUrl(baseUrl: string): string {
  const { pathname } = new URL(baseUrl);
  if (pathname === '/') return `${baseUrl.replace(/\/$/, '')}/openai/v1`;
  return pathname.endsWith('/openai') ? `${baseUrl}/v1` : baseUrl;
}
