import type { TokenCount, TokenCounter } from '../tokens/tokenCount.ts';

/** UTF-8 bytes per token of ordinary text in every current tokenizer, on the low side; no text has more tokens than bytes. */
const bytesPerToken = 3.5;

/** A counter that always answers: by length where counting fails, since a limit has to be kept then too. */
export function surelyCounting(
  counter: Pick<TokenCounter, 'count'>,
  onFailure: (error: unknown) => void,
): Pick<TokenCounter, 'count'> {
  return {
    async count(texts, tokenizer) {
      try {
        return await counter.count(texts, tokenizer);
      } catch (error) {
        onFailure(error);
        return texts.map(byLength);
      }
    },
  };
}

function byLength(text: string): TokenCount {
  const bytes = Buffer.byteLength(text);
  return { basis: 'estimated', tokens: Math.ceil(bytes / bytesPerToken), low: 0, high: bytes };
}
