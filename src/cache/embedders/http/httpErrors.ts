/** Why an embedder that is asked over the network gives no vectors, in words for the user. */
export const httpEmbedderErrors = {
  noKey: (provider: string): Error =>
    new Error(
      `no key is known for ${provider}: store it with “Tollgate: Set Provider Key…”, or set its environment variable`,
    ),
  failed: (provider: string, model: string, cause: unknown): Error =>
    new Error(`${provider} did not embed with ${model}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    }),
  slow: (provider: string, deadlineMs: number): Error =>
    new Error(`${provider} takes longer than ${deadlineMs} ms for a question; it is asked again after a pause`),
  unreadable: (provider: string): Error => new Error(`${provider} answered something that is no list of embeddings`),
};
