import type { TokenCount, TokenCounter } from '../tokens/tokenCount.ts';
import { arrayAt, type JsonObject } from '../wire/json.ts';
import { type BatchEndpoint, inputTextsOf } from './requestRow.ts';

export interface InputTokens {
  readonly tokens: number;
  readonly basis: 'exact' | 'estimated';
}

export interface CountedRequest {
  readonly endpoint: BatchEndpoint;
  readonly body: JsonObject;
  readonly tokenizer: string | undefined;
}

/**
 * A message costs its role (1) and its frame (3), and an answer is primed with 3 (openai-cookbook, "How to count tokens
 * with tiktoken", section 6, for gpt-4o and later).
 */
const tokensPerMessage = 4;
const tokensPerAnswer = 3;

/** Input tokens of requests, in order. Parts that are no text (images, tools) are not counted: an estimate then. */
export async function countInputTokens(
  requests: readonly CountedRequest[],
  counter: Pick<TokenCounter, 'count'>,
): Promise<InputTokens[]> {
  const inputs = requests.map(({ body }) => inputTextsOf(body));
  const counts = new Map<number, readonly TokenCount[]>();
  const tokenizers = new Set(requests.map(({ tokenizer }) => tokenizer));
  for (const tokenizer of tokenizers) {
    const places = requests.flatMap((request, place) => (request.tokenizer === tokenizer ? [place] : []));
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
  return requests.map((request, place) => {
    const own = counts.get(place) ?? [];
    const isExact = inputs[place]?.whole === true && own.every(({ basis }) => basis === 'exact');
    const tokens = own.reduce((sum, count) => sum + count.tokens, framingTokens(request));
    return { tokens, basis: isExact ? 'exact' : 'estimated' };
  });
}

function framingTokens({ endpoint, body }: CountedRequest): number {
  if (endpoint !== '/v1/chat/completions' && endpoint !== '/v1/responses') return 0;
  const input = endpoint === '/v1/responses' && typeof body.input === 'string' ? 1 : 0;
  const instructions = typeof body.instructions === 'string' ? 1 : 0;
  const messages = arrayAt(body, endpoint === '/v1/responses' ? 'input' : 'messages').length + input + instructions;
  return messages * tokensPerMessage + tokensPerAnswer;
}
