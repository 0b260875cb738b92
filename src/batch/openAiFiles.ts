import type { OpenAI } from 'openai';
import { isJsonObject, stringAt } from '../wire/json.ts';
import {
  type Attempt,
  attempting,
  type BatchesOptions,
  downloadIdleMs,
  longTimeoutMs,
  reading,
  requestTimeoutMs,
} from './batchClient.ts';
import type { Answer, BatchProvider } from './batchProvider.ts';
import type { SdkError } from './providerFailure.ts';
import { unlessSilent } from './unlessSilent.ts';

/** What OpenAI-shaped providers have in common, and Mistral with them: files, and calls that are answered at once. */
export interface OpenAiFiles extends Pick<BatchProvider, 'content' | 'runOne'> {
  readonly client: OpenAI;
  readonly attempt: Attempt;
  upload(content: Blob, fileName: string): Promise<Answer<string>>;
  /** @param fields beside the file */
  uploadTo(
    path: string,
    content: Blob,
    fileName: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Answer<string>>;
}

/** By the `openai` package, without its own retries: a repeated create is a second batch. */
export async function openAiFiles(
  options: BatchesOptions,
  headers: Readonly<Record<string, string | null>> = {},
): Promise<OpenAiFiles> {
  const sdk = await import('openai');
  const { signal } = options;
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
    defaultHeaders: headers,
  });
  const attempt = attempting((error): error is SdkError => error instanceof sdk.APIError, options);
  const uploadTo: OpenAiFiles['uploadTo'] = async (path, content, fileName, fields) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    body.append('file', new File([content], fileName, { type: 'application/jsonl' }));
    const answer = await attempt(() => client.post<unknown>(path, { body, timeout: longTimeoutMs, signal }));
    return reading(answer, fileId, 'a file object');
  };
  return {
    client,
    attempt,
    uploadTo,
    upload: (content, fileName) => uploadTo('/files', content, fileName, { purpose: 'batch' }),
    content: (id) =>
      attempt(async () => {
        const { body } = await client.files.content(id, { signal });
        return unlessSilent(body, downloadIdleMs, options.startTimer);
      }),
    runOne: async (endpoint, body) => {
      const headers = { 'content-type': 'application/json' };
      const path = endpoint.replace(/^\/v1/, '');
      const answer = await attempt(() => client.post<unknown>(path, { body, headers, signal, timeout: longTimeoutMs }));
      return reading(answer, (value) => (isJsonObject(value) ? value : undefined), 'a JSON object');
    },
  };
}

function fileId(value: unknown): string | undefined {
  const id = isJsonObject(value) ? stringAt(value, 'id') : undefined;
  return id === '' ? undefined : id;
}
