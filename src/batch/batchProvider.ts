import type { JobState } from './job.ts';
import type { BatchEndpoint } from './requestRow.ts';

/** A provider's batch object, read once at the edge. */
export interface ProviderBatch {
  readonly id: string;
  /** Undefined = a status we do not know: followed like a running one. */
  readonly state: JobState | undefined;
  readonly createdAtMs: number | undefined;
  /** When it reached its terminal state. */
  readonly endedAtMs: number | undefined;
  readonly inputFileId: string | undefined;
  readonly outputFileId: string | undefined;
  readonly errorFileId: string | undefined;
  readonly counts: { readonly total: number; readonly completed: number; readonly failed: number } | undefined;
  readonly errors: readonly { readonly code: string; readonly message: string; readonly line: number | undefined }[];
  readonly jobId: string | undefined;
}

/**
 * Why a request to the provider came to nothing.
 * `transient`: try again; with `sent` the provider may have acted on it. `auth`: the key. `queueFull`: too many tokens
 * wait there already. `rejected`: the request is wrong and stays wrong.
 */
export type ProviderFailure =
  | {
      readonly kind: 'transient';
      readonly detail: string;
      readonly retryAfterMs: number | undefined;
      readonly sent: boolean;
    }
  | { readonly kind: 'auth'; readonly status: number }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'queueFull'; readonly detail: string }
  | { readonly kind: 'rejected'; readonly status: number; readonly detail: string };

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ProviderFailure };

/** How a batch is looked for when its handle is not known. */
export interface BatchTrace {
  readonly jobId: string;
  readonly inputFileId: string | undefined;
  /** Batches that are known to be of this job and to have run nothing. */
  readonly exceptIds: readonly string[];
  readonly submittedAtMs: number;
}

/** An OpenAI-shaped batch API. Nothing rejects but for aborting; a request is sent once, its repetition is the caller's. */
export interface BatchProvider {
  /** Yields the id of the uploaded file. */
  upload(content: Blob, fileName: string): Promise<Answer<string>>;
  create(jobId: string, inputFileId: string, endpoint: BatchEndpoint): Promise<Answer<ProviderBatch>>;
  /** Undefined = looked through all that could be it, and it is not there. */
  find(trace: BatchTrace): Promise<Answer<ProviderBatch | undefined>>;
  retrieve(batchId: string): Promise<Answer<ProviderBatch>>;
  cancel(batchId: string): Promise<Answer<ProviderBatch>>;
  /** A file's bytes in pieces; iterating throws where the connection breaks. */
  content(fileId: string): Promise<Answer<AsyncIterable<Uint8Array>>>;
}

export const jobMetadataKey = 'tollgate_job';
