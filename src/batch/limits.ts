import { type BatchEndpoint, messagesEndpoint } from './requestRow.ts';

/** What one batch may hold; larger plans become several jobs. */
export interface BatchLimits {
  readonly maxItems: number;
  /** Of the uploaded file or the request that carries it. */
  readonly maxBytes: number;
  /** Inputs of all embeddings requests together. */
  readonly maxEmbeddingInputs: number;
}

/** OpenAI's limits (openai-node 7.57, `BatchCreateParams.input_file_id` and `endpoint`); MB taken as the smaller unit. */
export const openAiBatchLimits: BatchLimits = {
  maxItems: 50_000,
  maxBytes: 200_000_000,
  maxEmbeddingInputs: 50_000,
};

/** Anthropic's limits of a message batch (its guide to batch processing), MB taken as the smaller unit. */
export const anthropicBatchLimits: BatchLimits = {
  maxItems: 100_000,
  maxBytes: 256_000_000,
  maxEmbeddingInputs: 0,
};

/** The limits that hold for requests to an endpoint. */
export type LimitsOf = (endpoint: BatchEndpoint) => BatchLimits;

export const documentedLimits: LimitsOf = (endpoint) =>
  endpoint === messagesEndpoint ? anthropicBatchLimits : openAiBatchLimits;
