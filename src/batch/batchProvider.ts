import type { JsonObject } from '../wire/json.ts';
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
  /** Requests in it. */
  readonly size: number | undefined;
  /** What the provider counted for the whole batch. */
  readonly usage: BatchUsage | undefined;
}

export interface BatchUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
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
  /** Batches that are known not to be it: of other jobs, or of this one and without effect. */
  readonly exceptIds: readonly string[];
  /** Batches that were there before it was created. */
  readonly seenIds: readonly string[];
  /** Requests of the job. */
  readonly size: number;
  readonly submittedAtMs: number;
}

export interface FoundBatch {
  readonly batch: ProviderBatch;
  /** False = it may be another one; `isOf` tells when it has ended. */
  readonly isCertain: boolean;
}

export interface NewBatch {
  readonly jobId: string;
  readonly endpoint: BatchEndpoint;
  /** Of the uploaded file, where there is one. */
  readonly inputFileId: string | undefined;
  /** The requests as they were planned. */
  readonly content: () => Promise<Blob>;
}

/** How a provider's batch tells whose it is. */
export interface UnmarkedBatches {
  /** Ids of the newest batches. */
  newest(): Promise<Answer<readonly string[]>>;
  /** Whether an ended batch is that of a job. */
  isOf(batchId: string, jobId: string): Promise<Answer<boolean>>;
}

/** A provider's batch API. Nothing rejects but for aborting; a request is sent once, its repetition is the caller's. */
export interface BatchProvider {
  /** Yields the id of the uploaded file. Absent = the requests go along with the creation. */
  readonly upload?: (content: Blob, fileName: string) => Promise<Answer<string>>;
  /** Present = a batch has no place for our job's id; it is in the ids of its requests, which show when it has ended. */
  readonly unmarked?: UnmarkedBatches;
  create(batch: NewBatch): Promise<Answer<ProviderBatch>>;
  /** Undefined = looked through all that could be it, and it is not there. */
  find(trace: BatchTrace): Promise<Answer<FoundBatch | undefined>>;
  retrieve(batchId: string): Promise<Answer<ProviderBatch>>;
  cancel(batchId: string): Promise<Answer<ProviderBatch>>;
  /** A file's bytes in pieces; iterating throws where the connection breaks. */
  content(fileId: string): Promise<Answer<AsyncIterable<Uint8Array>>>;
  /** Runs one request at once, at standard price. Yields the answer's body. */
  runOne(endpoint: BatchEndpoint, body: Blob): Promise<Answer<JsonObject>>;
}

export const jobMetadataKey = 'tollgate_job';
