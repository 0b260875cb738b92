/** What one batch may hold; larger plans become several jobs. */
export interface BatchLimits {
  readonly maxItems: number;
  /** Of the uploaded file. */
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
