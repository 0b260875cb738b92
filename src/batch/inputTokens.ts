import type { CatalogModel } from '../catalog/catalog.ts';
import { overheadTokens } from '../tokens/overheads.ts';
import { imagePartTokens } from '../tokens/partTokens.ts';
import type { TokenCount, TokenCounter } from '../tokens/tokenCount.ts';
import { arrayAt, type JsonObject } from '../wire/json.ts';
import { type BatchEndpoint, inputOf, messagesEndpoint, type RequestInput } from './requestRow.ts';

export interface InputTokens {
  readonly tokens: number;
  readonly basis: 'exact' | 'estimated';
  /** The high end of what an estimate may be off; `tokens` where they are counted. */
  readonly atMost: number;
}

export interface CountedRequest {
  readonly endpoint: BatchEndpoint;
  readonly body: JsonObject;
  /** Undefined = not in the catalogue. */
  readonly model: Pick<CatalogModel, 'id' | 'tokenizer'> | undefined;
}

/**
 * Input tokens of requests, in order: texts, what the provider puts around messages and tools, and images by its rule.
 * Exact where every text is and there is nothing else; tools, images and what is stored with the provider are estimates.
 */
export async function countInputTokens(
  requests: readonly CountedRequest[],
  counter: Pick<TokenCounter, 'count'>,
): Promise<InputTokens[]> {
  const inputs = requests.map(({ body }) => inputOf(body));
  const counts = await countTexts(requests, inputs, counter);
  return requests.map((request, place) => {
    const input = inputs[place] ?? nothing;
    const own = counts.get(place) ?? [];
    const around = overheadTokens(request.model?.tokenizer, {
      messages: messagesOf(request),
      tools: input.tools.shapes,
      forcedTool: input.tools.forced,
    });
    const images = input.images.reduce((sum, image) => sum + imagePartTokens(request.model, image), 0);
    const isExact = input.whole && around.basis === 'exact' && own.every(({ basis }) => basis === 'exact');
    const besides = around.tokens + images;
    const tokens = own.reduce((sum, count) => sum + count.tokens, besides);
    const atMost = own.reduce((sum, count) => sum + (count.basis === 'exact' ? count.tokens : count.high), besides);
    return { tokens, atMost, basis: isExact ? 'exact' : 'estimated' };
  });
}

const nothing: RequestInput = { texts: [], images: [], tools: { texts: [], shapes: [], forced: false }, whole: false };

/** One question to the counter per tokenizer. */
async function countTexts(
  requests: readonly CountedRequest[],
  inputs: readonly RequestInput[],
  counter: Pick<TokenCounter, 'count'>,
): Promise<ReadonlyMap<number, readonly TokenCount[]>> {
  const counts = new Map<number, readonly TokenCount[]>();
  const tokenizers = new Set(requests.map(({ model }) => model?.tokenizer));
  for (const tokenizer of tokenizers) {
    const places = requests.flatMap(({ model }, place) => (model?.tokenizer === tokenizer ? [place] : []));
    const counted = await counter.count(
      places.flatMap((place) => inputs[place]?.texts ?? []),
      tokenizer,
    );
    let from = 0;
    for (const place of places) {
      const texts = inputs[place]?.texts.length ?? 0;
      counts.set(place, counted.slice(from, from + texts));
      from += texts;
    }
  }
  return counts;
}

function messagesOf({ endpoint, body }: CountedRequest): number {
  if (endpoint === messagesEndpoint) return arrayAt(body, 'messages').length + Number(body.system !== undefined);
  if (endpoint !== '/v1/chat/completions' && endpoint !== '/v1/responses') return 0;
  const input = endpoint === '/v1/responses' && typeof body.input === 'string' ? 1 : 0;
  const instructions = typeof body.instructions === 'string' ? 1 : 0;
  return arrayAt(body, endpoint === '/v1/responses' ? 'input' : 'messages').length + input + instructions;
}
