import type { Price } from './price.ts';

/** Where a model stands by what it costs: a provider's names for its ranks (`sonnet`, `mini`) change with every year. */
export type ModelSize = 'flagship' | 'mid' | 'small';

/** Three parts input to one part output: what chat traffic is like. */
const inputShare = 0.75;
const flagshipUsdPerMTok = 3;
const smallUsdPerMTok = 1;

/**
 * The rank of a model by its list price, three tokens in for one out: $3 per million and above is a flagship (gpt-5,
 * claude-sonnet, gemini-2.5-pro), below $1 small (gpt-5-mini, gemini-2.5-flash). Undefined without an output price: such
 * a model writes nothing (embeddings, moderation).
 */
export function modelSize(price: Price | undefined): ModelSize | undefined {
  const { input, output } = price?.usdPerMTok ?? {};
  if (input === undefined || output === undefined) return undefined;
  const blended = input * inputShare + output * (1 - inputShare);
  if (blended >= flagshipUsdPerMTok) return 'flagship';
  return blended < smallUsdPerMTok ? 'small' : 'mid';
}
