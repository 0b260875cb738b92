import type { Call } from './call.ts';

/** English text has about this many characters per token in every current tokenizer. */
const charactersPerToken = 4;

/** One count per text; by characters where the counter fails. */
export async function countTokens(
  call: Call,
  texts: readonly string[],
  tokenizer: string | undefined,
): Promise<number[]> {
  try {
    const counts = await call.deps.tokenCounter.count(texts, tokenizer);
    return counts.map(({ tokens }) => tokens);
  } catch (error) {
    call.deps.log.warn(
      `call ${call.id}: tokens could not be counted (${error instanceof Error ? error.name : 'error'})`,
    );
    return texts.map((text) => Math.ceil(text.length / charactersPerToken));
  }
}
