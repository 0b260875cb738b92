import * as z from 'zod';
import { httpEmbedderErrors } from './httpErrors.ts';

export interface EmbeddingsClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

export interface EmbeddingsAnswer {
  readonly model: string;
  readonly inputTokens: number | undefined;
  /** In the order of the texts. */
  readonly vectors: readonly Float32Array[];
}

// Servers of local models leave things out that the SDK's types promise.
const reply = z.object({
  model: z.string().optional(),
  data: z.array(z.object({ index: z.int().nonnegative().optional(), embedding: z.array(z.number()) })),
  usage: z.object({ prompt_tokens: z.int().nonnegative().optional() }).nullish(),
});

/** Asks `/embeddings` by the `openai` package. Its own retries are off: a call that waits has gone on by then. */
export async function embeddingsClient(
  options: EmbeddingsClientOptions,
): Promise<(model: string, texts: readonly string[]) => Promise<EmbeddingsAnswer>> {
  const { OpenAI } = await import('openai');
  const client = new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey,
    fetch: options.fetch,
    maxRetries: 0,
    timeout: options.timeoutMs,
    logLevel: 'off',
    // The environment of the service is not that of the workspace.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
  });
  return async (model, texts) => {
    // Not every server knows base64, which the SDK would ask for by itself.
    const answered = await client.embeddings.create({ model, input: [...texts], encoding_format: 'float' });
    const parsed = reply.safeParse(answered);
    if (!parsed.success) throw httpEmbedderErrors.unreadable(new URL(options.baseUrl).host);
    const { data, usage } = parsed.data;
    const ordered = data.every(({ index }) => index !== undefined)
      ? data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
      : data;
    return {
      model: parsed.data.model ?? model,
      inputTokens: usage?.prompt_tokens,
      vectors: ordered.map(({ embedding }) => Float32Array.from(embedding)),
    };
  };
}
