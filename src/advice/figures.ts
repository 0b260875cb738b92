import { formatUsd } from '../catalog/formatUsd.ts';

const calls = 1_000;
const picoUsdPerTokenAtOneUsdPerMTok = 1_000_000;

/** What tokens cost, or save, in 1,000 calls: `$1.20`. @param usdPerMTok USD per million tokens, or a difference of two such prices */
export function usdPer1000Calls(tokens: number, usdPerMTok: number): string {
  return formatUsd(Math.round(tokens * usdPerMTok * picoUsdPerTokenAtOneUsdPerMTok) * calls);
}

/** `1,240`, or `~1,240` where the count is an estimate. */
export function tokensText(tokens: number, estimated: boolean): string {
  return `${estimated ? '~' : ''}${tokens.toLocaleString('en-US')}`;
}
