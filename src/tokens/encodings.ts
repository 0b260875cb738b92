/** The vocabularies that are counted with; every other family is a ratio to o200k. */
export type Encoding = 'o200k' | 'cl100k';

/** Counts the tokens of one piece of text. */
export type CountPiece = (text: string) => number;

/** Special tokens (`<|endoftext|>`) are counted as the text they are in a prompt, and not refused. */
const asText = { disallowedSpecial: new Set<string>() };

/** Loads a vocabulary: about 150 ms and 60 MB for o200k. */
export async function loadEncoding(encoding: Encoding): Promise<CountPiece> {
  const { countTokens } =
    encoding === 'o200k'
      ? await import('gpt-tokenizer/encoding/o200k_base')
      : await import('gpt-tokenizer/encoding/cl100k_base');
  return (text) => countTokens(text, asText);
}
