import { arrayAt, isJsonObject } from '../wire/json.ts';
import { type BatchesOptions, pageSize, reading } from './batchClient.ts';
import { type Answer, type BatchProvider, jobMetadataKey, type ProviderBatch } from './batchProvider.ts';
import { findBatch } from './findBatch.ts';
import { openAiFiles } from './openAiFiles.ts';
import { notOfThisApi } from './providerFailure.ts';
import { readMistralBatch } from './readMistralBatch.ts';

export interface MistralBatchesOptions extends BatchesOptions {
  /** One for the whole batch: its lines name none. */
  readonly model: string;
}

const jobsPath = '/batch/jobs';

/**
 * Mistral's own batch API (docs.mistral.ai/api/endpoint/batch, 2026). Its files and its calls are as OpenAI's, so the
 * `openai` package carries them.
 */
export async function createMistralBatches({ model, ...options }: MistralBatchesOptions): Promise<BatchProvider> {
  const { client, attempt, upload, content, runOne } = await openAiFiles(options);
  const { signal } = options;
  const batchOf = async (request: () => Promise<unknown>): Promise<Answer<ProviderBatch>> =>
    reading(await attempt(request), readMistralBatch, 'a batch job');
  const pathOf = (id: string): string => `${jobsPath}/${encodeURIComponent(id)}`;
  const pages = async function* (): AsyncGenerator<readonly ProviderBatch[]> {
    for (let page = 0; ; page += 1) {
      const query = { page, page_size: pageSize };
      const answer = await client.get<unknown>(jobsPath, { query, signal });
      const rows = arrayAt(isJsonObject(answer) ? answer : {}, 'data');
      yield rows.map(readMistralBatch).filter((batch) => batch !== undefined);
      if (rows.length < pageSize) return;
    }
  };

  return {
    upload,
    create: async ({ jobId, inputFileId, endpoint }) => {
      if (inputFileId === undefined) return { ok: false, failure: notOfThisApi(endpoint) };
      const body = { input_files: [inputFileId], model, endpoint, metadata: { [jobMetadataKey]: jobId } };
      return batchOf(() => client.post<unknown>(jobsPath, { body, signal }));
    },
    find: (trace) => attempt(() => findBatch(pages(), trace, 'unknown')),
    retrieve: (batchId) => batchOf(() => client.get<unknown>(pathOf(batchId), { signal })),
    cancel: (batchId) => batchOf(() => client.post<unknown>(`${pathOf(batchId)}/cancel`, { signal })),
    content,
    runOne,
  };
}
