import type { BatchApi } from './batchApi.ts';

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

/** One page of Mistral's says a million requests, another 100,000 and 512 MB: the smaller. */
const mistralBatchLimits: BatchLimits = {
  maxItems: 100_000,
  maxBytes: 512_000_000,
  maxEmbeddingInputs: 100_000,
};

/** docs.together.ai/docs/inference/batch/overview, 2026. */
const togetherBatchLimits: BatchLimits = { maxItems: 50_000, maxBytes: 100_000_000, maxEmbeddingInputs: 0 };

/** The limits that hold at a batch API. */
export type LimitsOf = (api: BatchApi) => BatchLimits;

const limitsOfApi: Readonly<Record<BatchApi, BatchLimits>> = {
  openai: openAiBatchLimits,
  // The same figures (learn.microsoft.com, Create a batch, 2026).
  azure: openAiBatchLimits,
  together: togetherBatchLimits,
  mistral: mistralBatchLimits,
  anthropic: anthropicBatchLimits,
};

export const documentedLimits: LimitsOf = (api) => limitsOfApi[api];
